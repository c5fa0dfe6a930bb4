/* What follows from a photograph's status: decisions that agree, sessions that complete and reopen,
 * and that both are told. Photographs found by query_photos. */
#include "fixture.h"

#include <stdio.h>

static const char *session_status(struct fixture *f, int id)
{
    return fixture_text(fixture_request(f, 200, "GET", NULL, "/sessions/%d", id), "status");
}

static const json_t *photo(struct fixture *f, int id)
{
    return fixture_request(f, 200, "GET", NULL, "/api/photos/%d", id);
}

static void update(struct fixture *f, int64_t id, const char *json)
{
    assert_int_equal(fixture_update(f, id, json), JM_OK);
}

static void a_session_completes_once_by_itself(void **state)
{
    struct fixture *f = *state;
    fixture_session(f, "a");
    for (int n = 1; n <= 3; n++)
        fixture_photo(f, 1, n);
    update(f, 1, "{\"status\": \"completed\", \"approved\": true}");
    update(f, 2, "{\"status\": \"rejected\"}");
    update(f, 3, "{\"status\": \"failed\"}");
    assert_string_equal(session_status(f, 1), "importing");
    assert_int_equal(fakehost_event_count(f->host, "session_completed"), 0);
    update(f, 3, "{\"status\": \"completed\"}");
    assert_string_equal(session_status(f, 1), "completed");
    fixture_expect(fakehost_event_at(f->host, "session_completed", 0)->fields,
                   "{\"session_id\": 1, \"session_name\": \"a\", \"total_photos\": 3,"
                   " \"approved_photos\": 1, \"approval_rate\": 33.33}");
    update(f, 3, "{\"status\": \"rejected\"}");
    update(f, 1, "{\"approved\": false}");
    assert_int_equal(fakehost_event_count(f->host, "session_completed"), 1);
}

static void a_completed_session_reopens(void **state)
{
    struct fixture *f = *state;
    fixture_session(f, "a");
    fixture_photo(f, 1, 1);
    update(f, 1, "{\"status\": \"completed\"}");
    fixture_photo(f, 1, 2);
    assert_string_equal(session_status(f, 1), "importing");
    update(f, 2, "{\"status\": \"completed\"}");
    assert_string_equal(session_status(f, 1), "completed");
    update(f, 2, "{\"status\": \"queued\"}");
    assert_string_equal(session_status(f, 1), "developing");
    assert_int_equal(fakehost_event_count(f->host, "session_completed"), 2);
}

static void deleting_tells_who_is_gone(void **state)
{
    struct fixture *f = *state;
    fixture_session(f, "a");
    fixture_photo(f, 1, 1);
    fixture_request(f, 200, "DELETE", NULL, "/sessions/1");
    const struct fakehost_event *event = fakehost_event_at(f->host, "session_deleted", 0);
    assert_non_null(event);
    assert_int_equal(event->retention, JM_RETAIN_DURABLE);
    fixture_expect(event->fields, "{\"session_id\": 1, \"session_name\": \"a\"}");
    fixture_request(f, 404, "DELETE", NULL, "/sessions/1");
    assert_int_equal(fakehost_event_count(f->host, "session_deleted"), 1);
}

static void approval_and_rejection_exclude_each_other(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, 0, 1);
    update(f, 1, "{\"status\": \"rejected\", \"rejection_reason\": \"blurred\"}");
    assert_string_equal(fixture_text(photo(f, 1), "rejection_reason"), "blurred");
    assert_int_equal(fixture_update(f, 1, "{\"approved\": true, \"rejection_reason\": \"x\"}"),
                     JM_EINVAL);
    update(f, 1, "{\"approved\": true}");
    assert_string_equal(fixture_text(photo(f, 1), "status"), "completed");
    assert_true(json_is_null(fixture_value(photo(f, 1), "rejection_reason")));
    assert_true(json_is_string(fixture_value(photo(f, 1), "approved_at")));
    update(f, 1, "{\"status\": \"rejected\"}");
    assert_true(json_is_false(fixture_value(photo(f, 1), "approved")));
    assert_true(json_is_null(fixture_value(photo(f, 1), "approved_at")));
    update(f, 1, "{\"rejection_reason\": \"eyes closed\"}");
    update(f, 1, "{\"status\": \"queued\"}");
    assert_true(json_is_null(fixture_value(photo(f, 1), "rejection_reason")));
}

