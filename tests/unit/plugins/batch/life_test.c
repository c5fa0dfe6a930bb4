/* The life of a batch: started, fed, paused, resumed, cancelled, completed, and what of it survives. */
#include "fixture.h"

#include <stdio.h>

static void complete(struct fixture *f, const char *id, int64_t jobs)
{
    fixture_move(f, id, QUEUE_PENDING, QUEUE_PROCESSING, jobs);
    fixture_move(f, id, QUEUE_PROCESSING, QUEUE_COMPLETED, jobs);
}

static void a_batch_is_fed_followed_and_completed(void **state)
{
    struct fixture *f = *state;
    const char *id = fixture_start(f, 100);
    assert_int_equal(strlen(id), strlen("batch_") + 12);
    assert_int_equal(fixture_told(f, "batch_started"), 1);
    const json_t *details =
        json_object_get(fakehost_event_at(f->host, "system_status", 0)->fields, "details");
    assert_string_equal(json_string_value(json_object_get(details, "batch_id")), id);
    assert_int_equal(json_integer_value(json_object_get(details, "photo_count")), 100);
    assert_true(json_is_null(json_object_get(details, "session_id")));
    assert_int_equal(fixture_jobs(id, QUEUE_PENDING), 0);
    assert_int_equal(fixture_count(f, id, "pending_count"), 100);

    fixture_settle(f);
    assert_int_equal(fixture_jobs(id, QUEUE_PENDING), 100);
    assert_int_equal(fakehost_sql(f->host, "SELECT count(*) FROM batch_parts"), 0);
    complete(f, id, 60);
    fixture_move(f, id, QUEUE_PENDING, QUEUE_FAILED, 10);
    fakehost_advance_ms(f->host, 5000);
    fixture_settle(f);
    assert_string_equal(fixture_status(f, id), "running");
    assert_int_equal(fixture_count(f, id, "processed_count"), 60);
    assert_int_equal(fixture_count(f, id, "failed_count"), 10);
    size_t last = fakehost_event_count(f->host, "batch_progress") - 1;
    const struct fakehost_event *event = fakehost_event_at(f->host, "batch_progress", last);
    assert_string_equal(event->channel, "jobs");
    assert_int_equal(json_integer_value(json_object_get(event->fields, "processed")), 60);
    assert_true(json_real_value(json_object_get(event->fields, "progress_percent")) == 60);
    assert_true(json_real_value(json_object_get(event->fields, "eta_s")) > 0);

    complete(f, id, 30);
    assert_int_equal(fixture_told(f, "batch_completed"), 0);
    fixture_settle(f);
    assert_int_equal(fixture_told(f, "batch_completed"), 1);
    assert_string_equal(fixture_status(f, id), "completed");
    fixture_restart(f);
    fixture_settle(f);
    assert_int_equal(fixture_told(f, "batch_completed"), 1);
}

static void what_is_asked_is_true_before_the_timer(void **state)
{
    struct fixture *f = *state;
    const char *id = fixture_start(f, 1);
    fixture_settle(f);
    complete(f, id, 1);
    assert_string_equal(fixture_status(f, id), "completed");
    fixture_settle(f);
    assert_int_equal(fixture_told(f, "batch_completed"), 1);
}

static void a_paused_batch_stays_paused(void **state)
{
    struct fixture *f = *state;
    const char *id = fixture_start(f, 40);
    fixture_settle(f);
    fixture_request(f, 200, "POST", NULL, "/batch/%s/pause", id);
    assert_true(fixture_is_held(id));
    assert_int_equal(fixture_told(f, "batch_paused"), 1);
    const json_t *refusal = fixture_request(f, 409, "POST", NULL, "/batch/%s/pause", id);
    assert_string_equal(json_string_value(json_object_get(refusal, "status")), "paused");
    complete(f, id, 2);
    fixture_restart(f);
    fixture_settle(f);
    assert_string_equal(fixture_status(f, id), "paused");
    fixture_request(f, 200, "POST", NULL, "/batch/%s/resume", id);
    assert_false(fixture_is_held(id));
    assert_int_equal(fixture_told(f, "batch_resumed"), 1);
    fixture_request(f, 409, "POST", NULL, "/batch/%s/resume", id);
    complete(f, id, 38);
    fixture_settle(f);
    assert_string_equal(fixture_status(f, id), "completed");
    refusal = fixture_request(f, 409, "POST", NULL, "/batch/%s/pause", id);
    assert_string_equal(json_string_value(json_object_get(refusal, "status")), "completed");
    fixture_request(f, 409, "POST", NULL, "/batch/%s/cancel", id);
}

static void cancelling_ends_what_waits_and_what_has_no_job(void **state)
{
    struct fixture *f = *state;
    const char *id = fixture_start(f, 5000);
    fixture_fire(f);
    int64_t made = fixture_jobs(id, QUEUE_PENDING);
    assert_true(made > 0);
    complete(f, id, 7);
    fixture_request(f, 200, "POST", NULL, "/batch/%s/cancel", id);
    fixture_settle(f);
    assert_int_equal(fixture_jobs(id, QUEUE_CANCELLED), made - 7);
    assert_string_equal(fixture_status(f, id), "cancelled");
    assert_int_equal(fixture_count(f, id, "cancelled_count"), 5000 - 7);
    assert_int_equal(fixture_count(f, id, "pending_count"), 0);
    assert_int_equal(fixture_told(f, "batch_cancelled"), 1);
    fixture_request(f, 200, "POST", NULL, "/batch/%s/cancel", id);
    assert_int_equal(fixture_told(f, "batch_cancelled"), 1);
    assert_int_equal(fixture_told(f, "batch_completed"), 0);
}

