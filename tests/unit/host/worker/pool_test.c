/* Which task begins where and when, and what the pool does without a worker program. */
#include "pool_fixture.h"

#include "host/util/span.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct pool_fixture fixture;

static uint32_t count_fds(void)
{
    uint32_t count = 0;
    DIR *folder = opendir("/proc/self/fd");
    assert_non_null(folder);
    while (readdir(folder) != NULL) {
        count++;
    }
    assert_int_equal(closedir(folder), 0);
    return count;
}

static void a_task_has_a_result_and_progress(void **state)
{
    (void)state;
    fixture_open(&fixture, 2, NULL);
    jm_task task = fixture_task("echo");
    task.request = jmh_span("{\"a\":[1,2,{\"b\":\"\\u3042\"}]}");
    assert_string_equal(fixture_do(&fixture, GOOD, task)->text, task.request.ptr);
    assert_string_equal(fixture_do(&fixture, GOOD, fixture_task("silent"))->text, "{}");
    assert_string_equal(fixture_do(&fixture, GOOD, fixture_task("bad_result"))->text,
                        "{\"refused\":true}");

    const struct outcome *outcome = fixture_do(&fixture, GOOD, fixture_task("steps"));
    assert_int_equal(outcome->status, JM_OK);
    assert_int_equal(outcome->progress_calls, 10);
    for (uint32_t i = 0; i < outcome->progress_calls; i++) {
        assert_true(outcome->progress[i] > i * 10.0 - 0.01 &&
                    outcome->progress[i] < i * 10.0 + 0.01);
    }
    assert_string_equal(outcome->detail, "{\"step\":9}");
    fixture_close(&fixture);
}

static void a_failure_has_a_sentence(void **state)
{
    (void)state;
    fixture_open(&fixture, 1, NULL);
    const struct outcome *outcome = fixture_do(&fixture, GOOD, fixture_task("refuse"));
    assert_int_equal(outcome->status, JM_EUNSUPPORTED);
    assert_string_equal(outcome->text, "the file is no photograph");
    outcome = fixture_do(&fixture, GOOD, fixture_task("refuse_silently"));
    assert_int_equal(outcome->status, JM_EIO);
    assert_says(outcome, "task refuse_silently failed with status -9");
    outcome = fixture_do(&fixture, GOOD, fixture_task("refuse_badly"));
    assert_int_equal(outcome->status, JM_EINVAL);
    assert_int_equal(strncmp(outcome->text, "xxx?xxx", 7), 0);
    assert_int_equal(jmh_pool_stats(fixture.pool).failed, 3);
    assert_int_equal(jmh_pool_stats(fixture.pool).crashed, 0);
    fixture_close(&fixture);
}

static void objects_that_are_none_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *object, *task;
        jm_status status;
        const char *words;
    } cases[] = {
        {GOOD, "unknown", JM_ENOENT, "good-task.so has no task unknown"},
        {TASK_DIR "/missing-task.so", "run", JM_ENOENT, "missing-task.so cannot be read"},
        {TASK_DIR "/../../build.ninja", "run", JM_EIO, "cannot be loaded"},
        {TASK_DIR "/refused-entry-task.so", "run", JM_EINVAL, "does not export"},
        {TASK_DIR "/refused-magic-task.so", "run", JM_EINVAL, "magic 0x1"},
        {TASK_DIR "/refused-size-task.so", "run", JM_EINVAL, "size 8"},
        {TASK_DIR "/refused-major-task.so", "run", JM_EUNSUPPORTED, "built for ABI 2.0"},
        {TASK_DIR "/refused-minor-task.so", "run", JM_EUNSUPPORTED, "built for ABI 1.1"},
        {TASK_DIR "/refused-setup-task.so", "run", JM_EUNSUPPORTED, "setup"},
    };
    fixture_open(&fixture, 1, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct outcome *outcome =
            fixture_do(&fixture, cases[i].object, fixture_task(cases[i].task));
        print_message("%s\n", outcome->text);
        assert_int_equal(outcome->status, cases[i].status);
        assert_says(outcome, cases[i].words);
    }
    fixture_close(&fixture);
}

