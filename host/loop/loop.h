/* The host's event loop: the one thread on which plugins, store and log live.
 *
 * A thin layer over libuv, and with host/transport the only code that sees it. A *turn* is one round
 * of the loop; when it has become quiet the loop calls the turn's end function, which commits, sends
 * and wakes. All functions are [loop] unless marked. */
#ifndef JMH_LOOP_LOOP_H
#define JMH_LOOP_LOOP_H

#include <junmai/types.h>
#include <stdbool.h>
#include <sys/types.h>

struct jmh_loop;
struct jmh_timer;
struct jmh_watch;
struct jmh_job;
struct jmh_process;

/* NULL when out of memory or descriptors. */
struct jmh_loop *jmh_loop_new(void);
/* Closes what is still open, waits for jobs that have begun, and frees. What was posted and has not
 * run yet is dropped. */
void jmh_loop_free(struct jmh_loop *loop);
/* Runs until jmh_loop_stop(), on the thread that made the loop. */
void jmh_loop_run(struct jmh_loop *loop);
void jmh_loop_stop(struct jmh_loop *loop);
/* Whether the calling thread is the loop's. [any] */
bool jmh_loop_is_current(const struct jmh_loop *loop);
/* `fn` runs at the end of each turn in which jmh_loop_mark() was called. The end is held back while
 * more input keeps arriving, by at most a millisecond, or until the marks amount to 64 KiB. */
void jmh_loop_on_turn_end(struct jmh_loop *loop, void (*fn)(void *user), void *user);
/* `fn` runs before that at the end of each round of a marked turn, held back or not: for what need not
 * wait. */
void jmh_loop_on_round_end(struct jmh_loop *loop, void (*fn)(void *user), void *user);
/* Something waits for the end of this turn; `bytes` is how much output it will make. */
void jmh_loop_mark(struct jmh_loop *loop, size_t bytes);

/* For host/transport only, whose library lives on the same loop. */
/* The uv_loop_t. */
void *jmh_loop_native(struct jmh_loop *loop);
/* `fn` runs after each wait for input, when its callbacks have run; NULL to end that. */
void jmh_loop_on_input(struct jmh_loop *loop, void (*fn)(void *user), void *user);
/* How many handles of the library are still on the loop, and one round of the loop, to let them go
 * when it no longer runs. */
size_t jmh_loop_foreign_handles(struct jmh_loop *loop);
void jmh_loop_step(struct jmh_loop *loop);

/* Timers. `fn` may stop its own timer. A one-shot timer (repeat_ms 0) frees itself after its call. NULL
 * when out of memory. */
struct jmh_timer *jmh_timer_start(struct jmh_loop *loop, uint64_t delay_ms, uint64_t repeat_ms,
                                  void (*fn)(void *user), void *user);
void jmh_timer_stop(struct jmh_timer *timer);

/* A callback when `fd` is ready; events are JM_FD_* of the ABI. `fn` may stop its own watch. NULL
 * where `fd` cannot be polled or memory is out. */
struct jmh_watch *jmh_watch_start(struct jmh_loop *loop, int fd, uint32_t events,
                                  void (*fn)(void *user, uint32_t events, jm_status status),
                                  void *user);
void jmh_watch_change(struct jmh_watch *watch, uint32_t events);
void jmh_watch_stop(struct jmh_watch *watch);

/* Run `work` on the thread pool, then `done` on the loop, exactly once; the job ends with it. NULL when
 * out of memory: nothing runs then. */
struct jmh_job *jmh_job_start(struct jmh_loop *loop, void (*work)(void *user),
                              void (*done)(void *user, bool cancelled), void *user);
/* false where it has begun already. */
bool jmh_job_cancel(struct jmh_job *job);

/* Run `fn` on the loop, soon. [any]  false when out of memory. */
bool jmh_loop_post(struct jmh_loop *loop, void (*fn)(void *user), void *user);

/* `fn` on each arrival of a signal, until the loop ends. */
jm_status jmh_loop_on_signal(struct jmh_loop *loop, int signal, void (*fn)(void *user, int signal),
                             void *user);

/* Start a program: its standard input is /dev/null, its output ours, `fd_take` (or -1) becomes its
 * descriptor 3 and is closed here in every case. `on_exit` runs once, with the exit status or, for a
 * signal, its negative number; the process struct ends with it. NULL with errno set where it could not
 * be started. */
struct jmh_process *jmh_process_start(struct jmh_loop *loop, const char *const *argv, int fd_take,
                                      void (*on_exit)(void *user, int status), void *user);
pid_t jmh_process_pid(const struct jmh_process *process);
void jmh_process_kill(struct jmh_process *process, int signal);
/* Its `on_exit` runs no more; the process struct still ends with the process. */
void jmh_process_detach(struct jmh_process *process);

/* How long the loop was held between two waits for input: the longest of the last two seconds, and how
 * often it was above 10 ms. */
struct jmh_loop_load {
    uint64_t longest_us;
    uint64_t late_total;
};
struct jmh_loop_load jmh_loop_load(const struct jmh_loop *loop);

#endif
