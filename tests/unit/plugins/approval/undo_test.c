/* Undoing: each state comes back, in the reverse order of the decisions. */
#include "fixture.h"

#include <junmai/sdk/span.h>

static void undo(struct fixture *f, int photo, const char *undone)
{
    const json_t *answer = fixture_post(f, 200, "/api/approval", photo, "undo", NULL);
    assert_string_equal(json_string_value(json_object_get(answer, "undone")), undone);
}

static void each_state_comes_back(void **state)
{
    static const struct {
        const char *before, *after;
    } cases[] = {
        {"imported", "imported"},    {"analyzed", "analyzed"},   {"queued", "completed"},
        {"processing", "completed"}, {"completed", "completed"}, {"failed", "failed"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < JM_COUNT(cases); i++) {
        fixture_set(f, 1, "status", cases[i].before);
        fixture_post(f, 200, "/api/approval", 1, i % 2 == 0 ? "approve" : "reject", NULL);
        undo(f, 1, i % 2 == 0 ? "approved" : "rejected");
        fixture_expect(f, 1, cases[i].after, false, NULL);
    }
}

static void a_chain_is_undone_backwards(void **state)
{
    struct fixture *f = *state;
    fixture_post(f, 200, "/approval", 1, "reject", "{\"reason\":\"soft\"}");
    fixture_post(f, 200, "/approval", 1, "reject", "{\"reason\":\"dark\"}");
    fixture_post(f, 200, "/photos", 1, "approve", NULL);
    fixture_post(f, 200, "/api/approval", 1, "reject", NULL);
    fakehost_clear_events(f->host);
    undo(f, 1, "rejected");
    fixture_expect(f, 1, "completed", true, NULL);
    undo(f, 1, "approved");
    fixture_expect(f, 1, "rejected", false, "dark");
    undo(f, 1, "rejected");
    fixture_expect(f, 1, "rejected", false, "soft");
    undo(f, 1, "rejected");
    fixture_expect(f, 1, "completed", false, NULL);
    fixture_expect_events(f, 0, 0, 4);
    fixture_post(f, 409, "/api/approval", 1, "undo", NULL);
    fixture_expect_events(f, 0, 0, 0);
    assert_int_equal(fakehost_sql(f->host, "SELECT count(*) FROM approval_decisions"
                                           " WHERE undone_at IS NOT NULL"),
                     4);
}

static void a_preset_comes_back_and_its_job_is_cancelled(void **state)
{
    struct fixture *f = *state;
    fixture_set(f, 1, "selected_preset", "Cool");
    fixture_post(f, 200, "/api/approval", 1, "approve", NULL);
    fixture_post(f, 200, "/api/approval", 1, "modify", "{\"new_preset\":\"Warm\"}");
    undo(f, 1, "modified");
    assert_int_equal(f->cancelled, 1);
    assert_string_equal(fixture_text(f, 1, "selected_preset"), "Cool");
    fixture_expect(f, 1, "completed", true, NULL);
    /* A preset that was set by somebody else stays where no modification is undone. */
    fixture_set(f, 1, "selected_preset", "Faded");
    undo(f, 1, "approved");
    assert_string_equal(fixture_text(f, 1, "selected_preset"), "Faded");
    fixture_expect(f, 1, "completed", false, NULL);
}

static void no_preset_comes_back_as_none(void **state)
{
    struct fixture *f = *state;
    fixture_post(f, 200, "/api/approval", 1, "modify", "{\"new_preset\":\"Warm\"}");
    undo(f, 1, "modified");
    assert_null(fixture_text(f, 1, "selected_preset"));
}

static void each_photograph_has_its_own_decisions(void **state)
{
    struct fixture *f = *state;
    fixture_post(f, 200, "/api/approval", 1, "approve", NULL);
    fixture_post(f, 200, "/api/approval", 2, "reject", NULL);
    fixture_post(f, 409, "/api/approval", 3, "undo", NULL);
    undo(f, 1, "approved");
    fixture_expect(f, 2, "rejected", false, "User rejected");
    fixture_post(f, 404, "/api/approval", 4711, "undo", NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(each_state_comes_back),
        TEST(a_chain_is_undone_backwards),
        TEST(a_preset_comes_back_and_its_job_is_cancelled),
        TEST(no_preset_comes_back_as_none),
        TEST(each_photograph_has_its_own_decisions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
