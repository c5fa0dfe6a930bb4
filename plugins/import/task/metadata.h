/* The task `metadata`: is the descriptor a whole photograph, and what do its tags say?
 *
 * Request: {"name": file name}, one descriptor, and that of an XMP sidecar where there is one. Result:
 * the fields of catalog's add_photo() that come from the content, "warnings", and "capture_date" and
 * "capture_clock", day and time on the camera's own calendar and clock. Refusal: JM_EUNSUPPORTED (no
 * photograph) or JM_EINVAL (a damaged one) with the reason. Worker process only. */
#ifndef IMPORT_TASK_METADATA_H
#define IMPORT_TASK_METADATA_H

#include <junmai/task.h>

jm_status metadata_setup(void);
jm_status metadata_task(const jm_task_run *run);

#endif
