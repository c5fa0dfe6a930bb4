/* The rules of deciding: what changes what, what is a repeat, and what is kept of it. */
#include "fixture.h"

#include <junmai/sdk/span.h>

static const char *const statuses[] = {"imported",  "analyzed", "queued",  "processing",
                                       "completed", "failed",   "rejected"};

static int64_t count_rows(struct fixture *f, const char *where)
{
    char sql[256];
    snprintf(sql, sizeof(sql), "SELECT count(*) FROM approval_decisions WHERE %s", where);
    return fakehost_sql(f->host, sql);
}

static void any_state_can_be_approved_and_rejected(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < JM_COUNT(statuses); i++) {
        fixture_set(f, 1, "status", statuses[i]);
        fixture_post(f, 200, "/api/approval", 1, "approve", NULL);
        fixture_expect(f, 1, "completed", true, NULL);
        fixture_expect_events(f, 1, 0, 1);
        fixture_post(f, 200, "/api/approval", 1, "reject", "{\"reason\":\"soft\"}");
        fixture_expect(f, 1, "rejected", false, "soft");
        fixture_expect_events(f, 0, 1, 1);
    }
    assert_int_equal(count_rows(f, "photo_id = 1"), 2 * JM_COUNT(statuses));
}

static void an_approved_one_that_is_not_completed_is_approved_anew(void **state)
{
    struct fixture *f = *state;
    fixture_post(f, 200, "/approval", 1, "approve", NULL);
    fixture_set(f, 1, "status", "queued");
    fixture_post(f, 200, "/approval", 1, "approve", NULL);
    fixture_expect(f, 1, "completed", true, NULL);
    fixture_expect_events(f, 2, 0, 2);
}

static void a_repeat_leaves_no_trace(void **state)
{
    static const char *const prefixes[] = {"/approval", "/api/approval", "/photos"};
    struct fixture *f = *state;
    fixture_post(f, 200, "/approval", 1, "approve", NULL);
    fixture_post(f, 200, "/approval", 2, "reject", "{\"reason\":\"soft\"}");
    fixture_expect_events(f, 1, 1, 2);
    for (size_t i = 0; i < JM_COUNT(prefixes); i++) {
        fixture_post(f, 200, prefixes[i], 1, "approve", "{\"auto_export\":true}");
        fixture_post(f, 200, prefixes[i], 2, "reject", NULL);
        fixture_post(f, 200, prefixes[i], 2, "reject", "{\"reason\":null}");
        fixture_post(f, 200, prefixes[i], 2, "reject", "{\"reason\":\"soft\"}");
    }
    fixture_expect_events(f, 0, 0, 0);
    fixture_expect(f, 2, "rejected", false, "soft");
    assert_int_equal(f->exports, 0);
    assert_int_equal(count_rows(f, "1"), 2);
}

static void another_reason_is_a_change(void **state)
{
    struct fixture *f = *state;
    fixture_set(f, 1, "status", "rejected");
    fixture_post(f, 200, "/photos", 1, "reject", NULL);
    fixture_expect_events(f, 0, 0, 0);
    fixture_post(f, 200, "/photos", 1, "reject", "{\"reason\":\"soft\"}");
    fixture_post(f, 200, "/photos", 1, "reject", "{\"reason\":\"dark\"}");
    fixture_expect(f, 1, "rejected", false, "dark");
    fixture_expect_events(f, 0, 2, 2);
}

static void events_tell_the_session_and_the_true_count(void **state)
{
    struct fixture *f = *state;
    for (int photo = 1; photo <= 2; photo++) {
        fixture_post(f, 200, "/photos", photo, "approve", NULL);
        const json_t *fields =
            fakehost_event_at(f->host, "approval_queue_updated", (size_t)photo - 1)->fields;
        const json_t *session = json_object_get(fields, "session_id");
        assert_int_equal(json_integer_value(json_object_get(fields, "queue_count")),
                         FAKE_PHOTOS - photo);
        assert_int_equal(json_integer_value(session), photo == 1 ? FAKE_SESSION : 0);
        fields = fakehost_event_at(f->host, "photo_approved", (size_t)photo - 1)->fields;
        assert_int_equal(json_is_null(json_object_get(fields, "session_id")), photo == 2);
    }
}

static void what_is_learnt_from(void **state)
{
    struct fixture *f = *state;
    fixture_set(f, 1, "selected_preset", "Cool");
    fixture_post(f, 200, "/approval", 1, "approve", NULL);
    fixture_post(f, 200, "/api/approval", 1, "modify",
                 "{\"new_preset\":\"Warm\",\"adjustments\":{\"exposure\":0.5}}");
    fixture_post(f, 200, "/photos", 1, "reject", "{\"reason\":\"soft\"}");
    assert_int_equal(count_rows(f, "action = 'approved' AND original_preset = 'Cool'"
                                   " AND final_preset = 'Cool' AND adjustments = '{}'"
                                   " AND reason IS NULL AND job_id IS NULL"),
                     1);
    assert_int_equal(count_rows(f, "action = 'modified' AND original_preset = 'Cool'"
                                   " AND final_preset = 'Warm' AND length(job_id) = 32"
                                   " AND adjustments = '{\"exposure\":0.5}'"
                                   " AND status_before = 'completed' AND approved_before = 1"),
                     1);
    assert_int_equal(count_rows(f, "action = 'rejected' AND final_preset = 'Warm'"
                                   " AND reason = 'soft' AND status_before = 'queued'"),
                     1);
    assert_int_equal(count_rows(f, "who = 'local' AND decided_at > 0 AND undone_at IS NULL"), 3);
}

