/* The service junmai.catalog/1. */
#include "fixture.h"

#include <stdio.h>

#define SERVICE(f, call)                                          \
    (fakehost_begin((f)->host), call_status = (f)->service->call, \
     fakehost_end((f)->host, call_status == JM_OK), call_status)

static jm_status call_status;

/* A sink that keeps the document; `user` is a json_t *. */
static void keep(void *user, jm_span json)
{
    json_t **kept = user;
    json_decref(*kept);
    *kept = json_loadb(json.ptr, json.len, 0, NULL);
    assert_non_null(*kept);
}

static void expect_last_error(struct fixture *f, const char *text)
{
    jm_span sentence = f->service->last_error(f->catalog);
    char *copy = jm_span_dup(sentence);
    if (strstr(copy, text) == NULL)
        fail_msg("\"%s\" does not hold \"%s\"", copy, text);
    free(copy);
}

static void a_session_is_opened_once(void **state)
{
    struct fixture *f = *state;
    int64_t first, again, other;
    int32_t created;
    jm_span name = JM_SPAN("Auto_dcim_20251109"), in = JM_SPAN("/in"), out = JM_SPAN("/out");
    assert_int_equal(SERVICE(f, open_session(f->catalog, name, in, &first, &created)), JM_OK);
    assert_int_equal(created, 1);
    assert_int_equal(SERVICE(f, open_session(f->catalog, name, in, &again, &created)), JM_OK);
    assert_int_equal(created, 0);
    assert_int_equal(again, first);
    assert_int_equal(SERVICE(f, open_session(f->catalog, name, out, &other, &created)), JM_OK);
    assert_int_equal(created, 1);
    assert_int_not_equal(other, first);
    assert_int_equal(fakehost_event_count(f->host, "session_created"), 2);
    jm_span empty = JM_SPAN("");
    assert_int_equal(SERVICE(f, open_session(f->catalog, empty, in, &other, &created)), JM_EINVAL);
    expect_last_error(f, "needs a name");
}

static void sessions_are_read_and_listed(void **state)
{
    struct fixture *f = *state;
    json_t *json = NULL;
    jm_span any = {NULL, 0}, completed = JM_SPAN("completed"), wrong = JM_SPAN("over");
    fixture_session(f, "a");
    fixture_session(f, "b");
    assert_int_equal(SERVICE(f, get_session(f->catalog, 2, keep, &json)), JM_OK);
    assert_string_equal(fixture_text(json, "name"), "b");
    assert_int_equal(SERVICE(f, get_session(f->catalog, 3, keep, &json)), JM_ENOENT);
    assert_int_equal(SERVICE(f, list_sessions(f->catalog, any, 10, keep, &json)), JM_OK);
    assert_int_equal(json_array_size(json), 2);
    assert_int_equal(SERVICE(f, list_sessions(f->catalog, any, 1, keep, &json)), JM_OK);
    assert_int_equal(json_array_size(json), 1);
    assert_int_equal(SERVICE(f, list_sessions(f->catalog, completed, 9, keep, &json)), JM_OK);
    assert_int_equal(json_array_size(json), 0);
    assert_int_equal(SERVICE(f, list_sessions(f->catalog, wrong, 9, keep, &json)), JM_EINVAL);
    assert_int_equal(SERVICE(f, list_sessions(f->catalog, any, -1, keep, &json)), JM_EINVAL);
    json_decref(json);
}

static void the_same_content_or_file_is_refused(void **state)
{
    struct fixture *f = *state;
    int64_t photo = 0;
    fixture_photo(f, 0, 1);
    assert_int_equal(fixture_add(f, fixture_photo_json(1, ""), &photo), JM_EEXIST);
    expect_last_error(f, "this content is already photograph 1");
    const char *other_content =
        "{\"file_path\": \"/library/1.jpg\", \"file_name\": \"1.jpg\", \"file_size\": 1,"
        "\"content_hash\": \"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\"}";
    assert_int_equal(fixture_add(f, other_content, &photo), JM_EEXIST);
    expect_last_error(f, "photograph 1 already has the file /library/1.jpg");
    assert_int_equal(photo, 0);
    assert_int_equal(fakehost_event_count(f->host, "photo_imported"), 1);
}

