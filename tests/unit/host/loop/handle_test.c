/* Timers, watches, signals and processes; and that the end of the loop closes what is left open. */
#include "host/loop/loop.h"

#include <junmai/ext/fd.h>

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define GUARD_MS 5000

static struct jmh_loop *loop;
static int calls, exit_status;

static int is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
}

static void on_guard(void *user)
{
    (void)user;
    fail_msg("the loop has hung");
}

static int set_up(void **state)
{
    (void)state;
    loop = jmh_loop_new();
    calls = 0;
    exit_status = 1000;
    return loop != NULL && jmh_timer_start(loop, GUARD_MS, 0, on_guard, NULL) != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    jmh_loop_free(loop);
    return 0;
}

static void stop_loop(void *user)
{
    (void)user;
    jmh_loop_stop(loop);
}

static void count_and_stop_third(void *user)
{
    if (++calls == 3) {
        jmh_timer_stop(*(struct jmh_timer **)user);
        assert_non_null(jmh_timer_start(loop, 20, 0, stop_loop, NULL));
    }
}

static void test_repeating_timer_stops_itself(void **state)
{
    (void)state;
    struct jmh_timer *timer = jmh_timer_start(loop, 1, 1, count_and_stop_third, &timer);
    jmh_loop_run(loop);
    assert_int_equal(calls, 3);
}

static void test_stopped_timer_is_silent(void **state)
{
    (void)state;
    struct jmh_timer *timer = jmh_timer_start(loop, 1, 0, on_guard, NULL);
    jmh_timer_stop(timer);
    assert_non_null(jmh_timer_start(loop, 10, 0, stop_loop, NULL));
    jmh_loop_run(loop);
}

#define CHAIN_LINKS 50
#define LINK_MS 3

static uint64_t now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Is busy for longer than the delay, and starts the next. */
static void be_link(void *user)
{
    const uint64_t *delay_ms = user;
    uint64_t end_ms = now_ms() + LINK_MS;
    while (now_ms() < end_ms) {
    }
    if (++calls == 1)
        assert_true(jmh_loop_post(loop, stop_loop, NULL));
    if (calls < CHAIN_LINKS)
        assert_non_null(jmh_timer_start(loop, *delay_ms, 0, be_link, user));
}

/* Others have their turn between two timers of which one starts the other. */
static void test_chain_of_timers_lets_others_run(void **state)
{
    (void)state;
    for (uint64_t delay_ms = 0; delay_ms < 2; delay_ms++) {
        calls = 0;
        assert_non_null(jmh_timer_start(loop, 0, 0, be_link, &delay_ms));
        jmh_loop_run(loop);
        assert_in_range(calls, 1, 2);
        while (calls < CHAIN_LINKS)
            jmh_loop_step(loop);
    }
}

struct watched {
    struct jmh_watch *watch;
    int fd;
    uint32_t seen;
};

static void on_watched(void *user, uint32_t events, jm_status status)
{
    struct watched *watched = user;
    assert_int_equal(status, JM_OK);
    watched->seen |= events;
    if (++calls == 1) {
        assert_int_equal(events, JM_FD_WRITABLE);
        jmh_watch_change(watched->watch, JM_FD_READABLE);
        return;
    }
    jmh_watch_stop(watched->watch);
    jmh_loop_stop(loop);
}

static void test_watch(void **state)
{
    (void)state;
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    struct watched watched = {.fd = pair[0]};
    watched.watch = jmh_watch_start(loop, pair[0], JM_FD_WRITABLE, on_watched, &watched);
    assert_non_null(watched.watch);
    assert_int_equal(write(pair[1], "x", 1), 1);
    jmh_loop_run(loop);
    assert_int_equal(calls, 2);
    assert_int_equal(watched.seen, JM_FD_READABLE | JM_FD_WRITABLE);
    (void)close(pair[0]);
    (void)close(pair[1]);
}

static void test_file_cannot_be_watched(void **state)
{
    (void)state;
    FILE *file = tmpfile();
    assert_null(jmh_watch_start(loop, fileno(file), JM_FD_READABLE, on_watched, NULL));
    assert_null(jmh_watch_start(loop, -1, JM_FD_READABLE, on_watched, NULL));
    (void)fclose(file);
}

static void on_signal(void *user, int number)
{
    (void)user;
    assert_int_equal(number, SIGUSR1);
    if (++calls == 2) {
        jmh_loop_stop(loop);
    } else {
        (void)raise(SIGUSR1);
    }
}

static void test_signal(void **state)
{
    (void)state;
    assert_int_equal(jmh_loop_on_signal(loop, SIGUSR1, on_signal, NULL), JM_OK);
    assert_int_equal(jmh_loop_on_signal(loop, SIGKILL, on_signal, NULL), JM_EINVAL);
    (void)raise(SIGUSR1);
    jmh_loop_run(loop);
    assert_int_equal(calls, 2);
}

static void on_exit_of(void *user, int status)
{
    (void)user;
    exit_status = status;
    jmh_loop_stop(loop);
}

/* The child reads its standard input, which is empty, and writes to its descriptor 3. */
static void test_process(void **state)
{
    (void)state;
    static const char *const argv[] = {"/bin/sh", "-c", "cat; printf hello >&3; exit 7", NULL};
    char text[16] = "";
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    struct jmh_process *process = jmh_process_start(loop, argv, pair[1], on_exit_of, NULL);
    assert_non_null(process);
    assert_true(jmh_process_pid(process) > 0);
    assert_int_equal(is_open(pair[1]), 0);
    jmh_loop_run(loop);
    assert_int_equal(exit_status, 7);
    assert_int_equal(read(pair[0], text, sizeof text), 5);
    assert_memory_equal(text, "hello", 5);
    (void)close(pair[0]);
}

static void test_killed_process(void **state)
{
    (void)state;
    static const char *const argv[] = {"/bin/sleep", "60", NULL};
    struct jmh_process *process = jmh_process_start(loop, argv, -1, on_exit_of, NULL);
    assert_non_null(process);
    jmh_process_kill(process, SIGKILL);
    jmh_loop_run(loop);
    assert_int_equal(exit_status, -SIGKILL);
}

static void test_missing_program(void **state)
{
    (void)state;
    static const char *const argv[] = {"/nothing/here", NULL};
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_null(jmh_process_start(loop, argv, pair[1], on_exit_of, NULL));
    assert_int_equal(errno, ENOENT);
    assert_int_equal(is_open(pair[1]), 0);
    (void)close(pair[0]);
}

/* Freed with everything open, by the sanitizers' leave. */
static void test_leftovers(void **state)
{
    (void)state;
    static const char *const argv[] = {"/bin/true", NULL};
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_non_null(jmh_timer_start(loop, 1000, 1000, on_guard, NULL));
    assert_non_null(jmh_watch_start(loop, pair[0], JM_FD_READABLE, on_watched, NULL));
    assert_non_null(jmh_process_start(loop, argv, -1, on_exit_of, NULL));
    assert_int_equal(jmh_loop_on_signal(loop, SIGUSR2, on_signal, NULL), JM_OK);
    assert_int_equal(jmh_loop_foreign_handles(loop), 0);
    jmh_loop_free(loop);
    (void)close(pair[0]);
    (void)close(pair[1]);
    loop = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_repeating_timer_stops_itself, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stopped_timer_is_silent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_chain_of_timers_lets_others_run, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_watch, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_file_cannot_be_watched, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_signal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_process, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_killed_process, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_missing_program, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_leftovers, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
