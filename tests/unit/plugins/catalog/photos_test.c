/* /api/photos. */
#include "fixture.h"

#include <stdio.h>

#define NOW "2025-11-09T12:34:56.789Z"

/* Whether the ids of a page's photographs are these. */
static void expect_ids(const json_t *page, const char *json)
{
    json_t *ids = json_array();
    const json_t *photos = fixture_value(page, "photos");
    for (size_t i = 0; i < json_array_size(photos); i++)
        json_array_append(ids, json_object_get(json_array_get(photos, i), "id"));
    fixture_expect(ids, json);
    json_decref(ids);
}

static void a_photograph_has_all_fields_of_the_contract(void **state)
{
    struct fixture *f = *state;
    int64_t photo;
    fixture_session(f, "a");
    const char *json = fixture_photo_json(
        5, "\"session_id\": 1, \"source_path\": \"/card/5.jpg\", \"camera_make\": \"Canon\","
           "\"camera_model\": \"R5\", \"lens\": \"50mm\", \"focal_length\": 50,"
           "\"aperture\": 1.8, \"shutter_speed\": \"1/200\", \"iso\": 400,"
           "\"capture_time\": \"2025-11-08T21:00:00+09:00\", \"width\": 8192,"
           "\"height\": 5464, \"orientation\": 6, \"gps_lat\": 35.68, \"gps_lon\": 139.76,"
           "\"rating\": 3, \"warnings\": [\"clock\"], \"metadata\": {\"flash\": true}, ");
    assert_int_equal(fixture_add(f, json, &photo), JM_OK);
    fixture_expect(
        fixture_request(f, 200, "GET", NULL, "/api/photos/1"),
        "{\"id\": 1, \"session_id\": 1, \"file_path\": \"/library/5.jpg\","
        " \"file_name\": \"5.jpg\", \"file_size\": 1005, \"import_time\": \"" NOW "\","
        " \"camera_make\": \"Canon\", \"camera_model\": \"R5\", \"lens\": \"50mm\","
        " \"focal_length\": 50, \"aperture\": 1.8, \"shutter_speed\": \"1/200\", \"iso\": 400,"
        " \"capture_time\": \"2025-11-08T12:00:00.000Z\", \"ai_score\": null,"
        " \"focus_score\": null, \"exposure_score\": null, \"composition_score\": null,"
        " \"subject_type\": null, \"detected_faces\": 0, \"context_tag\": null,"
        " \"selected_preset\": null, \"status\": \"imported\", \"approved\": false,"
        " \"approved_at\": null, \"width\": 8192, \"height\": 5464, \"orientation\": 6,"
        " \"gps_lat\": 35.68, \"gps_lon\": 139.76, \"rating\": 3, \"content_hash\":"
        " \"0000000000000000000000000000000000000000000000000000000000000005\","
        " \"session_name\": \"a\", \"rejection_reason\": null, \"warnings\": [\"clock\"],"
        " \"metadata\": {\"flash\": true}, \"sources\": [\"/card/5.jpg\"], \"files\": [{\"role\": "
        "\"original\","
        " \"path\": \"/library/5.jpg\", \"bytes\": 1005, \"content_hash\":"
        " \"0000000000000000000000000000000000000000000000000000000000000005\"}]}");
}

static void a_photograph_without_session_has_no_session_name(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, 0, 1);
    const json_t *photo = fixture_request(f, 200, "GET", NULL, "/api/photos/1");
    assert_true(json_is_null(fixture_value(photo, "session_id")));
    assert_null(json_object_get(photo, "session_name"));
    fixture_expect(fixture_value(photo, "warnings"), "[]");
    fixture_expect(fixture_value(photo, "metadata"), "{}");
}

static void lists_page_truly(void **state)
{
    struct fixture *f = *state;
    for (int n = 1; n <= 7; n++) {
        fixture_photo(f, 0, n);
        fakehost_advance_ms(f->host, 1);
    }
    const json_t *page = fixture_request(f, 200, "GET", NULL, "/api/photos?limit=3&offset=2");
    expect_ids(page, "[5, 4, 3]");
    assert_int_equal(fixture_int(page, "total"), 7);
    assert_int_equal(fixture_int(page, "count"), 3);
    assert_int_equal(fixture_int(page, "offset"), 2);
    assert_int_equal(fixture_int(page, "limit"), 3);
    expect_ids(fixture_request(f, 200, "GET", NULL, "/api/photos?limit=0"), "[]");
    page = fixture_request(f, 200, "GET", NULL, "/api/photos");
    assert_int_equal(fixture_int(page, "limit"), 100);
    assert_int_equal(fixture_int(page, "count"), 7);
}

