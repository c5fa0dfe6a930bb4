/* Task objects that a worker must refuse, each with one fault (WRONG_*). */
#include <junmai/plugin.h>
#include <junmai/task.h>

#ifdef WRONG_MAGIC
#define MAGIC 1u
#else
#define MAGIC JM_TASK_MAGIC
#endif
#ifdef WRONG_SIZE
#define SIZE 8u
#else
#define SIZE sizeof(jm_task_entry)
#endif
#ifdef WRONG_MAJOR
#define MAJOR (JM_ABI_MAJOR + 1)
#else
#define MAJOR JM_ABI_MAJOR
#endif
#ifdef WRONG_MINOR
#define MINOR (JM_ABI_MINOR + 1)
#else
#define MINOR JM_ABI_MINOR
#endif

static jm_status run_task(const jm_task_run *run)
{
    (void)run;
    return JM_OK;
}

static jm_status setup(void)
{
#ifdef WRONG_SETUP
    return JM_EIO;
#else
    return JM_OK;
#endif
}

static const jm_task_def tasks[] = {{"run", run_task}};

#ifdef WRONG_ENTRY
#undef JM_TASK_ENTRY
#define JM_TASK_ENTRY another_entry
#endif
extern const jm_task_entry JM_TASK_ENTRY;
JM_EXPORT const jm_task_entry JM_TASK_ENTRY = {
    .magic = MAGIC,
    .size = SIZE,
    .abi_major = MAJOR,
    .abi_minor = MINOR,
    .task_count = 1,
    .tasks = tasks,
    .setup = setup,
};
