/* Deadlines and waiting: see wait.h. */
#include "wait.h"

#include "error.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>

int64_t jmt_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t jmt_deadline_after(int timeout_ms)
{
    return jmt_clock_ms() + timeout_ms;
}

static int wait_any(struct pollfd *fds, nfds_t count, int64_t deadline_ms)
{
    for (;;) {
        int64_t left_ms = deadline_ms - jmt_clock_ms();
        int ready = poll(fds, count, left_ms > 0 ? (int)left_ms : 0);
        if (ready > 0)
            return 0;
        if (ready == 0)
            return jmt_error_set("nothing came before the deadline");
        if (errno != EINTR)
            return jmt_error_set("poll failed: %s", strerror(errno));
    }
}

int jmt_fd_wait(int fd, short events, int64_t deadline_ms)
{
    struct pollfd one = {.fd = fd, .events = events};
    return wait_any(&one, 1, deadline_ms);
}

int jmt_fd_wait_either(int fd, int other_fd, int64_t deadline_ms)
{
    struct pollfd two[2] = {{.fd = fd, .events = POLLIN}, {.fd = other_fd, .events = POLLIN}};
    return wait_any(two, 2, deadline_ms);
}
