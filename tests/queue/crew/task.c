/* What the crew's workers do: one thing right, and everything that a queue must survive. */
#include <junmai/plugin.h>
#include <junmai/task.h>

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_BYTES ((size_t)1 << 20)

/* Nobody sets it; the compiler does not know. */
static volatile int enough;
static void *volatile hoarded;

static jm_span text(const char *words)
{
    return (jm_span){words, strlen(words)};
}

static jm_status brief(const jm_task_run *run)
{
    run->progress(run, 50, (jm_span){NULL, 0});
    return run->result(run, text("{\"done\":true}"));
}

static jm_status segfault(const jm_task_run *run)
{
    (void)run;
    (void)raise(SIGSEGV);
    return JM_OK;
}

/* The compiler must not do without the memory. */
static jm_status hoard(const jm_task_run *run)
{
    (void)run;
    while (!enough) {
        char *memory = malloc(PIECE_BYTES);
        if (memory == NULL)
            return JM_ENOMEM;
        memset(memory, 1, PIECE_BYTES);
        hoarded = memory;
    }
    return JM_OK;
}

static jm_status spin(const jm_task_run *run)
{
    (void)run;
    while (!enough) {
    }
    return JM_OK;
}

/* It says that it has begun, and hears nothing. */
static jm_status deaf(const jm_task_run *run)
{
    run->progress(run, 1, (jm_span){NULL, 0});
    while (!enough)
        (void)poll(NULL, 0, -1);
    return JM_OK;
}

static const jm_task_def tasks[] = {
    {"brief", brief}, {"segfault", segfault}, {"hoard", hoard}, {"spin", spin}, {"deaf", deaf},
};

JM_EXPORT extern const jm_task_entry JM_TASK_ENTRY;
const jm_task_entry JM_TASK_ENTRY = {
    .magic = JM_TASK_MAGIC,
    .size = sizeof(jm_task_entry),
    .abi_major = JM_ABI_MAJOR,
    .abi_minor = JM_ABI_MINOR,
    .task_count = sizeof(tasks) / sizeof(tasks[0]),
    .tasks = tasks,
};