static void descriptors_reach_the_task_and_stay_nowhere(void **state)
{
    (void)state;
    uint32_t before = count_fds();
    fixture_open(&fixture, 1, NULL);
    int fds[JM_TASK_MAX_FDS];
    for (int i = 0; i < JM_TASK_MAX_FDS; i++) {
        char name[] = {'a', (char)('a' + i), 0};
        fds[i] = memfd_create("pool-test", MFD_CLOEXEC);
        assert_int_equal(write(fds[i], name, 2), 2);
        assert_int_equal(lseek(fds[i], 1, SEEK_SET), 1);
    }
    jm_task task = fixture_task("read_all");
    task.fds = fds;
    task.fd_count = JM_TASK_MAX_FDS;
    const struct outcome *outcome = fixture_run(&fixture, GOOD, task);
    for (int i = 0; i < JM_TASK_MAX_FDS; i++) {
        assert_int_equal(close(fds[i]), 0); /* they are the pool's own by now */
    }
    fixture_wait(&fixture);
    assert_string_equal(outcome->text, "{\"text\":\"abcdefghijklmnop\",\"count\":16}");
    /* 0 to 3, and one of /proc that the worker keeps. */
    for (int round = 0; round < 2; round++) {
        outcome = fixture_do(&fixture, GOOD, fixture_task("count_fds"));
        assert_string_equal(outcome->text, "{\"count\":5,\"highest\":4}");
    }
    fixture_close(&fixture);
    assert_int_equal(count_fds(), before);
}

/* Among many progress messages the last one comes through, and few of the others. */
static void stop_at_the_end(struct outcome *outcome)
{
    if (outcome->percent > 99.99) {
        (void)jmh_pool_cancel(outcome->fixture->pool, outcome->id);
    }
}

static void progress_is_thinned_out(void **state)
{
    (void)state;
    fixture_open(&fixture, 1, NULL);
    struct outcome *outcome = fixture_run(&fixture, GOOD, fixture_task("chatter"));
    outcome->on_progress = stop_at_the_end;
    fixture_wait(&fixture);
    assert_int_equal(outcome->status, JM_ECANCELLED);
    assert_true(outcome->percent > 99.99);
    assert_true(outcome->progress_calls >= 2 && outcome->progress_calls <= 31);
    fixture_close(&fixture);
}

static void large_texts_go_both_ways(void **state)
{
    (void)state;
    fixture_open(&fixture, 1, NULL);
    size_t len = 5u << 20;
    char *text = malloc(len + 1);
    assert_non_null(text);
    memset(text, 'q', len);
    memcpy(text, "{\"q\":\"", 6);
    memcpy(text + len - 2, "\"}", 3);
    jm_task task = fixture_task("echo");
    task.request = (jm_span){text, len};
    const struct outcome *outcome = fixture_do(&fixture, GOOD, task);
    assert_int_equal(outcome->status, JM_OK);
    assert_int_equal(outcome->text_len, len);
    assert_memory_equal(outcome->text, text, len);
    assert_int_equal(fixture_do(&fixture, GOOD, fixture_task("large_result"))->text_len, 4u << 20);
    free(text);
    fixture_close(&fixture);
}

/* The place of a task in the order in which tasks begin. */
static uint32_t rank_of(const struct outcome *outcomes, const int32_t *priorities, uint32_t count,
                        uint32_t which)
{
    uint32_t rank = 0;
    for (uint32_t i = 0; i < count; i++) {
        rank += priorities[i] > priorities[which] ||
                (priorities[i] == priorities[which] && outcomes[i].id < outcomes[which].id);
    }
    return rank;
}

/* With N workers a task that is done as the p-th has begun when at most p + N had: so its rank is below
 * that. With one worker the order is exact. */
static void the_urgent_begin_first(uint32_t processes, uint32_t count)
{
    int32_t priorities[OUTCOMES_MAX];
    fixture_open(&fixture, processes, NULL);
    for (uint32_t i = 0; i < count; i++) {
        priorities[i] = (int32_t)(i * 7 % (JM_TASK_URGENT + 1));
        jm_task task = fixture_task("echo");
        task.priority = priorities[i];
        (void)fixture_run(&fixture, GOOD, task);
    }
    assert_int_equal(jmh_pool_stats(fixture.pool).waiting, count);
    fixture_wait(&fixture);
    for (uint32_t i = 0; i < count; i++) {
        const struct outcome *outcome = &fixture.outcomes[i];
        assert_int_equal(outcome->done_calls, 1);
        assert_int_equal(outcome->status, JM_OK);
        assert_true(rank_of(fixture.outcomes, priorities, count, i) <
                    outcome->position + processes);
    }
    const struct jmh_pool_stats stats = jmh_pool_stats(fixture.pool);
    assert_int_equal(stats.completed, count);
    assert_int_equal(stats.waiting, 0);
    assert_int_equal(stats.busy, 0);
    assert_int_equal(stats.processes, processes);
    fixture_close(&fixture);
}

static void tasks_begin_by_priority_and_age(void **state)
{
    (void)state;
    the_urgent_begin_first(1, 60);
    the_urgent_begin_first(2, 200);
}