static void filters_combine(void **state)
{
    struct fixture *f = *state;
    fixture_session(f, "a");
    for (int n = 1; n <= 6; n++)
        fixture_photo(f, n % 2, n);
    fixture_update(f, 1, "{\"status\": \"completed\", \"ai_score\": 4.5, \"approved\": true}");
    fixture_update(f, 3, "{\"status\": \"completed\", \"ai_score\": 2}");
    fixture_update(f, 4, "{\"status\": \"completed\", \"ai_score\": 5}");
    static const struct {
        const char *query, *ids;
    } cases[] = {
        {"session_id=1", "[5, 3, 1]"},
        {"status=completed", "[4, 3, 1]"},
        {"session_id=1&status=completed", "[3, 1]"},
        {"min_score=4.5", "[4, 1]"},
        {"approved=true", "[1]"},
        {"approved=false", "[6, 5, 4, 3, 2]"},
        {"status=completed&min_score=4.6&approved=0", "[4]"},
        {"session_id=1&status=completed&min_score=1&approved=1", "[1]"},
        {"session_id=9", "[]"},
        {"session_id=1&sort=file_name&order=asc", "[1, 3, 5]"},
        {"status=completed&sort=ai_score", "[4, 1, 3]"},
        {"sort=status&order=asc", "[1, 3, 4, 2, 5, 6]"},
        {"sort=ai_score&order=asc&min_score=1", "[3, 1, 4]"},
    };
    for (size_t i = 0; i < JM_COUNT(cases); i++) {
        const json_t *page = fixture_request(f, 200, "GET", NULL, "/api/photos?%s", cases[i].query);
        expect_ids(page, cases[i].ids);
        assert_int_equal(fixture_int(page, "total"), fixture_int(page, "count"));
    }
}

static void every_order_is_served_both_ways(void **state)
{
    static const char *const columns[] = {
        "import_time", "id",       "capture_time", "file_name",      "file_size",        "status",
        "rating",      "ai_score", "focus_score",  "exposure_score", "composition_score"};
    struct fixture *f = *state;
    fixture_photo(f, 0, 1);
    fixture_photo(f, 0, 2);
    for (size_t i = 0; i < JM_COUNT(columns); i++) {
        expect_ids(
            fixture_request(f, 200, "GET", NULL, "/api/photos?sort=%s&order=asc", columns[i]),
            "[1, 2]");
        expect_ids(fixture_request(f, 200, "GET", NULL, "/api/photos?sort=%s", columns[i]),
                   "[2, 1]");
    }
}

static void bad_parameters_are_400_and_named(void **state)
{
    static const struct {
        const char *query, *says;
    } cases[] = {
        {"session_id=abc", "session_id must be an integer of at least 1, not \"abc\""},
        {"session_id=0", "session_id must be"},
        {"status=lost", "imported, analyzed, queued, processing, completed, failed, rejected"},
        {"min_score=good", "min_score must be a number"},
        {"min_score=nan", "min_score must be a number"},
        {"min_score=1e999", "min_score must be a number"},
        {"approved=perhaps", "approved must be true or false"},
        {"limit=-5", "limit must be"},
        {"offset=", "offset must be"},
        {"sort=metadata", "sort must be one of import_time, id"},
        {"order=random", "order must be asc or desc"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < JM_COUNT(cases); i++)
        fixture_expect_error(fixture_request(f, 400, "GET", NULL, "/api/photos?%s", cases[i].query),
                             cases[i].says);
}

static void what_does_not_exist_is_404(void **state)
{
    struct fixture *f = *state;
    static const char *const not_found = "{\"error\": \"Photo not found\"}";
    fixture_expect(fixture_request(f, 404, "GET", NULL, "/api/photos/3"), not_found);
    fixture_expect(fixture_request(f, 404, "GET", NULL, "/api/photos/88888888888888888888"),
                   not_found);
    fixture_expect(fixture_request(f, 404, "PATCH", "{\"approved\": true}", "/api/photos/3"),
                   not_found);
}

static void patching_answers_the_photograph(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, 0, 1);
    fakehost_clear_events(f->host);
    const json_t *photo = fixture_request(
        f, 200, "PATCH", "{\"approved\": true, \"status\": \"completed\", \"nonsense\": 1}",
        "/api/photos/1");
    assert_true(json_is_true(fixture_value(photo, "approved")));
    assert_string_equal(fixture_text(photo, "approved_at"), NOW);
    assert_string_equal(fixture_text(photo, "status"), "completed");
    assert_int_equal(fakehost_event_count(f->host, NULL), 0);
    fakehost_advance_ms(f->host, 5000);
    photo = fixture_request(f, 200, "PATCH", "{\"approved\": true}", "/api/photos/1");
    assert_string_equal(fixture_text(photo, "approved_at"), NOW);
    photo = fixture_request(f, 200, "PATCH", "{\"approved\": false}", "/api/photos/1");
    assert_true(json_is_null(fixture_value(photo, "approved_at")));
}

