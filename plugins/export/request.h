/* What the renderer is asked, and what it answers. Loop thread. */
#ifndef EXPORT_REQUEST_H
#define EXPORT_REQUEST_H

#include "run.h"

/* The request of the task `render`, and its descriptors: the source, then the parts and watermarks of
 * the outputs that are open. An absent span when out of memory. */
jm_span export_request_make(struct export_run *run, int fds_out[JM_TASK_MAX_FDS],
                            uint32_t *count_out);

/* Take the answer apart: each open output has its size then, or has failed. */
void export_request_answer(struct export_run *run, jm_span text);

#endif
