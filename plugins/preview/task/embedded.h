/* The previews that cameras put into their raw files. Worker process only. */
#ifndef PREVIEW_TASK_EMBEDDED_H
#define PREVIEW_TASK_EMBEDDED_H

#include "task/picture.h"

/* gexiv2, once. Returns JM_OK, JM_EUNSUPPORTED. */
jm_status embedded_setup(void);

/* The largest preview that gexiv2 finds, not above `edge`; NULL where there is none that can be
 * read. `hints_out` is filled in as far as gexiv2 reads the file at all. */
VipsImage *embedded_open(struct bytes file, int edge, struct picture_hints *hints_out);

#endif
