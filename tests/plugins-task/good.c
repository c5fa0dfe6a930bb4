/* A task object that behaves. */
#include <junmai/plugin.h>
#include <junmai/task.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static jm_span text(const char *chars)
{
    return (jm_span){chars, strlen(chars)};
}

/* The request is the result. */
static jm_status echo(const jm_task_run *run)
{
    return run->result(run, run->request);
}

static jm_status silent(const jm_task_run *run)
{
    (void)run;
    return JM_OK;
}

/* Eleven steps of ten percent. */
static jm_status steps(const jm_task_run *run)
{
    for (int i = 0; i <= 10; i++) {
        char detail[32];
        (void)snprintf(detail, sizeof detail, "{\"step\":%d}", i);
        run->progress(run, i * 10.0, text(detail));
    }
    return JM_OK;
}

/* Far more progress than is passed on, then a wait in which the last of it must come through. */
static jm_status chatter(const jm_task_run *run)
{
    for (int i = 1; i <= 5000; i++) {
        run->progress(run, i * 0.02, (jm_span){NULL, 0});
    }
    while (run->cancelled(run) == 0) {
        (void)poll(NULL, 0, 1);
    }
    return JM_ECANCELLED;
}

/* Says that it runs, then looks for a cancel. */
static jm_status wait_for_cancel(const jm_task_run *run)
{
    run->progress(run, 1, (jm_span){NULL, 0});
    while (run->cancelled(run) == 0) {
        (void)poll(NULL, 0, 1);
    }
    run->fail(run, text("told to stop"));
    return JM_ECANCELLED;
}

/* The bytes of each descriptor from where it stands, as one JSON text. */
static jm_status read_all(const jm_task_run *run)
{
    char json[4096] = "{\"text\":\"";
    size_t len = strlen(json);
    for (uint32_t i = 0; i < run->fd_count; i++) {
        ssize_t got = read(run->fds[i], json + len, 200);
        if (got < 0) {
            run->fail(run, text("a descriptor cannot be read"));
            return JM_EIO;
        }
        len += (size_t)got;
    }
    (void)snprintf(json + len, sizeof json - len, "\",\"count\":%u}", run->fd_count);
    return run->result(run, text(json));
}

/* How many descriptors the process has, and the highest of them. */
static jm_status count_fds(const jm_task_run *run)
{
    int count = 0;
    int highest = 0;
    for (int fd = 0; fd < 1024; fd++) {
        struct pollfd one = {.fd = fd};
        if (poll(&one, 1, 0) >= 0 && (one.revents & POLLNVAL) == 0) {
            count++;
            highest = fd;
        }
    }
    char json[64];
    (void)snprintf(json, sizeof json, "{\"count\":%d,\"highest\":%d}", count, highest);
    return run->result(run, text(json));
}

static jm_status refuse(const jm_task_run *run)
{
    run->fail(run, text("the file is no photograph"));
    return JM_EUNSUPPORTED;
}

static jm_status refuse_silently(const jm_task_run *run)
{
    (void)run;
    return JM_EIO;
}

/* A sentence that is too long and not UTF-8. */
static jm_status refuse_badly(const jm_task_run *run)
{
    char sentence[2000];
    memset(sentence, 'x', sizeof sentence);
    sentence[3] = '\xff';
    run->fail(run, (jm_span){sentence, sizeof sentence});
    return JM_EINVAL;
}

/* A result that is no object is refused, and the task says so. */
static jm_status bad_result(const jm_task_run *run)
{
    static const char deep[] = "[1,2]";
    jm_status status = run->result(run, text(deep));
    return status == JM_EINVAL ? run->result(run, text("{\"refused\":true}")) : JM_EIO;
}

/* Larger than any socket buffer. */
static jm_status large_result(const jm_task_run *run)
{
    size_t len = 4u << 20;
    char *json = malloc(len);
    if (json == NULL) {
        return JM_ENOMEM;
    }
    memset(json, 'y', len);
    memcpy(json, "{\"y\":\"", 6);
    memcpy(json + len - 2, "\"}", 2);
    jm_status status = run->result(run, (jm_span){json, len});
    free(json);
    return status;
}

/* Takes 64 MiB and gives it back; the compiler must not do without it. */
static jm_status breathe(const jm_task_run *run)
{
    (void)run;
    size_t len = 64u << 20;
    char *volatile memory = malloc(len);
    if (memory == NULL) {
        return JM_ENOMEM;
    }
    memset(memory, 1, len);
    free(memory);
    return JM_OK;
}

static double cpu_seconds(void)
{
    struct timespec used = {0, 0};
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

/* Uses 1.2 seconds of processor time. */
static jm_status burn(const jm_task_run *run)
{
    (void)run;
    double end = cpu_seconds() + 1.2;
    while (cpu_seconds() < end) {
    }
    return JM_OK;
}

static const jm_task_def tasks[] = {
    {"echo", echo},
    {"silent", silent},
    {"steps", steps},
    {"chatter", chatter},
    {"wait_for_cancel", wait_for_cancel},
    {"read_all", read_all},
    {"count_fds", count_fds},
    {"refuse", refuse},
    {"refuse_silently", refuse_silently},
    {"refuse_badly", refuse_badly},
    {"bad_result", bad_result},
    {"large_result", large_result},
    {"breathe", breathe},
    {"burn", burn},
};

extern const jm_task_entry JM_TASK_ENTRY;
JM_EXPORT const jm_task_entry JM_TASK_ENTRY = {
    .magic = JM_TASK_MAGIC,
    .size = sizeof(jm_task_entry),
    .abi_major = JM_ABI_MAJOR,
    .abi_minor = JM_ABI_MINOR,
    .task_count = sizeof tasks / sizeof tasks[0],
    .tasks = tasks,
};