static void count_photos(void *user, jm_span json)
{
    json_t *found = json_loadb(json.ptr, json.len, 0, NULL);
    int64_t *counts = user;
    counts[0] = (int64_t)json_array_size(json_object_get(found, "photos"));
    counts[1] = json_integer_value(json_object_get(found, "total"));
    counts[2] = json_integer_value(
        json_object_get(json_array_get(json_object_get(found, "photos"), 0), "id"));
    json_decref(found);
}

static jm_status query(struct fixture *f, const char *json, int64_t counts[3])
{
    fakehost_begin(f->host);
    jm_status status = f->service->query_photos(f->catalog, jm_span_of(json), count_photos, counts);
    fakehost_end(f->host, status == JM_OK);
    return status;
}

static void photographs_are_found_by_what_they_are(void **state)
{
    static const struct {
        const char *json;
        int64_t shown, total, first;
    } cases[] = {
        {"{}", 6, 6, 6},
        {"{\"session_id\": 1, \"order\": \"asc\"}", 5, 5, 1},
        {"{\"ids\": [2, 4, 6, 99]}", 3, 3, 6},
        {"{\"ids\": [2, 4, 6], \"limit\": 0}", 0, 3, 0},
        {"{\"ids\": []}", 0, 0, 0},
        {"{\"ids\": [4, 2, 6], \"session_id\": 1, \"sort\": \"id\", \"order\": \"asc\"}", 2, 2, 2},
        {"{\"status\": \"completed\", \"approved\": false}", 1, 1, 3},
        {"{\"min_score\": 4, \"limit\": 1, \"offset\": 1, \"sort\": \"ai_score\"}", 1, 2, 1},
    };
    struct fixture *f = *state;
    int64_t counts[3];
    fixture_session(f, "a");
    for (int n = 1; n <= 6; n++)
        fixture_photo(f, n < 6 ? 1 : 0, n);
    update(f, 1, "{\"ai_score\": 4}");
    update(f, 2, "{\"ai_score\": 5, \"status\": \"completed\", \"approved\": true}");
    update(f, 3, "{\"status\": \"completed\"}");
    for (size_t i = 0; i < JM_COUNT(cases); i++) {
        if (query(f, cases[i].json, counts) != JM_OK)
            fail_msg("%s: %s", cases[i].json, fakehost_sentence(f->host, "catalog"));
        if (counts[0] != cases[i].shown || counts[1] != cases[i].total ||
            counts[2] != cases[i].first)
            fail_msg("%s: %lld shown of %lld, the first is %lld", cases[i].json,
                     (long long)counts[0], (long long)counts[1], (long long)counts[2]);
    }
}

static void a_query_that_makes_no_sense_is_refused(void **state)
{
    static const char *const bad[] = {"[]",
                                      "{\"colour\": 1}",
                                      "{\"ids\": [1, \"2\"]}",
                                      "{\"ids\": 7}",
                                      "{\"limit\": 10001}",
                                      "{\"limit\": -1}",
                                      "{\"offset\": -1}",
                                      "{\"sort\": \"secret\"}",
                                      "{\"order\": \"up\"}",
                                      "{\"status\": \"gone\"}",
                                      "{\"approved\": 1}"};
    struct fixture *f = *state;
    int64_t counts[3];
    for (size_t i = 0; i < JM_COUNT(bad); i++) {
        if (query(f, bad[i], counts) != JM_EINVAL)
            fail_msg("%s was taken", bad[i]);
    }
}

static void the_service_changes_sessions(void **state)
{
    struct fixture *f = *state;
    fixture_session(f, "a");
    fakehost_begin(f->host);
    assert_int_equal(
        f->service->update_session(f->catalog, 1, JM_SPAN("{\"status\": \"exporting\"}")), JM_OK);
    assert_int_equal(f->service->update_session(f->catalog, 1, JM_SPAN("{}")), JM_EINVAL);
    assert_int_equal(f->service->update_session(f->catalog, 2, JM_SPAN("{\"name\": \"b\"}")),
                     JM_ENOENT);
    fakehost_end(f->host, true);
    assert_string_equal(session_status(f, 1), "exporting");
    assert_int_equal(fakehost_event_count(f->host, "session_updated"), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_session_completes_once_by_itself),
        TEST(a_completed_session_reopens),
        TEST(deleting_tells_who_is_gone),
        TEST(approval_and_rejection_exclude_each_other),
        TEST(photographs_are_found_by_what_they_are),
        TEST(a_query_that_makes_no_sense_is_refused),
        TEST(the_service_changes_sessions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