static void a_full_pool_refuses(void **state)
{
    (void)state;
    fixture_open(&fixture, 1, NULL);
    for (int i = 0; i < 220; i++) {
        (void)fixture_run(&fixture, GOOD, fixture_task("echo"));
    }
    const jm_task task = fixture_task("echo");
    const struct jmh_task_events events = {0};
    struct jmh_err err;
    jm_id id;
    assert_int_equal(jmh_pool_run(fixture.pool, GOOD, &task, &events, &id, &err), JM_ENOMEM);
    assert_non_null(strstr(err.text, "220 tasks wait"));
    fixture_wait(&fixture);
    assert_int_equal(fixture_do(&fixture, GOOD, task)->status, JM_OK);
    fixture_close(&fixture);
}

static void a_waiting_task_is_taken_out(void **state)
{
    (void)state;
    fixture_open(&fixture, 1, NULL);
    struct outcome *first = fixture_run(&fixture, GOOD, fixture_task("echo"));
    struct outcome *second = fixture_run(&fixture, GOOD, fixture_task("echo"));
    assert_int_equal(jmh_pool_cancel(fixture.pool, second->id), JM_OK);
    assert_int_equal(jmh_pool_cancel(fixture.pool, second->id), JM_OK);
    assert_int_equal(second->done_calls, 0);
    assert_int_equal(jmh_pool_stats(fixture.pool).waiting, 1);
    fixture_wait(&fixture);
    assert_int_equal(first->status, JM_OK);
    assert_int_equal(second->status, JM_ECANCELLED);
    assert_says(second, "before it began");
    assert_int_equal(jmh_pool_stats(fixture.pool).started, 1);
    assert_int_equal(jmh_pool_cancel(fixture.pool, second->id), JM_EGONE);
    assert_int_equal(jmh_pool_cancel(fixture.pool, 12345), JM_EGONE);
    fixture_close(&fixture);
}

static void run_another(struct outcome *outcome)
{
    struct pool_fixture *with = outcome->fixture;
    assert_int_equal(jmh_pool_cancel(with->pool, outcome->id), JM_EGONE);
    if (with->count < 5) {
        fixture_run(with, GOOD, fixture_task("echo"))->on_done = run_another;
    }
    with->wanted = with->count;
}

static void a_task_may_start_the_next_from_done(void **state)
{
    (void)state;
    fixture_open(&fixture, 2, NULL);
    fixture_run(&fixture, GOOD, fixture_task("echo"))->on_done = run_another;
    fixture_wait(&fixture);
    assert_int_equal(fixture.count, 5);
    fixture_close(&fixture);
}

static void look_at_workers(struct outcome *outcome)
{
    struct jmh_worker_info info[4];
    assert_int_equal(jmh_pool_workers(outcome->fixture->pool, info, 0), 0);
    assert_int_equal(jmh_pool_workers(outcome->fixture->pool, info, 4), 1);
    assert_true(info[0].pid > 1);
    assert_string_equal(info[0].label, "read IMG_0042.CR2");
    assert_int_equal(jmh_pool_stats(outcome->fixture->pool).busy, 1);
    (void)jmh_pool_cancel(outcome->fixture->pool, outcome->id);
}

static void workers_tell_what_they_do(void **state)
{
    (void)state;
    fixture_open(&fixture, 2, NULL);
    jm_task task = fixture_task("wait_for_cancel");
    task.label = "read IMG_0042.CR2";
    fixture_run(&fixture, GOOD, task)->on_progress = look_at_workers;
    fixture_wait(&fixture);
    struct jmh_worker_info info[4];
    assert_int_equal(jmh_pool_workers(fixture.pool, info, 4), 1);
    assert_null(info[0].label);
    assert_int_equal(info[0].busy_ms, 0);
    fixture_close(&fixture);
}

/* As an installation does it: the new file takes the place of the old one at once. */
static void copy_file(const char *from, const char *to)
{
    char bytes[4096];
    char fresh[128];
    (void)snprintf(fresh, sizeof fresh, "%s.new", to);
    FILE *in = fopen(from, "r");
    FILE *out = fopen(fresh, "w");
    assert_true(in != NULL && out != NULL);
    for (size_t got; (got = fread(bytes, 1, sizeof bytes, in)) > 0;) {
        assert_int_equal(fwrite(bytes, 1, got, out), got);
    }
    assert_int_equal(fclose(in), 0);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(rename(fresh, to), 0);
}

