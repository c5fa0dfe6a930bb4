/* What a task tells at its end. Worker process only. */
#ifndef EXPORT_TASK_ANSWER_H
#define EXPORT_TASK_ANSWER_H

#include "task/fault.h"

#include <jansson.h>
#include <junmai/task.h>

/* Set the result of the run. */
void answer_send(const jm_task_run *run, json_t *json_take, struct fault *fault);

/* Tell why it failed, where it did; is the status to return. */
jm_status answer_status(const jm_task_run *run, const struct fault *fault);

#endif
