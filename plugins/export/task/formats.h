/* The task `formats`: which formats can be written here. Worker process only.
 *
 *   request  {}
 *   result   {"formats": ["JPEG", …, "DNG"]}; DNG is there always, as a copy */
#ifndef EXPORT_TASK_FORMATS_H
#define EXPORT_TASK_FORMATS_H

#include <junmai/task.h>

jm_status formats_task(const jm_task_run *run);

#endif