static void what_is_added_is_checked(void **state)
{
    static const struct {
        const char *more, *says;
    } cases[] = {
        {"\"shutter\": 1, ", "shutter is no field"},
        {"\"status\": \"completed\", ", "status is no field"},
        {"\"iso\": \"400\", ", "iso must be an integer from 0 to 1000000000 or null"},
        {"\"orientation\": 9, ", "orientation must be an integer from 1 to 8"},
        {"\"gps_lat\": 91, ", "gps_lat must be a number from -90 to 90"},
        {"\"width\": 0, ", "width must be"},
        {"\"rating\": 6, ", "rating must be an integer from -1 to 5"},
        {"\"capture_time\": \"yesterday\", ", "capture_time must be a time like"},
        {"\"warnings\": \"none\", ", "warnings must be an array"},
        {"\"metadata\": [], ", "metadata must be an object"},
        {"\"source_path\": \"\", ", "source_path must be"},
        {"\"lens\": {}, ", "lens must be a text"},
    };
    struct fixture *f = *state;
    int64_t photo;
    for (size_t i = 0; i < JM_COUNT(cases); i++) {
        assert_int_equal(fixture_add(f, fixture_photo_json(1, cases[i].more), &photo), JM_EINVAL);
        expect_last_error(f, cases[i].says);
    }
    assert_int_equal(fixture_add(f, "{}", &photo), JM_EINVAL);
    expect_last_error(f, "file_path is required");
    assert_int_equal(fixture_add(f, "[", &photo), JM_EINVAL);
    expect_last_error(f, "this is not JSON");
    assert_int_equal(fixture_add(f,
                                 "{\"file_path\": \"/a\", \"file_name\": \"a\", \"file_size\": 1,"
                                 " \"content_hash\": \"0g\"}",
                                 &photo),
                     JM_EINVAL);
    expect_last_error(f, "content_hash must be the 64 hex digits");
    assert_int_equal(fixture_add(f, fixture_photo_json(1, "\"session_id\": 5, "), &photo),
                     JM_ENOENT);
    expect_last_error(f, "there is no session 5");
    assert_int_equal(fakehost_sql(f->host, "SELECT count(*) FROM catalog_photos"), 0);
}

static void content_is_found_in_either_case(void **state)
{
    struct fixture *f = *state;
    int64_t photo = 0;
    fixture_photo(f, 0, 0xabc);
    char upper[65], lower[65];
    snprintf(upper, sizeof(upper), "%064X", 0xabcu);
    snprintf(lower, sizeof(lower), "%064x", 0xabcu);
    assert_int_equal(SERVICE(f, find_content(f->catalog, jm_span_of(upper), &photo)), JM_OK);
    assert_int_equal(photo, 1);
    assert_int_equal(SERVICE(f, find_content(f->catalog, jm_span_of(lower), &photo)), JM_OK);
    lower[0] = 'f';
    assert_int_equal(SERVICE(f, find_content(f->catalog, jm_span_of(lower), &photo)), JM_ENOENT);
    expect_last_error(f, "Photo not found");
}

static void a_path_is_a_file_or_a_source(void **state)
{
    struct fixture *f = *state;
    int64_t photo = 0;
    jm_span file = JM_SPAN("/library/1.jpg"), card = JM_SPAN("/card/DSC1.jpg");
    fixture_photo(f, 0, 1);
    fixture_photo(f, 0, 2);
    assert_int_equal(SERVICE(f, find_path(f->catalog, file, &photo)), JM_OK);
    assert_int_equal(photo, 1);
    assert_int_equal(SERVICE(f, find_path(f->catalog, card, &photo)), JM_ENOENT);
    assert_int_equal(SERVICE(f, add_source(f->catalog, 1, card)), JM_OK);
    assert_int_equal(SERVICE(f, add_source(f->catalog, 1, card)), JM_OK);
    assert_int_equal(fakehost_sql(f->host, "SELECT count(*) FROM catalog_sources"), 1);
    assert_int_equal(SERVICE(f, find_path(f->catalog, card, &photo)), JM_OK);
    assert_int_equal(photo, 1);
    fakehost_advance_ms(f->host, 1);
    assert_int_equal(SERVICE(f, add_source(f->catalog, 2, card)), JM_OK);
    assert_int_equal(SERVICE(f, find_path(f->catalog, card, &photo)), JM_OK);
    assert_int_equal(photo, 2);
    assert_int_equal(SERVICE(f, add_source(f->catalog, 9, card)), JM_ENOENT);
    jm_span nothing = JM_SPAN("");
    assert_int_equal(SERVICE(f, add_source(f->catalog, 1, nothing)), JM_EINVAL);
}

