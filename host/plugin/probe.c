/* The probe. The child opens the object as the host is about to, and reports one struct jmh_err over a
 * pipe; whatever it does instead (a signal, exit(), silence) is the plugin's. It leaves by _exit(), so
 * that nothing of the host is flushed or closed twice. [loop] */
#include "host/plugin/probe.h"

#include "host/plugin/entry.h"
#include "host/plugin/fault.h"
#include "host/util/time.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROBE_MS 5000

/* create() calls nothing of the host; one that does finds nothing there. */
static const void *no_extension(const jm_host *host, const char *id)
{
    (void)host, (void)id;
    return NULL;
}

static jm_status load(const char *path, struct jmh_err *err)
{
    void *image = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (image == NULL)
        return jmh_err_set(err, JM_EIO,
                           "it cannot be loaded: %.300s; link what is missing, or install it",
                           dlerror());
    const jm_entry *entry = dlsym(image, JM_ENTRY_NAME);
    jm_status status = jmh_entry_check(entry, path, err);
    if (status < 0)
        return status;
    static const jm_host host = {sizeof host, JM_ABI_MINOR, NULL, no_extension};
    if (entry->create(&host) == NULL)
        return jmh_err_set(err, JM_ENOMEM, "%s: create() made no instance", path);
    return jmh_err_set(err, JM_OK, "loaded");
}

/* Handlers of the host speak for the host, and its core is no use: die plainly. */
static void leave_the_host(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTERM, SIGINT};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        signal(signals[i], SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static _Noreturn void run_child(const char *path, int report_fd)
{
    struct jmh_err report = {0};
    leave_the_host();
    (void)load(path, &report);
    ssize_t written = write(report_fd, &report, sizeof report);
    _exit(written == (ssize_t)sizeof report ? 0 : 1);
}

/* The child's report; false where it ended, or the time was up, without one. */
static bool await_report(int fd, struct jmh_err *report_out, bool *timed_out)
{
    uint64_t deadline_ms = jmh_time_monotonic_ms() + PROBE_MS;
    struct pollfd readable = {.fd = fd, .events = POLLIN};
    for (;;) {
        uint64_t now_ms = jmh_time_monotonic_ms();
        int left_ms = now_ms < deadline_ms ? (int)(deadline_ms - now_ms) : 0;
        int ready = poll(&readable, 1, left_ms);
        if (ready < 0 && errno == EINTR)
            continue;
        *timed_out = ready == 0;
        /* A report is shorter than PIPE_BUF: it is there as a whole or not at all. */
        return ready > 0 && read(fd, report_out, sizeof *report_out) == (ssize_t)sizeof *report_out;
    }
}

static jm_status judge(const char *path, int status, bool timed_out, struct jmh_err *err)
{
    if (timed_out)
        return jmh_err_set(
            err, JM_ETIMEDOUT,
            "%s did not finish loading within %d s: its constructor or create() hangs; "
            "replace it, or disable it",
            path, PROBE_MS / 1000);
    if (WIFSIGNALED(status))
        return jmh_err_set(err, JM_ECRASHED,
                           "%s crashed with %s while it was loaded (in its constructor or "
                           "create()), in a child process; replace it, or disable it",
                           path, jmh_fault_name(WTERMSIG(status)));
    return jmh_err_set(
        err, JM_ECRASHED,
        "%s ended its process with status %d while it was loaded, in a child process; "
        "replace it, or disable it",
        path, WEXITSTATUS(status));
}

jm_status jmh_probe(const char *path, struct jmh_err *err)
{
    int ends[2];
    if (pipe(ends) != 0)
        return jmh_err_set(err, JM_EIO, "%s cannot be probed: %s", path, strerror(errno));
    pid_t child = fork();
    if (child == 0)
        run_child(path, ends[1]);
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return jmh_err_set(err, JM_EIO, "%s cannot be probed: %s", path, strerror(errno));
    }

    struct jmh_err report;
    bool timed_out = false;
    bool reported = await_report(ends[0], &report, &timed_out);
    close(ends[0]);
    if (!reported && timed_out)
        kill(child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (!reported)
        return judge(path, status, timed_out, err);
    report.text[JMH_ERR_BYTES - 1] = '\0';
    return report.code < 0 ? jmh_err_set(err, report.code, "%s", report.text) : JM_OK;
}
