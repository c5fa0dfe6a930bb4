/* The task `thumbnail`: one photograph in, one JPEG for each size out. Worker process only.
 *
 *   request      {"sizes": [200, 400, 800]}, long edges in pixels, growing
 *   descriptors  the photograph, then one to write to for each size
 *   result       {"kind": "raw", "decoded": true, "outputs": [{"width", "height", "bytes"}, …]}
 *
 * JM_EINVAL: the file is damaged; JM_EUNSUPPORTED: it is no photograph that can be read;
 * JM_EIO: an output cannot be written. It reports 0 percent when it begins. */
#ifndef PREVIEW_TASK_THUMBNAIL_H
#define PREVIEW_TASK_THUMBNAIL_H

#include <junmai/task.h>

#define THUMBNAIL_SIZES_MAX 8
#define THUMBNAIL_EDGE_MAX 4096

jm_status thumbnail_setup(void);
jm_status thumbnail_task(const jm_task_run *run);

#endif
