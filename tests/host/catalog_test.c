/* Sessions and photographs over HTTP, as clients use them, with the events of each change. */
#include "check.h"
#include "listen.h"
#include "photos.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    studio_open(&studio, NULL, NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static json_int_t make_session(const char *name)
{
    json_t *answer = ask(&studio, 201, "POST", "/api/sessions",
                         json_pack("{s:s, s:s}", "name", name, "import_folder", studio.photos));
    json_int_t id = int_of(answer, "id");
    json_decref(answer);
    return id;
}

static json_t *get(const char *format, json_int_t id)
{
    char path[128];
    snprintf(path, sizeof path, format, (long long)id);
    return ask(&studio, 200, "GET", path, NULL);
}

static json_t *change(const char *format, json_int_t id, json_t *body_take)
{
    char path[128];
    snprintf(path, sizeof path, format, (long long)id);
    return ask(&studio, 200, "PATCH", path, body_take);
}

/* A photograph in the library; its id. */
static json_int_t import_photo(const char *name, json_int_t session)
{
    char *path = photo_write(studio.photos, name, name);
    json_t *body = json_pack("{s:s}", "file_path", path);
    if (session != 0)
        json_object_set_new(body, "session_id", json_integer(session));
    json_t *answer = ask(&studio, 200, "POST", "/import/file", body);
    json_int_t id = int_of(answer, "photo_id");
    json_decref(answer);
    free(path);
    return id;
}

static void expect_session(const json_t *session, const char *name)
{
    assert_true(int_of(session, "id") > 0);
    expect_text(session, "name", name);
    expect_text(session, "import_folder", studio.photos);
    expect_text(session, "status", "importing");
    expect_time(session, "created_at");
    (void)int_of(session, "total_photos");
    (void)int_of(session, "processed_photos");
}

static void test_sessions(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, "sessions");
    json_int_t id = make_session("Wedding \"A\"");
    json_t *event = listen_event(&ws, "session_created", "sessions");
    expect_int(event, "session_id", id);
    expect_text(event, "session_name", "Wedding \"A\"");
    expect_text(event, "import_folder", studio.photos);
    json_decref(event);

    json_t *session = get("/sessions/%lld", id);
    expect_session(session, "Wedding \"A\"");
    assert_int_equal(json_object_size(object_of(session, "photo_stats")), 0);
    json_decref(session);
    session = get("/api/sessions/%lld", id);
    expect_session(session, "Wedding \"A\"");
    (void)object_of(session, "score_distribution");
    assert_true(number_of(session, "progress_percent") == 0);
    json_decref(session);

    ask_refused(&studio, 409, "POST", "/api/sessions",
                json_pack("{s:s, s:s}", "name", "Wedding \"A\"", "import_folder", "/elsewhere"),
                "Session with this name already exists");
    ask_refused(&studio, 400, "POST", "/api/sessions", json_pack("{s:s}", "name", "B"),
                "name and import_folder are required");
    ask_refused(&studio, 400, "POST", "/api/sessions", NULL, "required");
    listen_quiet(&ws);
    jmt_ws_fini(&ws);
}

