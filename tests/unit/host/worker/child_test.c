/* What a worker may do to its host: nothing. Real workers, and task objects that misbehave. */
#include "pool_fixture.h"

#include "host/util/span.h"
#include "host/util/time.h"
#include "host/worker/child.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static struct pool_fixture fixture;

static int open_fixture(void **state)
{
    (void)state;
    fixture_open(&fixture, 1, NULL);
    return 0;
}

static int close_fixture(void **state)
{
    (void)state;
    fixture_close(&fixture);
    return 0;
}

/* After whatever has happened the pool serves the next task. */
static void assert_alive(void)
{
    assert_int_equal(fixture_do(&fixture, GOOD, fixture_task("echo"))->status, JM_OK);
}

struct death {
    const char *task;
    jm_status status;
    const char *words;
};

static void dies(const struct death *death)
{
    const struct outcome *outcome = fixture_do(&fixture, HOSTILE, fixture_task(death->task));
    print_message("%s\n", outcome->text);
    assert_int_equal(outcome->status, death->status);
    assert_says(outcome, death->words);
    assert_alive();
}

static void a_crash_is_tried_twice_and_then_poison(void **state)
{
    (void)state;
    static const struct death deaths[] = {
        {"segfault", JM_ECRASHED, "SIGSEGV"},
        {"abort", JM_ECRASHED, "SIGABRT"},
        {"exit", JM_ECRASHED, "exit status 7"},
    };
    for (size_t i = 0; i < 3; i++) {
        dies(&deaths[i]);
        const struct jmh_pool_stats stats = jmh_pool_stats(fixture.pool);
        assert_int_equal(stats.crashed, 2 * (i + 1));
        assert_int_equal(stats.poisoned, i + 1);
        assert_int_equal(stats.completed, i + 1);
        assert_int_equal(stats.started, 3 * (i + 1));
    }
    assert_says(&fixture.outcomes[0], "poison");
    assert_says(&fixture.outcomes[0], "task segfault of hostile-task.so (test)");
}

static void what_the_system_kills_is_told_as_memory(void **state)
{
    (void)state;
    dies(&(struct death){"kill_self", JM_ENOMEM, "out of memory"});
}

static void what_is_no_message_kills_the_worker(void **state)
{
    (void)state;
    static const struct death deaths[] = {
        {"garbage", JM_ECRASHED, "broke the protocol"},
        {"boast", JM_ECRASHED, "broke the protocol"},
        {"ready_again", JM_ECRASHED, "broke the protocol"},
        {"lie_about_result", JM_ECRASHED, "broke the protocol"},
        {"lie_about_status", JM_ECRASHED, "broke the protocol"},
        {"flood", JM_ECRASHED, "broke the protocol"},
        {"hang_up", JM_ECRASHED, "closed its connection"},
    };
    for (size_t i = 0; i < sizeof deaths / sizeof deaths[0]; i++) {
        dies(&deaths[i]);
    }
}

/* The first result counts, and the worker is not used again. */
static void a_second_result_is_nonsense(void **state)
{
    (void)state;
    dies(&(struct death){"done_twice", JM_OK, "{}"});
}

/* The end of a process may be heard of before its last words, and after the next task was given to it:
 * that one has done nothing and is done by another. */
static void last_words_count(void **state)
{
    (void)state;
    for (int round = 0; round < 10; round++) {
        dies(&(struct death){"done_and_gone", JM_OK, "{\"last\":true}"});
    }
    assert_int_equal(jmh_pool_stats(fixture.pool).completed, 20);
    assert_int_equal(jmh_pool_stats(fixture.pool).poisoned, 0);
}

static void a_flood_of_progress_is_held_back(void **state)
{
    (void)state;
    const struct outcome *outcome = fixture_do(&fixture, HOSTILE, fixture_task("flood"));
    assert_true(outcome->progress_calls > 0 && outcome->progress_calls <= 2 * 20);
}

