/* See pool_fixture.h. */
#include "pool_fixture.h"

#include "host/util/span.h"
#include "host/util/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PATIENCE_MS 60000

/* Where the tests run under a sanitizer the worker does too, and must die as it would without. */
static void tame_sanitizer(const char *variable)
{
    static const char tame[] = "handle_segv=0:handle_abort=0:allocator_may_return_null=1";
    const char *before = getenv(variable);
    char options[512];
    if (before != NULL && strstr(before, tame) != NULL) {
        return;
    }
    (void)snprintf(options, sizeof options, "%s:%s", before != NULL ? before : "", tame);
    assert_int_equal(setenv(variable, options, 1), 0);
}

void fixture_open(struct pool_fixture *fixture, uint32_t processes, const char *program)
{
    const struct jmh_pool_options options = {
        .program = program != NULL ? program : WORKER_PROGRAM,
        .processes = processes,
        .queue_limit = 220,
        .wall_ms = 45000,
        .cpu_ms = 20000,
        .memory_mib = 512,
    };
    tame_sanitizer("ASAN_OPTIONS");
    tame_sanitizer("TSAN_OPTIONS");
    memset(fixture, 0, sizeof *fixture);
    fixture->loop = jmh_loop_new();
    assert_non_null(fixture->loop);
    fixture->pool = jmh_pool_new(fixture->loop, &options);
    assert_non_null(fixture->pool);
}

void fixture_close(struct pool_fixture *fixture)
{
    jmh_pool_free(fixture->pool);
    jmh_loop_free(fixture->loop);
    for (uint32_t i = 0; i < fixture->count; i++) {
        assert_true(fixture->outcomes[i].done_calls <= 1);
        free(fixture->outcomes[i].text);
    }
}

jm_task fixture_task(const char *name)
{
    return (jm_task){
        .size = sizeof(jm_task),
        .priority = JM_TASK_NORMAL,
        .name = name,
        .label = "test",
        .request = jmh_span("{}"),
    };
}

static void on_progress(void *user, jm_id id, double percent, jm_span detail_json)
{
    struct outcome *outcome = user;
    assert_int_equal(id, outcome->id);
    assert_int_equal(outcome->done_calls, 0);
    if (outcome->progress_calls < sizeof outcome->progress / sizeof outcome->progress[0]) {
        outcome->progress[outcome->progress_calls] = percent;
    }
    outcome->progress_calls++;
    outcome->percent = percent;
    (void)snprintf(outcome->detail, sizeof outcome->detail, "%.*s", JMH_ARG(detail_json));
    if (outcome->on_progress != NULL) {
        outcome->on_progress(outcome);
    }
}

static void on_done(void *user, jm_id id, jm_status status, jm_span text)
{
    struct outcome *outcome = user;
    struct pool_fixture *fixture = outcome->fixture;
    assert_int_equal(id, outcome->id);
    assert_true(jmh_utf8_is_valid(text));
    outcome->done_calls++;
    outcome->position = fixture->done_count++;
    outcome->status = status;
    outcome->text = jmh_span_dup(text);
    outcome->text_len = text.len;
    if (outcome->on_done != NULL) {
        outcome->on_done(outcome);
    }
    if (fixture->done_count >= fixture->wanted) {
        jmh_loop_stop(fixture->loop);
    }
}

struct outcome *fixture_run(struct pool_fixture *fixture, const char *object, jm_task task)
{
    assert_true(fixture->count < OUTCOMES_MAX);
    struct outcome *outcome = &fixture->outcomes[fixture->count++];
    outcome->fixture = fixture;
    const struct jmh_task_events events = {on_progress, on_done, outcome};
    struct jmh_err err;
    jm_status status = jmh_pool_run(fixture->pool, object, &task, &events, &outcome->id, &err);
    if (status != JM_OK) {
        fail_msg("run() failed: %s", err.text);
    }
    assert_int_equal(outcome->done_calls, 0);
    return outcome;
}

static void on_too_late(void *user)
{
    struct pool_fixture *fixture = user;
    fixture->too_late = true;
    jmh_loop_stop(fixture->loop);
}

void fixture_wait(struct pool_fixture *fixture)
{
    fixture->wanted = fixture->count;
    fixture->too_late = false;
    struct jmh_timer *deadline =
        jmh_timer_start(fixture->loop, PATIENCE_MS, 0, on_too_late, fixture);
    while (fixture->done_count < fixture->count && !fixture->too_late) {
        fixture->wanted = fixture->count;
        jmh_loop_run(fixture->loop);
    }
    if (fixture->too_late) {
        fail_msg("%u of %u tasks were done in time", fixture->done_count, fixture->count);
    }
    jmh_timer_stop(deadline);
}

struct outcome *fixture_do(struct pool_fixture *fixture, const char *object, jm_task task)
{
    struct outcome *outcome = fixture_run(fixture, object, task);
    fixture_wait(fixture);
    return outcome;
}

void assert_says(const struct outcome *outcome, const char *words)
{
    if (strstr(outcome->text, words) == NULL) {
        fail_msg("'%s' does not say '%s'", outcome->text, words);
    }
}
