/* The task `render`: one photograph in, one finished file for each output. Worker process only.
 *
 *   request   {"source": {"fd": 0},
 *              "outputs": [OUTPUT, …],                              at most RENDER_OUTPUTS_MAX
 *              "raw": {"half_size": true|false|"auto", "highlights": "clip"|"blend"|"rebuild"}?}
 *   OUTPUT    {"fd": 1, "format": "JPEG", …}: request.h has every field, its range and its default
 *   result    {"source": {"width", "height", "kind", "profile", "warnings": ["…"]},
 *              "outputs": [{"fd", "format", "bytes", "width", "height", "warnings": ["…"]}
 *                          or {"fd", "format", "error": "sentence"}, …]}    in the request's order
 *
 * Every "fd" is an index into the descriptors of the task. Outputs are regular files that are open
 * for reading and writing; what is in them is replaced. The sizes of the source are upright ones.
 *
 * A status below 0 means that no output has been written: JM_EINVAL, the file is damaged, or the
 * request is; JM_EUNSUPPORTED, it is no photograph that can be read, or is not to be had in this
 * format; JM_EIO, an output cannot be written; JM_ENOMEM; JM_ECANCELLED. Where one of several
 * outputs fails, the others are finished and it has an "error" in the result. */
#ifndef EXPORT_TASK_RENDER_H
#define EXPORT_TASK_RENDER_H

#include <junmai/task.h>

#define RENDER_OUTPUTS_MAX 12

jm_status render_setup(void);
jm_status render_task(const jm_task_run *run);

#endif
