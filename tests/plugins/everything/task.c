/* The task object: functions that end in each of the ways in which a task can end. [worker] */
#include <junmai/plugin.h>
#include <junmai/task.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Nobody sets it; the compiler does not know. */
static volatile int enough;

static jm_status echo(const jm_task_run *run)
{
    run->progress(run, 50, (jm_span){NULL, 0});
    return run->result(run, run->request);
}

/* Goes on until it is cancelled. */
static jm_status count(const jm_task_run *run)
{
    for (int step = 1; run->cancelled(run) == 0; step++) {
        char detail[32];
        int len = snprintf(detail, sizeof detail, "{\"step\":%d}", step);
        run->progress(run, step % 100, (jm_span){detail, (size_t)len});
        (void)poll(NULL, 0, 5);
    }
    return JM_ECANCELLED;
}

/* Does not heed a cancel. */
static jm_status hang(const jm_task_run *run)
{
    run->progress(run, 1, (jm_span){NULL, 0});
    while (!enough)
        (void)poll(NULL, 0, 1000);
    return JM_OK;
}

static jm_status spin(const jm_task_run *run)
{
    (void)run;
    while (!enough)
        continue;
    return JM_OK;
}

/* The compiler must not do without it. */
static void *volatile hoarded;

static jm_status hoard(const jm_task_run *run)
{
    for (;;) {
        char *memory = malloc(1u << 20);
        if (memory == NULL)
            break;
        memset(memory, 1, 1u << 20);
        hoarded = memory;
    }
    (void)run;
    abort();
}

static jm_status crash(const jm_task_run *run)
{
    (void)run;
    abort();
}

static jm_status refuse(const jm_task_run *run)
{
    static const char sentence[] = "the picture is upside down";
    run->fail(run, (jm_span){sentence, sizeof sentence - 1});
    return JM_EUNSUPPORTED;
}

/* How many bytes the file has that came along. */
static jm_status measure(const jm_task_run *run)
{
    char bytes[4096], json[64];
    long long total = 0;
    ssize_t got;
    while (run->fd_count == 1 && (got = read(run->fds[0], bytes, sizeof bytes)) > 0)
        total += got;
    int len = snprintf(json, sizeof json, "{\"files\":%u,\"bytes\":%lld}", run->fd_count, total);
    return run->result(run, (jm_span){json, (size_t)len});
}

static const jm_task_def tasks[] = {{"echo", echo},     {"count", count},    {"hang", hang},
                                    {"spin", spin},     {"hoard", hoard},    {"crash", crash},
                                    {"refuse", refuse}, {"measure", measure}};

JM_EXPORT extern const jm_task_entry JM_TASK_ENTRY;
const jm_task_entry JM_TASK_ENTRY = {.magic = JM_TASK_MAGIC,
                                     .size = sizeof(jm_task_entry),
                                     .abi_major = JM_ABI_MAJOR,
                                     .abi_minor = JM_ABI_MINOR,
                                     .task_count = sizeof tasks / sizeof *tasks,
                                     .tasks = tasks};