static void another_build_gets_another_worker(void **state)
{
    (void)state;
    char folder[] = "/tmp/junmai-pool-XXXXXX";
    char object[64];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(object, sizeof object, "%s/which-task.so", folder);
    fixture_open(&fixture, 1, NULL);
    copy_file(TASK_DIR "/build1-task.so", object);
    char first[96];
    for (int round = 0; round < 3; round++) {
        const struct outcome *outcome = fixture_do(&fixture, object, fixture_task("which"));
        assert_says(outcome, "{\"build\":1,\"setups\":1,");
        if (round > 0) {
            assert_string_equal(outcome->text, first);
        }
        (void)snprintf(first, sizeof first, "%s", outcome->text);
    }
    copy_file(TASK_DIR "/build2-task.so", object);
    assert_says(fixture_do(&fixture, object, fixture_task("which")), "{\"build\":2,\"setups\":1,");
    assert_int_equal(jmh_pool_stats(fixture.pool).processes, 1);
    assert_int_equal(jmh_pool_stats(fixture.pool).crashed, 0);
    fixture_close(&fixture);
    assert_int_equal(unlink(object), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void without_a_program_every_task_is_told_why(void **state)
{
    (void)state;
    fixture_open(&fixture, 2, "/nowhere/junmai-worker");
    for (int i = 0; i < 20; i++) {
        (void)fixture_run(&fixture, GOOD, fixture_task("echo"));
    }
    fixture_wait(&fixture);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(fixture.outcomes[i].status, JM_EIO);
        assert_says(&fixture.outcomes[i],
                    "cannot start the worker program /nowhere/junmai-worker: No such file");
    }
    assert_int_equal(jmh_pool_stats(fixture.pool).failed, 20);
    fixture_close(&fixture);
}

static uint32_t count_lines(const char *path)
{
    uint32_t lines = 0;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    for (int c; (c = fgetc(file)) != EOF;) {
        lines += c == '\n';
    }
    assert_int_equal(fclose(file), 0);
    return lines;
}

/* The program leaves a line in a file and ends: that file tells how often it was started. */
static void a_broken_program_is_not_started_again_and_again(void **state)
{
    (void)state;
    char folder[] = "/tmp/junmai-pool-XXXXXX";
    char program[64];
    char starts[64];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(program, sizeof program, "%s/junmai-worker", folder);
    (void)snprintf(starts, sizeof starts, "%s/starts", folder);
    FILE *file = fopen(program, "w");
    assert_non_null(file);
    assert_true(fprintf(file, "#!/bin/sh\necho start >> %s\nexit 41\n", starts) > 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(program, 0700), 0);

    fixture_open(&fixture, 2, program);
    for (int i = 0; i < 30; i++) {
        const struct outcome *outcome = fixture_do(&fixture, GOOD, fixture_task("echo"));
        assert_int_equal(outcome->status, JM_EIO);
        assert_says(outcome, "ended with exit status 41");
    }
    fixture_close(&fixture);
    assert_true(count_lines(starts) <= 5);
    assert_int_equal(unlink(starts), 0);
    assert_int_equal(unlink(program), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void a_pool_may_end_with_work_in_it(void **state)
{
    (void)state;
    uint32_t before = count_fds();
    fixture_open(&fixture, 2, NULL);
    int file = memfd_create("pool-test", MFD_CLOEXEC);
    (void)fixture_do(&fixture, GOOD, fixture_task("echo"));
    for (int i = 0; i < 10; i++) {
        jm_task task = fixture_task("hang");
        task.fds = &file;
        task.fd_count = 1;
        (void)fixture_run(&fixture, HOSTILE, task);
    }
    assert_int_equal(jmh_pool_cancel(fixture.pool, fixture.outcomes[5].id), JM_OK);
    fixture_close(&fixture);
    assert_int_equal(fixture.done_count, 1);
    assert_int_equal(close(file), 0);
    assert_int_equal(count_fds(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_has_a_result_and_progress),
        cmocka_unit_test(a_failure_has_a_sentence),
        cmocka_unit_test(objects_that_are_none_are_refused),
        cmocka_unit_test(descriptors_reach_the_task_and_stay_nowhere),
        cmocka_unit_test(progress_is_thinned_out),
        cmocka_unit_test(large_texts_go_both_ways),
        cmocka_unit_test(tasks_begin_by_priority_and_age),
        cmocka_unit_test(a_full_pool_refuses),
        cmocka_unit_test(a_waiting_task_is_taken_out),
        cmocka_unit_test(a_task_may_start_the_next_from_done),
        cmocka_unit_test(workers_tell_what_they_do),
        cmocka_unit_test(another_build_gets_another_worker),
        cmocka_unit_test(without_a_program_every_task_is_told_why),
        cmocka_unit_test(a_broken_program_is_not_started_again_and_again),
        cmocka_unit_test(a_pool_may_end_with_work_in_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