static void test_session_lists(void **state)
{
    char name[32];
    (void)state;
    for (int i = 0; i < 5; i++) {
        snprintf(name, sizeof name, "List %d", i);
        (void)make_session(name);
    }
    json_t *bare = ask(&studio, 200, "GET", "/sessions?limit=3", NULL);
    assert_true(json_is_array(bare));
    assert_int_equal(json_array_size(bare), 3);
    expect_session(json_array_get(bare, 0), "List 4");
    expect_session(json_array_get(bare, 2), "List 2");
    json_decref(bare);

    json_t *page =
        ask(&studio, 200, "GET", "/api/sessions?limit=2&offset=1&sort=name&order=asc", NULL);
    expect_int(page, "count", 2);
    expect_int(page, "limit", 2);
    expect_int(page, "offset", 1);
    assert_true(int_of(page, "total") >= 5);
    expect_text(json_array_get(list_of(page, "sessions"), 0), "name", "List 1");
    json_decref(page);

    static const char *const bad[] = {
        "/sessions?limit=x",      "/api/sessions?offset=-1",         "/api/sessions?sort=secret",
        "/api/sessions?order=up", "/sessions?status=unknown_status", "/api/photos?min_score=high",
        "/api/photos?approved=7"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ask_refused(&studio, 400, "GET", bad[i], NULL, "");
}

static void test_session_changes(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_int_t id = make_session("Portraits");
    listen_open(&ws, &studio, "sessions");
    json_t *session = change("/api/sessions/%lld", id,
                             json_pack("{s:s, s:s}", "name", "Heads", "status", "developing"));
    expect_int(session, "id", id);
    expect_text(session, "name", "Heads");
    expect_text(session, "status", "developing");
    json_decref(session);
    json_t *event = listen_event(&ws, "session_updated", "sessions");
    expect_int(event, "session_id", id);
    expect_text(event, "status", "developing");
    expect_int(event, "total_photos", 0);
    expect_int(event, "processed_photos", 0);
    json_decref(event);

    json_decref(change("/api/sessions/%lld", id, json_pack("{s:s}", "status", "completed")));
    event = listen_for(&ws, "session_completed");
    expect_envelope(event, "session_completed", "sessions");
    expect_text(event, "session_name", "Heads");
    expect_int(event, "approved_photos", 0);
    json_decref(event);

    json_t *active = ask(&studio, 200, "GET", "/sessions?active_only=true&limit=1000", NULL);
    size_t i;
    json_t *each;
    json_array_foreach(active, i, each) assert_true(int_of(each, "id") != id);
    json_decref(active);
    jmt_ws_fini(&ws);
}

static void test_session_refusals(void **state)
{
    char path[64];
    (void)state;
    snprintf(path, sizeof path, "/api/sessions/%lld", (long long)make_session("Firm"));
    ask_refused(&studio, 400, "PATCH", path, json_object(), "No update data provided");
    ask_refused(&studio, 400, "PATCH", path, NULL, "No update data provided");
    ask_refused(&studio, 400, "PATCH", path, json_pack("{s:s}", "status", "processing"), "status");
    ask_refused(&studio, 400, "PATCH", path, json_pack("{s:i}", "name", 7), "name");
    ask_refused(&studio, 404, "PATCH", "/api/sessions/999999", json_pack("{s:s}", "name", "x"),
                "Session not found");
    ask_refused(&studio, 404, "DELETE", "/sessions/999999", NULL, "Session not found");
}

static void test_delete_session(void **state)
{
    static const char *const prefixes[] = {"/sessions", "/api/sessions"};
    (void)state;
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        char name[32];
        char path[64];
        snprintf(name, sizeof name, "delete-%zu.jpg", i);
        json_int_t id = make_session(name);
        json_int_t photo = import_photo(name, id);
        json_t *kept = get("/api/photos/%lld", photo);
        snprintf(path, sizeof path, "%s/%lld", prefixes[i], (long long)id);
        json_t *answer = ask(&studio, 200, "DELETE", path, NULL);
        expect_text(answer, "message", "Session deleted successfully");
        expect_int(answer, "session_id", id);
        json_decref(answer);
        ask_refused(&studio, 404, "GET", path, NULL, "Session not found");
        snprintf(path, sizeof path, "/api/photos/%lld", (long long)photo);
        ask_refused(&studio, 404, "GET", path, NULL, "Photo not found");
        assert_true(photo_files_equal(text_of(kept, "file_path"), text_of(kept, "file_path")));
        json_decref(kept);
    }
}

/* Numbers that are true, whatever changed them. */
static void test_counters(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_int_t session = make_session("Counted");
    json_int_t first = import_photo("count-1.jpg", session);
    json_int_t second = import_photo("count-2.jpg", session);
    (void)import_photo("count-3.jpg", session);
    json_t *seen = get("/sessions/%lld", session);
    expect_int(seen, "total_photos", 3);
    expect_int(seen, "processed_photos", 0);
    expect_int(object_of(seen, "photo_stats"), "imported", 3);
    json_decref(seen);

    listen_open(&ws, &studio, "sessions");
    json_decref(change("/api/photos/%lld", first, json_pack("{s:s}", "status", "completed")));
    json_t *event = listen_event(&ws, "session_updated", "sessions");
    expect_int(event, "processed_photos", 1);
    assert_true(fabs(number_of(event, "progress_percent") - 33.33) < 0.001);
    json_decref(event);
    json_decref(change("/api/photos/%lld", second, json_pack("{s:s}", "status", "rejected")));
    json_decref(listen_event(&ws, "session_updated", "sessions"));
    json_decref(change("/api/photos/%lld", first, json_pack("{s:s}", "status", "queued")));
    json_decref(listen_event(&ws, "session_updated", "sessions"));
    seen = get("/sessions/%lld", session);
    expect_int(seen, "processed_photos", 1);
    expect_int(object_of(seen, "photo_stats"), "rejected", 1);
    json_decref(seen);
    jmt_ws_fini(&ws);
}

