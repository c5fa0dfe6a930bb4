/* When a turn ends: before the loop waits, held back while input keeps coming, but not for long. */
#include "host/loop/loop.h"

#include <junmai/ext/fd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define GUARD_MS 5000

static struct jmh_loop *loop;
static struct jmh_timer *guard;
static int turns, rounds, inputs, to_mark;
static uint64_t began_us;
static size_t mark_bytes;
static int pipe_fds[2];

static uint64_t now_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
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
    guard = jmh_timer_start(loop, GUARD_MS, 0, on_guard, NULL);
    turns = rounds = inputs = to_mark = 0;
    mark_bytes = 0;
    return loop != NULL && guard != NULL ? pipe(pipe_fds) : -1;
}

static int tear_down(void **state)
{
    (void)state;
    jmh_loop_free(loop);
    (void)close(pipe_fds[0]);
    (void)close(pipe_fds[1]);
    return 0;
}

static void count_turn(void *user)
{
    (void)user;
    turns++;
    jmh_loop_stop(loop);
}

static void mark_now(void *user)
{
    (void)user;
    jmh_loop_mark(loop, mark_bytes);
}

/* One mark, nothing behind it: the turn ends although the loop could wait for ever. */
static void test_ends_before_waiting(void **state)
{
    (void)state;
    jmh_loop_on_turn_end(loop, count_turn, NULL);
    assert_non_null(jmh_timer_start(loop, 0, 0, mark_now, NULL));
    jmh_loop_run(loop);
    assert_int_equal(turns, 1);
}

static void stop_now(void *user)
{
    (void)user;
    jmh_loop_stop(loop);
}

static void test_no_turn_without_a_mark(void **state)
{
    (void)state;
    jmh_loop_on_turn_end(loop, count_turn, NULL);
    assert_non_null(jmh_timer_start(loop, 5, 0, stop_now, NULL));
    jmh_loop_run(loop);
    assert_int_equal(turns, 0);
}

/* Input that never ends, each piece of which marks. */
static void on_readable(void *user, uint32_t events, jm_status status)
{
    (void)user;
    (void)events;
    assert_int_equal(status, JM_OK);
    if (turns > 0) {
        return; /* the loop is about to stop */
    }
    if (inputs++ == 0) {
        began_us = now_us();
    }
    jmh_loop_mark(loop, mark_bytes);
}

static void feed_endlessly(void)
{
    assert_int_equal(write(pipe_fds[1], "x", 1), 1);
    assert_non_null(jmh_watch_start(loop, pipe_fds[0], JM_FD_READABLE, on_readable, NULL));
}

static void test_holds_while_input_comes(void **state)
{
    (void)state;
    jmh_loop_on_turn_end(loop, count_turn, NULL);
    feed_endlessly();
    jmh_loop_run(loop);
    uint64_t held_us = now_us() - began_us;
    assert_int_equal(turns, 1);
    assert_true(inputs > 1);
    assert_true(held_us >= 400);
}

static void test_holds_few_bytes_only(void **state)
{
    (void)state;
    mark_bytes = 20000;
    jmh_loop_on_turn_end(loop, count_turn, NULL);
    feed_endlessly();
    jmh_loop_run(loop);
    assert_int_equal(turns, 1);
    assert_true(inputs <= 4);
}

static void count_round(void *user)
{
    (void)user;
    rounds++;
    assert_int_equal(turns, 0);
}

/* What need not wait does not: once a round, and before the turn's end. */
static void test_rounds_do_not_wait(void **state)
{
    (void)state;
    jmh_loop_on_round_end(loop, count_round, NULL);
    jmh_loop_on_turn_end(loop, count_turn, NULL);
    feed_endlessly();
    jmh_loop_run(loop);
    assert_true(rounds >= inputs && rounds > 1);
}

static void mark_in_turn(void *user)
{
    (void)user;
    turns++;
    if (--to_mark > 0) {
        jmh_loop_mark(loop, 0);
    } else {
        jmh_loop_stop(loop);
    }
}

/* What the end of a turn begins is a turn of its own, and does not wait for input either. */
static void test_effects_begin_a_turn(void **state)
{
    (void)state;
    to_mark = 5;
    jmh_loop_on_turn_end(loop, mark_in_turn, NULL);
    assert_non_null(jmh_timer_start(loop, 0, 0, mark_now, NULL));
    jmh_loop_run(loop);
    assert_int_equal(turns, 5);
}

static void be_busy(void *user)
{
    (void)user;
    for (uint64_t start_us = now_us(); now_us() - start_us < 20000;) {
    }
    assert_non_null(jmh_timer_start(loop, 1, 0, stop_now, NULL));
}

static void test_load(void **state)
{
    (void)state;
    assert_non_null(jmh_timer_start(loop, 30, 0, be_busy, NULL));
    jmh_loop_run(loop);
    struct jmh_loop_load load = jmh_loop_load(loop);
    assert_int_equal(load.late_total, 1);
    assert_in_range(load.longest_us, 20000, 1000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ends_before_waiting, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_turn_without_a_mark, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_holds_while_input_comes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_holds_few_bytes_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rounds_do_not_wait, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_effects_begin_a_turn, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_load, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
