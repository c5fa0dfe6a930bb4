/* The decisions of a session that is gone are forgotten, and no others. */
#include "fixture.h"

static int64_t rows(struct fixture *f)
{
    return fakehost_sql(f->host, "SELECT count(*) FROM approval_decisions");
}

static void decide_on_all(struct fixture *f)
{
    for (int photo = 1; photo <= FAKE_PHOTOS; photo++)
        fixture_post(f, 200, "/api/approval", photo, "reject", NULL);
}

static void decisions_go_with_their_session(void **state)
{
    struct fixture *f = *state;
    decide_on_all(f);
    fixture_fire(f);
    assert_int_equal(rows(f), FAKE_PHOTOS);
    f->catalog.session_gone = true;
    fixture_fire(f);
    assert_int_equal(rows(f), FAKE_PHOTOS / 2);
    assert_int_equal(fakehost_sql(f->host, "SELECT count(*) FROM approval_decisions"
                                           " WHERE session_id IS NOT NULL"),
                     0);
}

/* More than is good for one turn goes in several. */
static void many_go_in_slices(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 350; i++) {
        fixture_post(f, 200, "/api/approval", 1, "reject", NULL);
        fixture_post(f, 200, "/api/approval", 1, "approve", NULL);
    }
    assert_int_equal(rows(f), 700);
    f->catalog.session_gone = true;
    fixture_fire(f);
    assert_int_equal(rows(f), 200);
    fixture_fire(f);
    assert_int_equal(rows(f), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(decisions_go_with_their_session),
        TEST(many_go_in_slices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
