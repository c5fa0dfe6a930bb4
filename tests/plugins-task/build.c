/* A task object whose two builds tell themselves apart, and how often they were set up. */
#include <junmai/plugin.h>
#include <junmai/task.h>

#include <stdio.h>
#include <unistd.h>

static int setups;

static jm_status setup(void)
{
    setups++;
    return JM_OK;
}

static jm_status which(const jm_task_run *run)
{
    char json[96];
    int len = snprintf(json, sizeof json, "{\"build\":%d,\"setups\":%d,\"pid\":%d}", BUILD_NUMBER,
                       setups, (int)getpid());
    return run->result(run, (jm_span){json, (size_t)len});
}

static const jm_task_def tasks[] = {{"which", which}};

extern const jm_task_entry JM_TASK_ENTRY;
JM_EXPORT const jm_task_entry JM_TASK_ENTRY = {
    .magic = JM_TASK_MAGIC,
    .size = sizeof(jm_task_entry),
    .abi_major = JM_ABI_MAJOR,
    .abi_minor = JM_ABI_MINOR,
    .task_count = sizeof tasks / sizeof tasks[0],
    .tasks = tasks,
    .setup = setup,
};
