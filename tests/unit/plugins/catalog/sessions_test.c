/* /sessions and /api/sessions. */
#include "fixture.h"

#define NOW "2025-11-09T12:34:56.789Z"

static void creating_answers_201_and_announces(void **state)
{
    struct fixture *f = *state;
    const json_t *answer = fixture_request(
        f, 201, "POST", "{\"name\": \"Wedding\", \"import_folder\": \"/in\"}", "/api/sessions");
    fixture_expect(answer, "{\"id\": 1, \"name\": \"Wedding\", \"import_folder\": \"/in\","
                           " \"status\": \"importing\", \"created_at\": \"" NOW "\"}");
    assert_int_equal(fakehost_event_count(f->host, NULL), 1);
    const struct fakehost_event *event = fakehost_event_at(f->host, "session_created", 0);
    assert_string_equal(event->channel, "sessions");
    assert_int_equal(event->retention, JM_RETAIN_DURABLE);
    fixture_expect(event->fields, "{\"session_id\": 1, \"session_name\": \"Wedding\","
                                  " \"import_folder\": \"/in\"}");
}

static void creating_needs_name_and_folder(void **state)
{
    static const char *const bodies[] = {NULL, "{}", "{\"name\": \"a\"}",
                                         "{\"import_folder\": \"/in\"}",
                                         "{\"name\": null, \"import_folder\": \"/in\"}"};
    struct fixture *f = *state;
    for (size_t i = 0; i < JM_COUNT(bodies); i++)
        fixture_expect(fixture_request(f, 400, "POST", bodies[i], "/api/sessions"),
                       "{\"error\": \"name and import_folder are required\"}");
    fixture_expect_error(
        fixture_request(f, 400, "POST", "{\"name\": 7, \"import_folder\": \"/\"}", "/api/sessions"),
        "name must be a text, not an integer");
    fixture_expect_error(fixture_request(f, 400, "POST",
                                         "{\"name\": \"\", \"import_folder\": \"/\"}",
                                         "/api/sessions"),
                         "name must be a text of 1 to");
    assert_int_equal(fakehost_event_count(f->host, NULL), 0);
}

static void a_taken_name_is_a_conflict(void **state)
{
    struct fixture *f = *state;
    fixture_session(f, "a");
    int64_t b = fixture_session(f, "b");
    fixture_expect(fixture_request(f, 409, "POST",
                                   "{\"name\": \"a\", \"import_folder\": \"/other\"}",
                                   "/api/sessions"),
                   "{\"error\": \"Session with this name already exists\"}");
    fixture_request(f, 409, "PATCH", "{\"name\": \"a\"}", "/api/sessions/%d", (int)b);
    fixture_request(f, 200, "PATCH", "{\"name\": \"b\"}", "/api/sessions/%d", (int)b);
    assert_int_equal(fakehost_event_count(f->host, "session_created"), 2);
}

static void the_bare_list_is_an_array_newest_first(void **state)
{
    struct fixture *f = *state;
    fixture_session(f, "old");
    fakehost_advance_ms(f->host, 1000);
    fixture_session(f, "new");
    const json_t *list = fixture_request(f, 200, "GET", NULL, "/sessions");
    assert_int_equal(json_array_size(list), 2);
    fixture_expect(json_array_get(list, 1),
                   "{\"id\": 1, \"name\": \"old\", \"created_at\": \"" NOW "\","
                   " \"import_folder\": \"/in/old\", \"total_photos\": 0,"
                   " \"processed_photos\": 0, \"progress_percent\": 0,"
                   " \"status\": \"importing\"}");
    assert_string_equal(fixture_text(json_array_get(list, 0), "name"), "new");
}

static void lists_filter_by_status_and_activity(void **state)
{
    struct fixture *f = *state;
    fixture_session(f, "a");
    fixture_session(f, "b");
    fixture_request(f, 200, "PATCH", "{\"status\": \"completed\"}", "/api/sessions/1");
    const json_t *list = fixture_request(f, 200, "GET", NULL, "/sessions?active_only=true");
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(fixture_text(json_array_get(list, 0), "name"), "b");
    list = fixture_request(f, 200, "GET", NULL, "/sessions?status=completed&active_only=False");
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(fixture_text(json_array_get(list, 0), "name"), "a");
    const json_t *page = fixture_request(f, 200, "GET", NULL, "/api/sessions?active_only=1");
    assert_int_equal(fixture_int(page, "total"), 1);
}