static void rejecting_takes_the_approval_away(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, 0, 1);
    fixture_request(f, 200, "PATCH", "{\"approved\": true}", "/api/photos/1");
    const json_t *photo = fixture_request(
        f, 200, "PATCH", "{\"status\": \"rejected\", \"rejection_reason\": \"blurred\"}",
        "/api/photos/1");
    assert_true(json_is_false(fixture_value(photo, "approved")));
    assert_true(json_is_null(fixture_value(photo, "approved_at")));
    photo = fixture_request(f, 200, "GET", NULL, "/api/photos/1");
    assert_string_equal(fixture_text(photo, "rejection_reason"), "blurred");
    fixture_expect_error(fixture_request(f, 400, "PATCH",
                                         "{\"status\": \"rejected\", \"approved\": true}",
                                         "/api/photos/1"),
                         "approved cannot be true");
}

static void a_bad_patch_changes_nothing(void **state)
{
    static const struct {
        const char *body, *says;
    } cases[] = {
        {NULL, "No update data provided"},
        {"{}", "No update data provided"},
        {"{\"ai_score\": 5}", "No update data provided"},
        {"{\"status\": \"lost\"}", "status must be one of imported, analyzed"},
        {"{\"status\": null}", "status must be one of imported, analyzed"},
        {"{\"approved\": \"yes\"}", "approved must be true or false"},
        {"{\"approved\": null}", "approved must be true or false"},
        {"{\"context_tag\": 4}", "context_tag must be a text of 0 to 1024 bytes or null"},
        {"{\"context_tag\": \"x\", \"selected_preset\": []}", "selected_preset must be"},
    };
    struct fixture *f = *state;
    fixture_photo(f, 0, 1);
    fakehost_clear_events(f->host);
    for (size_t i = 0; i < JM_COUNT(cases); i++)
        fixture_expect_error(fixture_request(f, 400, "PATCH", cases[i].body, "/api/photos/1"),
                             cases[i].says);
    const json_t *photo = fixture_request(f, 200, "GET", NULL, "/api/photos/1");
    assert_true(json_is_null(fixture_value(photo, "context_tag")));
    assert_int_equal(fakehost_event_count(f->host, NULL), 0);
}

static void every_status_can_be_set(void **state)
{
    static const char *const statuses[] = {"imported",  "analyzed", "queued",  "processing",
                                           "completed", "failed",   "rejected"};
    struct fixture *f = *state;
    fixture_photo(f, 0, 1);
    for (size_t i = 0; i < JM_COUNT(statuses); i++) {
        char body[64];
        snprintf(body, sizeof(body), "{\"status\": \"%s\"}", statuses[i]);
        const json_t *photo = fixture_request(f, 200, "PATCH", body, "/api/photos/1");
        assert_string_equal(fixture_text(photo, "status"), statuses[i]);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_photograph_has_all_fields_of_the_contract),
        TEST(a_photograph_without_session_has_no_session_name),
        TEST(lists_page_truly),
        TEST(filters_combine),
        TEST(every_order_is_served_both_ways),
        TEST(bad_parameters_are_400_and_named),
        TEST(what_does_not_exist_is_404),
        TEST(patching_answers_the_photograph),
        TEST(rejecting_takes_the_approval_away),
        TEST(a_bad_patch_changes_nothing),
        TEST(every_status_can_be_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