static void a_second_try_begins_where_the_first_did(void **state)
{
    (void)state;
    int file = memfd_create("child-test", MFD_CLOEXEC);
    assert_int_equal(write(file, "fresh", 5), 5);
    assert_int_equal(lseek(file, 0, SEEK_SET), 0);
    jm_task task = fixture_task("crash_once");
    task.fds = &file;
    task.fd_count = 1;
    const struct outcome *outcome = fixture_do(&fixture, HOSTILE, task);
    assert_string_equal(outcome->text, "{\"again\":true}");
    assert_int_equal(outcome->status, JM_OK);
    assert_int_equal(jmh_pool_stats(fixture.pool).crashed, 1);
    assert_int_equal(close(file), 0);
}

static void time_has_limits(void **state)
{
    (void)state;
    jm_task task = fixture_task("hang");
    task.wall_ms = 300;
    const struct outcome *outcome = fixture_do(&fixture, HOSTILE, task);
    assert_int_equal(outcome->status, JM_ETIMEDOUT);
    assert_says(outcome, "longer than its limit of 0.3 s");

    task = fixture_task("ignore_cpu_limit");
    task.wall_ms = 1500;
    task.cpu_ms = 1000;
    outcome = fixture_do(&fixture, HOSTILE, task);
    assert_int_equal(outcome->status, JM_ETIMEDOUT);
    assert_says(outcome, "longer than its limit of 1.5 s");

    assert_alive();
    assert_int_equal(jmh_pool_stats(fixture.pool).timed_out, 2);
    assert_int_equal(jmh_pool_stats(fixture.pool).crashed, 0);
}

static void processor_time_has_a_limit_of_each_task(void **state)
{
    (void)state;
    jm_task task = fixture_task("spin");
    task.cpu_ms = 1000;
    uint64_t before_ms = jmh_time_monotonic_ms();
    const struct outcome *outcome = fixture_do(&fixture, HOSTILE, task);
    assert_int_equal(outcome->status, JM_ETIMEDOUT);
    assert_says(outcome, "used more than 1 s of processor time");
    assert_true(jmh_time_monotonic_ms() - before_ms >= 900);

    /* It counts from what the worker had used before: together these are above it. */
    task = fixture_task("burn");
    task.cpu_ms = 2000;
    for (int round = 0; round < 2; round++) {
        assert_int_equal(fixture_do(&fixture, GOOD, task)->status, JM_OK);
    }
    assert_int_equal(jmh_pool_stats(fixture.pool).started, 3);
}

static void memory_has_a_limit_of_each_task(void **state)
{
    (void)state;
    static const char *const tasks[] = {"hoard_and_tell", "hoard_and_abort"};
    for (size_t i = 0; i < 2; i++) {
        jm_task task = fixture_task(tasks[i]);
        task.memory_mib = 64;
        const struct outcome *outcome = fixture_do(&fixture, HOSTILE, task);
        print_message("%s\n", outcome->text);
        assert_int_equal(outcome->status, JM_ENOMEM);
        assert_says(outcome, "more than 64 MiB of memory");
    }
    assert_int_equal(jmh_pool_stats(fixture.pool).crashed, 0);

    /* The same worker: the limit is above what it has, and ends with the task. */
    jm_task task = fixture_task("breathe");
    task.memory_mib = 32;
    assert_int_equal(fixture_do(&fixture, GOOD, task)->status, JM_ENOMEM);
    task.memory_mib = 128;
    for (int round = 0; round < 5; round++) {
        assert_int_equal(fixture_do(&fixture, GOOD, task)->status, JM_OK);
    }
    task.memory_mib = 32;
    assert_int_equal(fixture_do(&fixture, GOOD, task)->status, JM_ENOMEM);
}

static void cancel_it(struct outcome *outcome)
{
    if (outcome->progress_calls == 1) {
        assert_int_equal(jmh_pool_cancel(outcome->fixture->pool, outcome->id), JM_OK);
        assert_int_equal(jmh_pool_cancel(outcome->fixture->pool, outcome->id), JM_OK);
    }
}

