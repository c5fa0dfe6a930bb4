/* Being asked to stop; see stop.h. */
#include "stop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>

/* The signals stay pending in it: nobody reads it. */
static int stop_fd = -1;

void jmc_stop_watch(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    if (stop_fd < 0 && sigprocmask(SIG_BLOCK, &signals, NULL) == 0) {
        stop_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
        if (stop_fd < 0) {
            (void)sigprocmask(SIG_UNBLOCK, &signals, NULL);
        }
    }
}

int jmc_stop_fd(void)
{
    return stop_fd;
}

bool jmc_stop_asked(void)
{
    return jmc_stop_wait(0);
}

bool jmc_stop_wait(int timeout_ms)
{
    struct pollfd watched = {.fd = stop_fd, .events = POLLIN};
    int ready;
    do {
        ready = poll(&watched, 1, timeout_ms);
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}
