/* Develop jobs that let photographs begin or cease to wait: told once, and only where they do. */
#include "fixture.h"

static void a_developed_photograph_waits(void **state)
{
    struct fixture *f = *state;
    fixture_set(f, 1, "status", "processing");
    fixture_set(f, 2, "status", "processing");
    fixture_job(f, 1, QUEUE_COMPLETED, true);
    fixture_job(f, 2, QUEUE_COMPLETED, true);
    fixture_expect_events(f, 0, 0, 0);
    fixture_fire(f);
    const json_t *fields = fakehost_event_at(f->host, "approval_queue_updated", 0)->fields;
    assert_int_equal(json_integer_value(json_object_get(fields, "queue_count")), FAKE_PHOTOS);
    fixture_expect_events(f, 0, 0, 1);
    fixture_fire(f);
    fixture_expect_events(f, 0, 0, 0);
}

static void one_that_is_developed_anew_waits_no_more(void **state)
{
    struct fixture *f = *state;
    fixture_job(f, 1, QUEUE_PENDING, true);
    fixture_fire(f);
    fixture_expect_events(f, 0, 0, 1);
}

static void what_changes_nothing_is_not_told(void **state)
{
    struct fixture *f = *state;
    fixture_set(f, 1, "status", "imported");
    fixture_job(f, 1, QUEUE_PENDING, true);
    fixture_job(f, 1, QUEUE_PROCESSING, true);
    fixture_job(f, 1, QUEUE_FAILED, true);
    /* Decided on while it was developed. */
    fixture_post(f, 200, "/api/approval", 2, "approve", NULL);
    fixture_post(f, 200, "/api/approval", 4, "reject", NULL);
    fixture_expect_events(f, 1, 1, 2);
    fixture_job(f, 2, QUEUE_COMPLETED, true);
    fixture_job(f, 4, QUEUE_COMPLETED, true);
    fixture_job(f, 4, QUEUE_PENDING, true);
    /* Approved, and developed anew all the same. */
    fixture_job(f, 2, QUEUE_PENDING, true);
    fixture_set(f, 2, "status", "processing");
    fixture_job(f, 2, QUEUE_COMPLETED, true);
    fixture_fire(f);
    fixture_expect_events(f, 0, 0, 0);
}

static void a_turn_that_is_taken_back_is_not_told(void **state)
{
    struct fixture *f = *state;
    fixture_set(f, 1, "status", "processing");
    fixture_job(f, 1, QUEUE_COMPLETED, false);
    fixture_fire(f);
    fixture_expect_events(f, 0, 0, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_developed_photograph_waits),
        TEST(one_that_is_developed_anew_waits_no_more),
        TEST(what_changes_nothing_is_not_told),
        TEST(a_turn_that_is_taken_back_is_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