static void names_of_any_bytes_are_kept_as_text(void **state)
{
    struct fixture *f = *state;
    int64_t session = 0, photo = 0;
    int32_t created;
    json_t *json = NULL;
    jm_span name = JM_SPAN("caf\xe9 100%"), folder = JM_SPAN("/in/\xff/\xe6\x97\xa5");
    fixture_photo(f, 0, 1);
    assert_int_equal(SERVICE(f, open_session(f->catalog, name, folder, &session, &created)), JM_OK);
    assert_int_equal(SERVICE(f, get_session(f->catalog, session, keep, &json)), JM_OK);
    assert_string_equal(fixture_text(json, "name"), "caf%E9 100%");
    assert_string_equal(fixture_text(json, "import_folder"), "/in/%FF/\xe6\x97\xa5");
    assert_int_equal(SERVICE(f, add_source(f->catalog, 1, folder)), JM_OK);
    assert_int_equal(SERVICE(f, find_path(f->catalog, folder, &photo)), JM_OK);
    assert_int_equal(photo, 1);
    json_decref(json);
}

static void photographs_are_read_and_listed(void **state)
{
    struct fixture *f = *state;
    json_t *json = NULL;
    jm_span any = {NULL, 0}, failed = JM_SPAN("failed"), wrong = JM_SPAN("lost");
    fixture_session(f, "a");
    for (int n = 1; n <= 4; n++)
        fixture_photo(f, n % 2, n);
    fixture_update(f, 3, "{\"status\": \"failed\"}");
    assert_int_equal(SERVICE(f, get_photo(f->catalog, 3, keep, &json)), JM_OK);
    assert_string_equal(fixture_text(json, "status"), "failed");
    assert_int_equal(SERVICE(f, get_photo(f->catalog, 9, keep, &json)), JM_ENOENT);
    assert_int_equal(SERVICE(f, list_photos(f->catalog, 0, any, 100, keep, &json)), JM_OK);
    assert_int_equal(json_array_size(json), 4);
    assert_int_equal(SERVICE(f, list_photos(f->catalog, 1, any, 100, keep, &json)), JM_OK);
    assert_int_equal(json_array_size(json), 2);
    assert_int_equal(SERVICE(f, list_photos(f->catalog, 1, failed, 100, keep, &json)), JM_OK);
    assert_int_equal(json_array_size(json), 1);
    assert_int_equal(SERVICE(f, list_photos(f->catalog, 0, wrong, 100, keep, &json)), JM_EINVAL);
    json_decref(json);
}

static void statistics_count_everything(void **state)
{
    struct fixture *f = *state;
    json_t *json = NULL;
    fixture_session(f, "a");
    fixture_photo(f, 1, 1);
    fakehost_advance_ms(f->host, 25 * 3600 * 1000);
    fixture_photo(f, 1, 2);
    fixture_photo(f, 0, 3);
    fixture_update(f, 3, "{\"status\": \"failed\"}");
    assert_int_equal(SERVICE(f, get_stats(f->catalog, keep, &json)), JM_OK);
    fixture_expect(json, "{\"total_photos\": 3, \"photos_by_status\": {\"imported\": 2,"
                         " \"failed\": 1}, \"total_sessions\": 1,"
                         " \"sessions_by_status\": {\"importing\": 1}, \"recent_imports_24h\": 2}");
    json_decref(json);
}