static void pages_tell_total_offset_and_limit(void **state)
{
    struct fixture *f = *state;
    const char *const names[] = {"c", "a", "e", "b", "d"};
    for (size_t i = 0; i < JM_COUNT(names); i++)
        fixture_session(f, names[i]);
    const json_t *page =
        fixture_request(f, 200, "GET", NULL, "/api/sessions?sort=name&order=asc&limit=2&offset=1");
    assert_int_equal(fixture_int(page, "total"), 5);
    assert_int_equal(fixture_int(page, "count"), 2);
    assert_int_equal(fixture_int(page, "offset"), 1);
    assert_int_equal(fixture_int(page, "limit"), 2);
    const json_t *rows = fixture_value(page, "sessions");
    assert_string_equal(fixture_text(json_array_get(rows, 0), "name"), "b");
    assert_string_equal(fixture_text(json_array_get(rows, 1), "name"), "c");
    page = fixture_request(f, 200, "GET", NULL, "/api/sessions?offset=5");
    assert_int_equal(fixture_int(page, "count"), 0);
    assert_int_equal(fixture_int(page, "total"), 5);
    page = fixture_request(f, 200, "GET", NULL, "/api/sessions?limit=999999999");
    assert_int_equal(fixture_int(page, "limit"), 1000);
}

static void every_order_is_served_both_ways(void **state)
{
    static const char *const columns[] = {
        "created_at", "id", "name", "import_folder", "status", "total_photos", "processed_photos"};
    struct fixture *f = *state;
    fixture_session(f, "a");
    fixture_session(f, "b");
    for (size_t i = 0; i < JM_COUNT(columns); i++) {
        const json_t *page =
            fixture_request(f, 200, "GET", NULL, "/api/sessions?sort=%s&order=asc", columns[i]);
        const json_t *rows = fixture_value(page, "sessions");
        assert_int_equal(fixture_int(json_array_get(rows, 0), "id"), 1);
        page = fixture_request(f, 200, "GET", NULL, "/api/sessions?sort=%s&order=DESC", columns[i]);
        rows = fixture_value(page, "sessions");
        assert_int_equal(fixture_int(json_array_get(rows, 0), "id"), 2);
    }
}

