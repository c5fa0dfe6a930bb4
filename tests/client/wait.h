/*
 * Deadlines and waiting. A deadline is a point of CLOCK_MONOTONIC in milliseconds; callers of the
 * library give a timeout, the library turns it into one deadline for all that the call does.
 */
#ifndef JMT_WAIT_H
#define JMT_WAIT_H

#include <stdint.h>

/* How long calls without a timeout of their own wait. It is spent only when something is wrong. */
#define JMT_PATIENCE_MS 10000

int64_t jmt_clock_ms(void);
int64_t jmt_deadline_after(int timeout_ms);

/* Waits until fd has one of `events` (POLLIN, POLLOUT); -1 when the deadline comes first. */
int jmt_fd_wait(int fd, short events, int64_t deadline_ms);

/* Waits until one of two descriptors is readable; -1 when the deadline comes first. */
int jmt_fd_wait_either(int fd, int other_fd, int64_t deadline_ms);

#endif
