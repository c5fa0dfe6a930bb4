/* What lightroom-task.so exports. Worker process only. */
#include "task/model.h"

#include <junmai/plugin.h>

static const jm_task_def tasks[] = {{"ask_model", model_task}};

JM_EXPORT extern const jm_task_entry JM_TASK_ENTRY;
const jm_task_entry JM_TASK_ENTRY = {
    .magic = JM_TASK_MAGIC,
    .size = sizeof(jm_task_entry),
    .abi_major = JM_ABI_MAJOR,
    .abi_minor = JM_ABI_MINOR,
    .task_count = sizeof tasks / sizeof tasks[0],
    .tasks = tasks,
    .setup = model_setup,
};