static void test_photos(void **state)
{
    static const char *const always[] = {"id",           "file_path", "file_name", "file_size",
                                         "import_time",  "status",    "approved",  "detected_faces",
                                         "content_hash", "width",     "height",    "orientation",
                                         "rating",       "session_id"};
    (void)state;
    json_int_t session = make_session("Shown");
    json_int_t id = import_photo("shown.jpg", session);
    json_t *photo = get("/api/photos/%lld", id);
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
        assert_non_null(json_object_get(photo, always[i]));
    expect_text(photo, "file_name", "shown.jpg");
    expect_text(photo, "session_name", "Shown");
    expect_text(photo, "status", "imported");
    expect_int(photo, "width", 8);
    expect_int(photo, "height", 8);
    expect_time(photo, "import_time");
    expect_null(photo, "ai_score");
    assert_false(bool_of(photo, "approved"));
    char *source = studio_path(studio.photos, "shown.jpg");
    assert_string_equal(json_string_value(json_array_get(list_of(photo, "sources"), 0)), source);
    free(source);
    json_decref(photo);
    ask_refused(&studio, 404, "GET", "/api/photos/999999", NULL, "Photo not found");

    char path[96];
    snprintf(path, sizeof path, "/api/photos?session_id=%lld", (long long)session);
    json_t *page = ask(&studio, 200, "GET", path, NULL);
    expect_int(page, "total", 1);
    expect_int(json_array_get(list_of(page, "photos"), 0), "id", id);
    json_decref(page);
}

static void test_photo_changes(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_int_t id = import_photo("changed.jpg", 0);
    listen_open(&ws, &studio, "photos");
    json_t *photo =
        change("/api/photos/%lld", id,
               json_pack("{s:s, s:s}", "context_tag", "wedding", "selected_preset", "Warm"));
    expect_text(photo, "context_tag", "wedding");
    json_decref(photo);
    json_t *event = listen_event(&ws, "photo_selected", "photos");
    expect_int(event, "photo_id", id);
    expect_text(event, "context_tag", "wedding");
    expect_text(event, "selected_preset", "Warm");
    json_decref(event);

    photo = change("/api/photos/%lld", id, json_pack("{s:b}", "approved", 1));
    assert_true(bool_of(photo, "approved"));
    expect_time(photo, "approved_at");
    json_decref(photo);
    photo = change("/api/photos/%lld", id,
                   json_pack("{s:s, s:s}", "status", "rejected", "rejection_reason", "blurred"));
    assert_false(bool_of(photo, "approved"));
    json_decref(photo);
    photo = get("/api/photos/%lld", id);
    expect_text(photo, "rejection_reason", "blurred");
    json_decref(photo);

    char path[64];
    snprintf(path, sizeof path, "/api/photos/%lld", (long long)id);
    ask_refused(&studio, 400, "PATCH", path, json_object(), "");
    ask_refused(&studio, 400, "PATCH", path, json_pack("{s:s}", "status", "lost"), "status");
    ask_refused(&studio, 400, "PATCH", path, json_pack("{s:s}", "approved", "yes"), "approved");
    ask_refused(&studio, 404, "PATCH", "/api/photos/999999", json_pack("{s:b}", "approved", 1),
                "Photo not found");
    listen_quiet(&ws);
    jmt_ws_fini(&ws);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sessions),        cmocka_unit_test(test_session_lists),
        cmocka_unit_test(test_session_changes), cmocka_unit_test(test_session_refusals),
        cmocka_unit_test(test_delete_session),  cmocka_unit_test(test_counters),
        cmocka_unit_test(test_photos),          cmocka_unit_test(test_photo_changes),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