static void feeding_goes_on_after_a_restart_and_after_a_failure(void **state)
{
    struct fixture *f = *state;
    const char *id = fixture_start(f, 10000);
    fixture_fire(f);
    assert_true(fixture_jobs(id, QUEUE_PENDING) < 10000);
    fixture_restart(f);
    fixture_settle(f);
    assert_int_equal(fixture_jobs(id, QUEUE_PENDING), 10000);

    id = fixture_start(f, 3);
    fixture_fail_submit();
    fixture_fire(f);
    assert_int_equal(fakehost_sql(f->host, "SELECT count(*) FROM batch_parts"), 1);
    assert_true(fixture_timers() > 0);
    fixture_settle(f);
    assert_int_equal(fixture_jobs(id, QUEUE_PENDING), 3);
}

static void a_photograph_that_is_gone_counts_as_failed(void **state)
{
    struct fixture *f = *state;
    const char *id = fixture_start(f, 3);
    fixture_lose_photo(2);
    fixture_settle(f);
    assert_int_equal(fixture_count(f, id, "failed_count"), 1);
    complete(f, id, 2);
    fixture_settle(f);
    assert_string_equal(fixture_status(f, id), "completed");
    assert_int_equal(fixture_told(f, "batch_completed"), 1);
}

static void a_job_that_is_begun_anew_reopens_its_batch(void **state)
{
    struct fixture *f = *state;
    const char *id = fixture_start(f, 2);
    fixture_settle(f);
    complete(f, id, 1);
    fixture_move(f, id, QUEUE_PENDING, QUEUE_FAILED, 1);
    fixture_settle(f);
    assert_string_equal(fixture_status(f, id), "completed");
    fixture_move(f, id, QUEUE_FAILED, QUEUE_PENDING, 1);
    fixture_settle(f);
    assert_string_equal(fixture_status(f, id), "running");
    complete(f, id, 1);
    fixture_settle(f);
    assert_int_equal(fixture_told(f, "batch_completed"), 2);
    assert_int_equal(fixture_count(f, id, "failed_count"), 0);
}

static void a_completion_that_was_taken_back_is_told_later(void **state)
{
    struct fixture *f = *state;
    const char *id = fixture_start(f, 1);
    fixture_settle(f);
    complete(f, id, 1);
    fakehost_fail_commit(f->host);
    fixture_fire(f);
    assert_int_equal(fixture_told(f, "batch_completed"), 0);
    fixture_settle(f);
    assert_int_equal(fixture_told(f, "batch_completed"), 1);
}

static void old_batches_are_cleaned_up(void **state)
{
    struct fixture *f = *state;
    char old[32];
    snprintf(old, sizeof(old), "%s", fixture_start(f, 1));
    fixture_settle(f);
    complete(f, old, 1);
    fixture_settle(f);
    fakehost_advance_ms(f->host, INT64_C(8) * 24 * 3600 * 1000);
    (void)fixture_start(f, 1);
    const json_t *answer = fixture_request(f, 200, "POST", NULL, "/batch/cleanup");
    assert_int_equal(json_integer_value(json_object_get(answer, "cleaned_count")), 1);
    assert_int_equal(json_integer_value(json_object_get(answer, "days_old")), 7);
    fixture_request(f, 404, "GET", NULL, "/batch/%s/status", old);
    answer = fixture_request(f, 200, "GET", NULL, "/batch/list");
    assert_int_equal(json_integer_value(json_object_get(answer, "count")), 1);
}

static void recovery_looks_at_what_is_open(void **state)
{
    struct fixture *f = *state;
    const char *id = fixture_start(f, 4);
    fixture_settle(f);
    fixture_request(f, 200, "POST", NULL, "/batch/%s/pause", id);
    const json_t *answer = fixture_request(f, 200, "POST", NULL, "/batch/recover");
    assert_int_equal(json_integer_value(json_object_get(answer, "recovered_count")), 1);
    assert_int_equal(json_integer_value(json_object_get(answer, "failed_count")), 0);
    assert_true(json_is_string(json_object_get(answer, "timestamp")));
    assert_true(fixture_is_held(id));
    assert_string_equal(fixture_status(f, id), "paused");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_batch_is_fed_followed_and_completed),
        TEST(what_is_asked_is_true_before_the_timer),
        TEST(a_paused_batch_stays_paused),
        TEST(cancelling_ends_what_waits_and_what_has_no_job),
        TEST(feeding_goes_on_after_a_restart_and_after_a_failure),
        TEST(a_photograph_that_is_gone_counts_as_failed),
        TEST(a_job_that_is_begun_anew_reopens_its_batch),
        TEST(a_completion_that_was_taken_back_is_told_later),
        TEST(old_batches_are_cleaned_up),
        TEST(recovery_looks_at_what_is_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