static void modifying_submits_one_job(void **state)
{
    static const char warm[] = "{\"new_preset\":\"Warm\",\"adjustments\":{\"exposure\":0.5}}";
    struct fixture *f = *state;
    fixture_post(f, 200, "/api/approval", 1, "approve", NULL);
    fixture_post(f, 200, "/api/approval", 1, "modify", warm);
    fixture_expect(f, 1, "queued", false, NULL);
    assert_string_equal(fixture_text(f, 1, "selected_preset"), "Warm");
    assert_string_equal(f->config, "{\"preset\":\"Warm\",\"adjustments\":{\"exposure\":0.5}}");
    fixture_expect_events(f, 1, 0, 2);
    fixture_post(f, 200, "/api/approval", 1, "modify", warm);
    fixture_set(f, 1, "status", "processing");
    fixture_post(f, 200, "/api/approval", 1, "modify", warm);
    assert_int_equal(f->submitted, 1);
    fixture_expect_events(f, 0, 0, 0);
    /* Other adjustments are another wish, and so is the same one once it was fulfilled. */
    fixture_post(f, 200, "/api/approval", 1, "modify", "{\"new_preset\":\"Warm\"}");
    assert_int_equal(f->submitted, 2);
    assert_int_equal(f->cancelled, 1);
    fixture_set(f, 1, "status", "completed");
    fixture_post(f, 200, "/api/approval", 1, "modify", "{\"new_preset\":\"Warm\"}");
    assert_int_equal(f->submitted, 3);
}

static void exports_as_each_family_has_it(void **state)
{
    struct fixture *f = *state;
    fixture_post(f, 200, "/approval", 1, "approve", NULL);
    fixture_post(f, 200, "/api/approval", 2, "approve", NULL);
    fixture_post(f, 200, "/photos", 3, "approve", "{\"auto_export\":false}");
    assert_int_equal(f->exports, 0);
    fixture_post(f, 200, "/photos", 4, "approve", NULL);
    fixture_post(f, 200, "/api/approval", 5, "approve", "{\"auto_export\":true}");
    assert_int_equal(f->exports, 2);
    f->auto_export = true;
    fixture_post(f, 200, "/approval", 6, "approve", NULL);
    const json_t *answer = fixture_post(f, 200, "/api/approval", 7, "approve", NULL);
    assert_true(json_is_true(json_object_get(answer, "export_triggered")));
    assert_int_equal(json_array_size(json_object_get(answer, "export_jobs")), 1);
    fixture_post(f, 200, "/api/approval", 8, "approve", "{\"auto_export\":false}");
    fixture_post(f, 200, "/api/approval", 9, "reject", NULL);
    assert_int_equal(f->exports, 4);
}

static void what_cannot_be_exported_is_not_approved(void **state)
{
    struct fixture *f = *state;
    f->export_fails = true;
    const json_t *answer = fixture_post(f, 503, "/photos", 1, "approve", NULL);
    assert_true(json_is_false(json_object_get(answer, "success")));
    assert_string_equal(json_string_value(json_object_get(answer, "error")),
                        "the test wants it so");
    fixture_expect_events(f, 0, 0, 0);
    assert_int_equal(count_rows(f, "1"), 0);
}

static void it_works_alone(void **state)
{
    struct fixture *f = *state;
    const json_t *answer = fixture_post(f, 200, "/photos", 1, "approve", NULL);
    assert_true(json_is_false(json_object_get(answer, "export_triggered")));
    fixture_post(f, 200, "/approval", 2, "reject", NULL);
    fixture_post(f, 200, "/api/approval", 2, "undo", NULL);
    fixture_expect_events(f, 1, 1, 3);
    fixture_post(f, 503, "/api/approval", 3, "modify", "{\"new_preset\":\"Warm\"}");
    fixture_expect_events(f, 0, 0, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(any_state_can_be_approved_and_rejected),
        TEST(an_approved_one_that_is_not_completed_is_approved_anew),
        TEST(a_repeat_leaves_no_trace),
        TEST(another_reason_is_a_change),
        TEST(events_tell_the_session_and_the_true_count),
        TEST(what_is_learnt_from),
        TEST(modifying_submits_one_job),
        TEST(exports_as_each_family_has_it),
        TEST(what_cannot_be_exported_is_not_approved),
        cmocka_unit_test_setup_teardown(it_works_alone, fixture_setup_alone, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
