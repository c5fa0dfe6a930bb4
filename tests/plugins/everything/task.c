/* The task object: one function, which sends its request back. [worker] */
#include <junmai/plugin.h>
#include <junmai/task.h>

static jm_status echo(const jm_task_run *run)
{
    run->progress(run, 50, (jm_span){NULL, 0});
    return run->result(run, run->request);
}

static const jm_task_def tasks[] = {{"echo", echo}};

JM_EXPORT extern const jm_task_entry JM_TASK_ENTRY;
const jm_task_entry JM_TASK_ENTRY = {.magic = JM_TASK_MAGIC,
                                     .size = sizeof(jm_task_entry),
                                     .abi_major = JM_ABI_MAJOR,
                                     .abi_minor = JM_ABI_MINOR,
                                     .task_count = 1,
                                     .tasks = tasks};