static void a_cancel_is_heeded_or_the_worker_dies(void **state)
{
    (void)state;
    struct outcome *outcome = fixture_run(&fixture, GOOD, fixture_task("wait_for_cancel"));
    outcome->on_progress = cancel_it;
    fixture_wait(&fixture);
    assert_int_equal(outcome->status, JM_ECANCELLED);
    assert_string_equal(outcome->text, "told to stop");

    uint64_t before_ms = jmh_time_monotonic_ms();
    outcome = fixture_run(&fixture, HOSTILE, fixture_task("hang_with_news"));
    outcome->on_progress = cancel_it;
    fixture_wait(&fixture);
    assert_int_equal(outcome->status, JM_ECANCELLED);
    assert_says(outcome, "was cancelled");
    uint64_t took_ms = jmh_time_monotonic_ms() - before_ms;
    assert_true(took_ms >= 1000 && took_ms < 10000); /* long before its limit of time */
    assert_alive();
    assert_int_equal(jmh_pool_stats(fixture.pool).cancelled, 2);
    assert_int_equal(jmh_pool_cancel(fixture.pool, outcome->id), JM_EGONE);
}

static void a_task_gets_a_child_that_may_run_it(void **state)
{
    (void)state;
    char path[] = "/a-task.so";
    char other[] = "/b-task.so";
    const struct jmh_build build = {.inode = 1};
    const struct jmh_build newer = {.inode = 2};
    struct jmh_task task = {.object = path};
    struct jmh_child child = {.object_count = 1, .objects = {{path, build}}, .tasks_begun = 5};

    assert_true(jmh_child_knows(&child, &task));
    assert_true(jmh_child_fits(&child, &task, &build));
    assert_true(jmh_child_fits(&child, &task, NULL));
    assert_false(jmh_child_fits(&child, &task, &newer));
    task.object = other;
    assert_false(jmh_child_knows(&child, &task));
    assert_true(jmh_child_fits(&child, &task, &newer));

    /* After a crash only a fresh one will do. */
    task.crashes = 1;
    assert_false(jmh_child_fits(&child, &task, &newer));
    child.tasks_begun = 0;
    assert_true(jmh_child_fits(&child, &task, &newer));
    task.crashes = 0;

    child.tasks_begun = JMH_CHILD_TASKS_MAX;
    assert_false(jmh_child_fits(&child, &task, &newer));
    child.tasks_begun = 5;
    child.object_count = JMH_CHILD_OBJECTS_MAX;
    for (uint32_t i = 1; i < JMH_CHILD_OBJECTS_MAX; i++) {
        child.objects[i] = child.objects[0];
    }
    assert_false(jmh_child_fits(&child, &task, &newer));
    task.object = path;
    assert_true(jmh_child_fits(&child, &task, &build));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_gets_a_child_that_may_run_it),
        cmocka_unit_test_setup_teardown(a_crash_is_tried_twice_and_then_poison, open_fixture,
                                        close_fixture),
        cmocka_unit_test_setup_teardown(what_the_system_kills_is_told_as_memory, open_fixture,
                                        close_fixture),
        cmocka_unit_test_setup_teardown(what_is_no_message_kills_the_worker, open_fixture,
                                        close_fixture),
        cmocka_unit_test_setup_teardown(a_second_result_is_nonsense, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(last_words_count, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(a_flood_of_progress_is_held_back, open_fixture,
                                        close_fixture),
        cmocka_unit_test_setup_teardown(a_second_try_begins_where_the_first_did, open_fixture,
                                        close_fixture),
        cmocka_unit_test_setup_teardown(time_has_limits, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(processor_time_has_a_limit_of_each_task, open_fixture,
                                        close_fixture),
        cmocka_unit_test_setup_teardown(memory_has_a_limit_of_each_task, open_fixture,
                                        close_fixture),
        cmocka_unit_test_setup_teardown(a_cancel_is_heeded_or_the_worker_dies, open_fixture,
                                        close_fixture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
