/* The one place where a worker gives up rights. Worker's only thread.
 *
 * A system-call filter and a rule set for paths belong here too, behind what is done now: all that a
 * task needs afterwards is memory, its descriptors, and the files of its own shared objects. */
#include "host/worker/main/lockdown.h"

#include "host/worker/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define DESCRIPTORS_MAX 64

/* When memory runs out the system should take a worker, not the host. Best effort. */
static void volunteer_for_oom(void)
{
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        ssize_t written = write(fd, "500", 3);
        (void)written;
        (void)close(fd);
    }
}

/* The host decides when a worker ends: a Ctrl-C in its terminal, or a service manager that signals the
 * whole group, must not take the tasks away from a host that finishes them. */
static void ignore_signals(void)
{
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++) {
        (void)signal(ignored[i], SIG_IGN);
    }
}

jm_status jmh_lockdown(struct jmh_err *err)
{
    const struct rlimit no_core = {0, 0};
    const struct rlimit few_files = {DESCRIPTORS_MAX, DESCRIPTORS_MAX};
    if (dup2(STDERR_FILENO, STDOUT_FILENO) < 0 || close_range(JMH_WIRE_SOCKET + 1, ~0U, 0) != 0) {
        return jmh_err_set(err, JM_EIO, "cannot set up the descriptors: %s", strerror(errno));
    }
    ignore_signals();
    volunteer_for_oom();
    if (setrlimit(RLIMIT_CORE, &no_core) != 0 || setrlimit(RLIMIT_NOFILE, &few_files) != 0) {
        return jmh_err_set(err, JM_EIO, "cannot set the limits of the process: %s",
                           strerror(errno));
    }
    /* A host that has died before this line is noticed at the socket. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_DUMPABLE, 0) != 0) {
        return jmh_err_set(err, JM_EIO, "cannot give up rights: %s", strerror(errno));
    }
    return JM_OK;
}
