/* A task object that does everything that a worker must survive, or its host. */
#include <junmai/plugin.h>
#include <junmai/task.h>

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HOST_SOCKET 3
#define MIB ((size_t)1 << 20)

/* As wire.h has it; a broken worker needs no header to send it. */
struct head {
    uint32_t kind, about_bytes, body_bytes, fd_count;
};

#define KIND_READY 1
#define KIND_PROGRESS 4
#define KIND_DONE 5

/* Nobody sets it; the compiler does not know. */
static volatile int enough;

static jm_status spin(const jm_task_run *run)
{
    (void)run;
    while (!enough) {
    }
    return JM_OK;
}

static jm_status hang(const jm_task_run *run)
{
    (void)run;
    while (!enough) {
        (void)poll(NULL, 0, -1);
    }
    return JM_OK;
}

static jm_status hang_with_news(const jm_task_run *run)
{
    run->progress(run, 50, (jm_span){NULL, 0});
    return hang(run);
}

/* Memory without end, and what it does when there is no more. The compiler must not do without it. */
static void *volatile hoarded;

static void hoard(size_t piece)
{
    for (;;) {
        char *memory = malloc(piece);
        if (memory == NULL) {
            return;
        }
        memset(memory, 1, piece);
        hoarded = memory;
    }
}

static jm_status hoard_and_tell(const jm_task_run *run)
{
    (void)run;
    hoard(MIB);
    return JM_ENOMEM;
}

static jm_status hoard_and_abort(const jm_task_run *run)
{
    (void)run;
    hoard(MIB);
    abort();
}

static jm_status segfault(const jm_task_run *run)
{
    (void)run;
    (void)raise(SIGSEGV);
    return JM_OK;
}

static jm_status do_abort(const jm_task_run *run)
{
    (void)run;
    abort();
}

static jm_status do_exit(const jm_task_run *run)
{
    (void)run;
    _exit(7);
}

/* As the system does when memory runs out. */
static jm_status kill_self(const jm_task_run *run)
{
    (void)run;
    (void)kill(getpid(), SIGKILL);
    return JM_OK;
}

/* Crashes unless the file of its descriptor tells that it has done so before; leaves the descriptor at
 * another place than it was. */
static jm_status crash_once(const jm_task_run *run)
{
    char before[8] = "";
    ssize_t got = read(run->fds[0], before, sizeof before);
    if (got == 5 && memcmp(before, "fresh", 5) == 0 && pwrite(run->fds[0], "again", 5, 0) == 5) {
        abort();
    }
    static const char again[] = "{\"again\":true}";
    return got == 5 && memcmp(before, "again", 5) == 0
               ? run->result(run, (jm_span){again, sizeof again - 1})
               : JM_EIO;
}

static void send_all(const void *bytes, size_t len)
{
    while (len > 0) {
        ssize_t now = write(HOST_SOCKET, bytes, len);
        if (now <= 0) {
            return;
        }
        bytes = (const char *)bytes + now;
        len -= (size_t)now;
    }
}

static void send_message(struct head head, const char *about, const char *body)
{
    head.about_bytes = (uint32_t)strlen(about);
    head.body_bytes = (uint32_t)strlen(body);
    send_all(&head, sizeof head);
    send_all(about, strlen(about));
    send_all(body, strlen(body));
}

static jm_status garbage(const jm_task_run *run)
{
    static const char noise[] = "this is no message, and it is long enough to be one";
    send_all(noise, sizeof noise);
    return hang(run);
}

/* A head that announces more than any message may have. */
static jm_status boast(const jm_task_run *run)
{
    const struct head head = {.kind = KIND_DONE, .body_bytes = 0xffffffffu};
    send_all(&head, sizeof head);
    return hang(run);
}

/* What a worker says once, at its start. */
static jm_status ready_again(const jm_task_run *run)
{
    send_message((struct head){.kind = KIND_READY}, "", "");
    return hang(run);
}

static jm_status lie_about_result(const jm_task_run *run)
{
    send_message((struct head){.kind = KIND_DONE}, "{\"status\":0}", "{\"open\":");
    return hang(run);
}

static jm_status lie_about_status(const jm_task_run *run)
{
    send_message((struct head){.kind = KIND_DONE}, "{\"status\":1}", "{}");
    return hang(run);
}

static jm_status done_twice(const jm_task_run *run)
{
    send_message((struct head){.kind = KIND_DONE}, "{\"status\":0}", "{}");
    send_message((struct head){.kind = KIND_DONE}, "{\"status\":0}", "{}");
    return hang(run);
}

/* A result, and the end of the process right behind it. */
static jm_status done_and_gone(const jm_task_run *run)
{
    (void)run;
    send_message((struct head){.kind = KIND_DONE}, "{\"status\":0}", "{\"last\":true}");
    _exit(1);
}

/* Progress past the worker's own restraint. */
static jm_status flood(const jm_task_run *run)
{
    (void)run;
    while (!enough) {
        send_message((struct head){.kind = KIND_PROGRESS}, "{\"millipercent\":1}", "");
    }
    return JM_OK;
}

static jm_status hang_up(const jm_task_run *run)
{
    (void)close(HOST_SOCKET);
    return hang(run);
}

static jm_status ignore_cpu_limit(const jm_task_run *run)
{
    (void)signal(SIGXCPU, SIG_IGN);
    return spin(run);
}

static const jm_task_def tasks[] = {
    {"spin", spin},
    {"hang", hang},
    {"hang_with_news", hang_with_news},
    {"hoard_and_tell", hoard_and_tell},
    {"hoard_and_abort", hoard_and_abort},
    {"segfault", segfault},
    {"abort", do_abort},
    {"exit", do_exit},
    {"kill_self", kill_self},
    {"crash_once", crash_once},
    {"garbage", garbage},
    {"boast", boast},
    {"ready_again", ready_again},
    {"lie_about_result", lie_about_result},
    {"lie_about_status", lie_about_status},
    {"done_twice", done_twice},
    {"done_and_gone", done_and_gone},
    {"flood", flood},
    {"hang_up", hang_up},
    {"ignore_cpu_limit", ignore_cpu_limit},
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