static void rows_outlive_the_plugin(void **state)
{
    extern const jm_entry JM_ENTRY;
    struct fixture *f = *state;
    fixture_session(f, "a");
    fixture_photo(f, 1, 1);
    fakehost_unload(f->host, "catalog");
    assert_null(fakehost_service(f->host, CATALOG_SERVICE));
    assert_int_equal(fakehost_load(f->host, "catalog", &JM_ENTRY), JM_OK);
    const json_t *session = fixture_request(f, 200, "GET", NULL, "/sessions/1");
    assert_int_equal(fixture_int(session, "total_photos"), 1);
}

#define FILE_JSON(role, path, digit)                                                    \
    "{\"role\": \"" role "\", \"path\": \"" path "\", \"bytes\": 7, \"content_hash\": " \
    "\"a00000000000000000000000000000000000000000000000000000000000000" digit "\"}"

/* A rendition is found by its content, a sidecar is not; both are found by their paths, and go with
 * their photograph. */
static void a_photograph_has_files(void **state)
{
    struct fixture *f = *state;
    static const char rendition[] = FILE_JSON("rendition", "/library/1.png", "1");
    static const char sidecar[] = FILE_JSON("sidecar", "/library/1.xmp", "2");
    jm_span first = JM_SPAN("a000000000000000000000000000000000000000000000000000000000000001");
    jm_span second = JM_SPAN("a000000000000000000000000000000000000000000000000000000000000002");
    jm_span path = JM_SPAN("/library/1.xmp");
    int64_t photo = 0;
    json_t *files = NULL;
    fixture_photo(f, 0, 1);
    assert_int_equal(SERVICE(f, add_file(f->catalog, 1, jm_span_of(rendition))), JM_OK);
    assert_int_equal(SERVICE(f, add_file(f->catalog, 1, jm_span_of(sidecar))), JM_OK);
    assert_int_equal(SERVICE(f, find_content(f->catalog, first, &photo)), JM_OK);
    assert_int_equal(photo, 1);
    assert_int_equal(SERVICE(f, find_content(f->catalog, second, &photo)), JM_ENOENT);
    assert_int_equal(SERVICE(f, find_path(f->catalog, path, &photo)), JM_OK);
    assert_int_equal(photo, 1);
    assert_int_equal(SERVICE(f, list_files(f->catalog, 1, keep, &files)), JM_OK);
    assert_int_equal(json_array_size(files), 3);
    assert_string_equal(fixture_text(json_array_get(files, 0), "role"), "original");
    json_decref(files);
    fakehost_sql(f->host, "DELETE FROM catalog_photos");
    assert_int_equal(fakehost_sql(f->host, "SELECT count(*) FROM catalog_files"), 0);
}

static void a_file_is_checked(void **state)
{
    struct fixture *f = *state;
    static const char taken[] = FILE_JSON("sidecar", "/library/1.jpg", "1");
    static const char no_path[] = FILE_JSON("sidecar", "", "1");
    static const char good[] = FILE_JSON("audio", "/library/1.wav", "1");
    fixture_photo(f, 0, 1);
    assert_int_equal(SERVICE(f, add_file(f->catalog, 1, jm_span_of(taken))), JM_EEXIST);
    assert_int_equal(SERVICE(f, add_file(f->catalog, 1, jm_span_of(no_path))), JM_EINVAL);
    assert_int_equal(SERVICE(f, add_file(f->catalog, 1, jm_span_of("{}"))), JM_EINVAL);
    assert_int_equal(SERVICE(f, add_file(f->catalog, 2, jm_span_of(good))), JM_ENOENT);
    assert_int_equal(SERVICE(f, add_file(f->catalog, 1, jm_span_of(good))), JM_OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_session_is_opened_once),
        TEST(sessions_are_read_and_listed),
        TEST(the_same_content_or_file_is_refused),
        TEST(what_is_added_is_checked),
        TEST(content_is_found_in_either_case),
        TEST(a_path_is_a_file_or_a_source),
        TEST(a_photograph_has_files),
        TEST(a_file_is_checked),
        TEST(names_of_any_bytes_are_kept_as_text),
        TEST(photographs_are_read_and_listed),
        TEST(statistics_count_everything),
        TEST(rows_outlive_the_plugin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