static void bad_parameters_are_400_and_named(void **state)
{
    static const struct {
        const char *query, *says;
    } cases[] = {
        {"limit=x", "limit must be an integer of at least 0, not \"x\""},
        {"limit=-1", "limit must be"},
        {"offset=1.5", "offset must be"},
        {"offset=99999999999999999999", "offset must be"},
        {"status=gone", "importing, selecting, developing, exporting, completed"},
        {"active_only=maybe", "active_only must be true or false"},
        {"sort=password", "created_at, id, name, import_folder"},
        {"sort=id;DROP", "sort must be one of"},
        {"order=up", "order must be asc or desc"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < JM_COUNT(cases); i++)
        fixture_expect_error(
            fixture_request(f, 400, "GET", NULL, "/api/sessions?%s", cases[i].query),
            cases[i].says);
}

static void one_session_has_its_statistics(void **state)
{
    struct fixture *f = *state;
    int64_t session = fixture_session(f, "a");
    for (int n = 1; n <= 3; n++)
        fixture_photo(f, session, n);
    fixture_update(f, 1, "{\"status\": \"completed\", \"ai_score\": 4}");
    fixture_update(f, 2, "{\"ai_score\": 3.6}");
    const json_t *plain = fixture_request(f, 200, "GET", NULL, "/sessions/1");
    fixture_expect(fixture_value(plain, "photo_stats"), "{\"imported\": 2, \"completed\": 1}");
    assert_null(json_object_get(plain, "score_distribution"));
    const json_t *full = fixture_request(f, 200, "GET", NULL, "/api/sessions/1");
    fixture_expect(fixture_value(full, "photo_stats"), "{\"imported\": 2, \"completed\": 1}");
    fixture_expect(fixture_value(full, "score_distribution"), "{\"4\": 2}");
    fixture_expect(fixture_value(full, "progress_percent"), "33.33");
    assert_int_equal(fixture_int(full, "processed_photos"), 1);
}

static void what_does_not_exist_is_404(void **state)
{
    static const char *const not_found = "{\"error\": \"Session not found\"}";
    struct fixture *f = *state;
    fixture_expect(fixture_request(f, 404, "GET", NULL, "/sessions/7"), not_found);
    fixture_expect(fixture_request(f, 404, "GET", NULL, "/api/sessions/7"), not_found);
    fixture_expect(fixture_request(f, 404, "GET", NULL, "/sessions/99999999999999999999"),
                   not_found);
    fixture_expect(fixture_request(f, 404, "DELETE", NULL, "/sessions/7"), not_found);
    fixture_expect(fixture_request(f, 404, "DELETE", NULL, "/api/sessions/7"), not_found);
    fixture_expect(fixture_request(f, 404, "PATCH", "{\"name\": \"x\"}", "/api/sessions/7"),
                   not_found);
}

static void changing_announces(void **state)
{
    struct fixture *f = *state;
    fixture_session(f, "a");
    fakehost_clear_events(f->host);
    const json_t *answer = fixture_request(
        f, 200, "PATCH", "{\"name\": \"b\", \"status\": \"selecting\"}", "/api/sessions/1");
    fixture_expect(answer, "{\"id\": 1, \"name\": \"b\", \"status\": \"selecting\","
                           " \"import_folder\": \"/in/a\"}");
    assert_int_equal(fakehost_event_count(f->host, NULL), 1);
    const struct fakehost_event *event = fakehost_event_at(f->host, "session_updated", 0);
    assert_int_equal(event->retention, JM_RETAIN_MEMORY);
    fixture_expect(event->fields, "{\"session_id\": 1, \"total_photos\": 0,"
                                  " \"processed_photos\": 0, \"progress_percent\": 0,"
                                  " \"status\": \"selecting\"}");
}

static void a_bad_change_changes_nothing(void **state)
{
    struct fixture *f = *state;
    fixture_session(f, "a");
    fakehost_clear_events(f->host);
    fixture_expect(fixture_request(f, 400, "PATCH", "{}", "/api/sessions/1"),
                   "{\"error\": \"No update data provided\"}");
    fixture_request(f, 400, "PATCH", NULL, "/api/sessions/1");
    fixture_request(f, 400, "PATCH", "{\"id\": 3}", "/api/sessions/1");
    fixture_expect_error(fixture_request(f, 400, "PATCH",
                                         "{\"name\": \"b\", \"status\": \"processing\"}",
                                         "/api/sessions/1"),
                         "status must be one of importing, selecting");
    fixture_request(f, 400, "PATCH", "{\"status\": 5}", "/api/sessions/1");
    assert_int_equal(fakehost_event_count(f->host, NULL), 0);
    const json_t *session = fixture_request(f, 200, "GET", NULL, "/sessions/1");
    assert_string_equal(fixture_text(session, "name"), "a");
}

static void completing_announces_once(void **state)
{
    struct fixture *f = *state;
    int64_t session = fixture_session(f, "a");
    for (int n = 1; n <= 3; n++)
        fixture_photo(f, session, n);
    fixture_update(f, 2, "{\"approved\": true}");
    fixture_request(f, 200, "PATCH", "{\"status\": \"completed\"}", "/api/sessions/1");
    fixture_request(f, 200, "PATCH", "{\"status\": \"completed\"}", "/api/sessions/1");
    assert_int_equal(fakehost_event_count(f->host, "session_completed"), 1);
    fixture_expect(fakehost_event_at(f->host, "session_completed", 0)->fields,
                   "{\"session_id\": 1, \"session_name\": \"a\", \"total_photos\": 3,"
                   " \"approved_photos\": 1, \"approval_rate\": 33.33}");
}

static void deleting_takes_the_photographs_along(void **state)
{
    struct fixture *f = *state;
    int64_t session = fixture_session(f, "a");
    fixture_photo(f, session, 1);
    fixture_photo(f, 0, 2);
    fixture_add(f, fixture_photo_json(3, "\"session_id\": 1, \"source_path\": \"/card/3\", "),
                &session);
    fixture_expect(fixture_request(f, 200, "DELETE", NULL, "/sessions/1"),
                   "{\"message\": \"Session deleted successfully\", \"session_id\": 1}");
    assert_int_equal(fakehost_sql(f->host, "SELECT count(*) FROM catalog_photos"), 1);
    assert_int_equal(fakehost_sql(f->host, "SELECT count(*) FROM catalog_sources"), 0);
    fixture_request(f, 404, "DELETE", NULL, "/sessions/1");
    assert_int_equal(fixture_session(f, "next"), 2);
}

static void a_failing_store_takes_the_session_back(void **state)
{
    struct fixture *f = *state;
    fakehost_fail_exec(f->host, 3, JM_EIO);
    fixture_request(f, 500, "POST", "{\"name\": \"a\", \"import_folder\": \"/in\"}",
                    "/api/sessions");
    assert_int_equal(fakehost_sql(f->host, "SELECT count(*) FROM catalog_sessions"), 0);
    assert_int_equal(fakehost_event_count(f->host, NULL), 0);
    fakehost_fail_exec(f->host, 2, JM_ENOSPC);
    fixture_request(f, 503, "POST", "{\"name\": \"a\", \"import_folder\": \"/in\"}",
                    "/api/sessions");
    assert_int_equal(fixture_session(f, "a"), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(creating_answers_201_and_announces),
        TEST(creating_needs_name_and_folder),
        TEST(a_taken_name_is_a_conflict),
        TEST(the_bare_list_is_an_array_newest_first),
        TEST(lists_filter_by_status_and_activity),
        TEST(pages_tell_total_offset_and_limit),
        TEST(every_order_is_served_both_ways),
        TEST(bad_parameters_are_400_and_named),
        TEST(one_session_has_its_statistics),
        TEST(what_does_not_exist_is_404),
        TEST(changing_announces),
        TEST(a_bad_change_changes_nothing),
        TEST(completing_announces_once),
        TEST(deleting_takes_the_photographs_along),
        TEST(a_failing_store_takes_the_session_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
