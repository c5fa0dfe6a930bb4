/* What a request may bring, and what is refused with nothing done. */
#include "fixture.h"

static void expect_refused(struct fixture *f, int status, const char *body, const char *words)
{
    const json_t *answer = fixture_request(f, status, "POST", body, "/batch/start");
    const char *error = json_string_value(json_object_get(answer, "error"));
    if (error == NULL || strstr(error, words) == NULL)
        fail_msg("%.80s: \"%s\" does not say \"%s\"", body, error, words);
    assert_int_equal(fakehost_sql(f->host, "SELECT count(*) FROM batch_batches"), 0);
    assert_int_equal(fakehost_event_count(f->host, NULL), 0);
}

static void a_start_that_makes_no_sense_is_refused(void **state)
{
    static const struct {
        int status;
        const char *body, *words;
    } cases[] = {
        {400, "{}", "photo_ids is required"},
        {400, "{\"photo_ids\": null}", "photo_ids is required"},
        {400, "{\"photo_ids\": []}", "photo_ids must be a non-empty list"},
        {400, "{\"photo_ids\": 7}", "photo_ids must be a non-empty list"},
        {400, "{\"photo_ids\": {\"1\": 1}}", "photo_ids must be a non-empty list"},
        {400, "{\"photo_ids\": [1, \"2\"]}", "number 2 is a text"},
        {400, "{\"photo_ids\": [1.5]}", "number 1 is a number"},
        {400, "{\"photo_ids\": [true]}", "number 1 is true or false"},
        {400, "{\"photo_ids\": [1, 2, 0]}", "number 3 is not positive"},
        {400, "{\"photo_ids\": [-1]}", "number 1 is not positive"},
        {404, "{\"photo_ids\": [1, 20001, 20002]}", "there is no photograph 20001"},
        {404, "{\"photo_ids\": [1], \"session_id\": 99}", "Session not found"},
        {404, "{\"photo_ids\": [1], \"session_id\": 0}", "Session not found"},
        {400, "{\"photo_ids\": [1], \"session_id\": \"1\"}", "session_id must be an integer"},
        {400, "{\"photo_ids\": [1], \"config\": []}", "config must be an object"},
        {400, "{\"photo_ids\": [1], \"kind\": \"\"}", "kind must be"},
        {400, "{\"photo_ids\": [1], \"kind\": \"De velop\"}", "kind must be"},
        {400, "{\"photo_ids\": [1], \"priority\": 0}", "between 1 and 10"},
        {400, "{\"photo_ids\": [1], \"priority\": 11}", "between 1 and 10"},
        {400, "{\"photo_ids\": [1], \"priority\": 1.5}", "between 1 and 10"},
        {400, "{\"photo_ids\": [1], \"priority\": true}", "between 1 and 10"},
        {400, "{\"photo_ids\": [1], \"priority\": \"high\"}", "between 1 and 10"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < JM_COUNT(cases); i++)
        expect_refused(f, cases[i].status, cases[i].body, cases[i].words);
}

static void too_many_photographs_are_refused(void **state)
{
    struct fixture *f = *state;
    json_t *ids = json_array();
    for (int i = 1; i <= 100001; i++)
        json_array_append_new(ids, json_integer(i));
    json_t *document = json_pack("{s:o}", "photo_ids", ids);
    char *body = json_dumps(document, JSON_COMPACT);
    expect_refused(f, 400, body, "at most 100000");
    free(body);
    json_decref(document);
}

static void a_photograph_that_stands_twice_is_one(void **state)
{
    struct fixture *f = *state;
    const json_t *answer = fixture_request(
        f, 200, "POST", "{\"photo_ids\": [3, 1, 3, 2, 1], \"session_id\": 2, \"priority\": 9}",
        "/batch/start");
    assert_int_equal(json_integer_value(json_object_get(answer, "photo_count")), 3);
    assert_int_equal(
        fakehost_sql(f->host, "SELECT photo_ids = '[3,1,2]' FROM batch_parts WHERE part = 0"), 1);
    assert_int_equal(fakehost_sql(f->host, "SELECT priority FROM batch_batches"), 9);
    assert_int_equal(fakehost_sql(f->host, "SELECT session_id FROM batch_batches"), 2);
}

static void an_unknown_batch_is_404(void **state)
{
    static const char *const paths[] = {"/batch/batch_000000000000/pause",
                                        "/batch/batch_000000000000/resume",
                                        "/batch/nonsense/cancel"};
    struct fixture *f = *state;
    for (size_t i = 0; i < JM_COUNT(paths); i++)
        fixture_request(f, 404, "POST", NULL, "%s", paths[i]);
    const json_t *answer = fixture_request(f, 404, "GET", NULL, "/batch/nonsense/status");
    assert_string_equal(json_string_value(json_object_get(answer, "error")), "Batch not found");
}

static void other_parameters_are_checked(void **state)
{
    struct fixture *f = *state;
    fixture_request(f, 400, "POST", "{\"days_old\": -1}", "/batch/cleanup");
    fixture_request(f, 400, "POST", "{\"days_old\": true}", "/batch/cleanup");
    fixture_request(f, 400, "POST", "{\"days_old\": 36501}", "/batch/cleanup");
    fixture_request(f, 400, "GET", NULL, "/batch/list?status=over");
    fixture_request(f, 400, "GET", NULL, "/batch/list?limit=-1");
    const json_t *answer = fixture_request(f, 200, "GET", NULL, "/batch/list?status=running");
    assert_int_equal(json_array_size(json_object_get(answer, "batches")), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_start_that_makes_no_sense_is_refused), TEST(too_many_photographs_are_refused),
        TEST(a_photograph_that_stands_twice_is_one),  TEST(an_unknown_batch_is_404),
        TEST(other_parameters_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
