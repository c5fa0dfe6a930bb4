/* Importing many files at once, and the lists that clients of the import routes know. */
#include "check.h"
#include "listen.h"
#include "photos.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MANY 40

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
    assert_int_equal(photo_count_files(studio.host.data_dir, ".part"), 0);
    studio_close(&studio);
    return 0;
}

/* The path of a new photograph, as JSON. */
static json_t *new_photo(const char *name)
{
    char *path = photo_write_sized(studio.photos, name, name, 20000);
    json_t *text = json_string(path);
    free(path);
    return text;
}

static json_t *import_batch(int status, json_t *paths_take, json_t *more_take)
{
    json_t *body = more_take ? more_take : json_object();
    json_object_set_new(body, "file_paths", paths_take);
    return ask(&studio, status, "POST", "/import/batch", body);
}

static void expect_item(const json_t *item, const json_t *path, const char *name)
{
    assert_true(int_of(item, "photo_id") > 0);
    expect_text(item, "file_name", name);
    expect_text(item, "original_path", json_string_value(path));
    assert_true(photo_files_equal(json_string_value(path), text_of(item, "final_path")));
}

static void test_batch(void **state)
{
    (void)state;
    json_t *first = new_photo("batch-1.jpg");
    json_t *second = new_photo("batch-2.jpg");
    json_t *known = new_photo("batch-known.jpg");
    json_t *missing = json_sprintf("%s/batch-missing.jpg", studio.photos);
    char *text_path = photo_write_raw(studio.photos, "batch-text.jpg", "text", 4);
    json_decref(import_batch(200, json_pack("[O]", known), NULL));

    json_t *answer = import_batch(
        200,
        json_pack("[O, O, O, s, O, s]", first, known, missing, text_path, second, "/etc/passwd"),
        NULL);
    expect_text(answer, "message", "Batch import completed: 2/6 files imported");
    const json_t *results = object_of(answer, "results");
    expect_int(results, "total", 6);
    expect_int(results, "imported", 2);
    assert_int_equal(json_array_size(list_of(results, "success")), 2);
    expect_item(json_array_get(list_of(results, "success"), 0), first, "batch-1.jpg");
    expect_item(json_array_get(list_of(results, "success"), 1), second, "batch-2.jpg");
    assert_int_equal(json_array_size(list_of(results, "duplicates")), 1);
    assert_true(json_equal(json_array_get(list_of(results, "duplicates"), 0), known));
    const json_t *errors = list_of(results, "errors");
    assert_int_equal(json_array_size(errors), 3);
    assert_true(json_equal(json_array_get(json_array_get(errors, 0), 0), missing));
    assert_non_null(
        strstr(json_string_value(json_array_get(json_array_get(errors, 0), 1)), "does not exist"));
    json_decref(answer);
    free(text_path);
    json_decref(first);
    json_decref(second);
    json_decref(known);
    json_decref(missing);
}

/* The first failure ends it; what was imported before stays. */
static void test_stop_at_an_error(void **state)
{
    (void)state;
    json_t *good = new_photo("stop-1.jpg");
    json_t *never = new_photo("stop-2.jpg");
    json_t *missing = json_sprintf("%s/stop-missing.jpg", studio.photos);
    json_t *answer = import_batch(404, json_pack("[O, O, O]", good, missing, never),
                                  json_pack("{s:b}", "skip_on_error", 0));
    assert_non_null(strstr(text_of(answer, "error"), "Failed to import batch: "));
    assert_int_equal(json_array_size(list_of(object_of(answer, "results"), "success")), 1);
    json_decref(answer);
    json_decref(import_batch(200, json_pack("[O]", never), NULL));
    json_decref(good);
    json_decref(never);
    json_decref(missing);
}

static void test_bad_bodies(void **state)
{
    (void)state;
    ask_refused(&studio, 400, "POST", "/import/batch", NULL, "File paths list is required");
    ask_refused(&studio, 400, "POST", "/import/batch", json_pack("{s:s}", "file_paths", "x"),
                "file_paths must be a list");
    ask_refused(&studio, 400, "POST", "/import/batch", json_pack("{s:[i]}", "file_paths", 1),
                "file_paths[0]");
    ask_refused(&studio, 400, "POST", "/import/batch",
                json_pack("{s:[s], s:s}", "file_paths", "/x", "skip_on_error", "yes"),
                "skip_on_error");
    ask_refused(&studio, 404, "POST", "/import/batch",
                json_pack("{s:[s], s:i}", "file_paths", "/x", "session_id", 999999), "999999");
    json_t *empty = import_batch(200, json_array(), NULL);
    expect_int(object_of(empty, "results"), "total", 0);
    json_decref(empty);
}

static json_t *open_session(const char *name, const char *folder)
{
    json_t *answer = ask(&studio, 200, "POST", "/import/session",
                         json_pack("{s:s, s:s}", "name", name, "import_folder", folder));
    expect_text(answer, "message", "Session created successfully");
    expect_text(answer, "session_name", name);
    expect_text(answer, "import_folder", folder);
    expect_text(answer, "status", "importing");
    return answer;
}

/* Each file is announced; progress never goes back and ends with everything done. */
static void test_events(void **state)
{
    struct jmt_ws ws;
    json_t *paths = json_array();
    json_t *names = json_object();
    json_int_t done = 0;
    size_t imported = 0;
    (void)state;
    json_t *session = open_session("Batch", "/card");
    for (int i = 0; i < MANY; i++) {
        char name[32];
        snprintf(name, sizeof name, "many-%d.jpg", i);
        json_array_append_new(paths, new_photo(name));
    }
    listen_open(&ws, &studio, "photos");
    json_t *answer =
        import_batch(200, paths, json_pack("{s:I}", "session_id", int_of(session, "session_id")));
    expect_int(object_of(answer, "results"), "imported", MANY);
    while (imported < MANY || done < MANY) {
        json_t *event;
        must(jmt_ws_receive_json(&ws, &event, LISTEN_MS));
        if (strcmp(text_of(event, "type"), "photo_imported") == 0) {
            expect_int(event, "session_id", int_of(session, "session_id"));
            json_object_set_new(names, text_of(event, "file_name"), json_true());
            imported++;
        } else {
            expect_envelope(event, "import_progress", "photos");
            expect_text(event, "import_id", text_of(answer, "import_id"));
            expect_int(event, "files_total", MANY);
            assert_true(int_of(event, "files_done") >= done);
            assert_true(int_of(event, "bytes_done") <= int_of(event, "bytes_total"));
            assert_true(number_of(event, "rate_bytes_per_s") >= 0);
            done = int_of(event, "files_done");
        }
        json_decref(event);
    }
    assert_int_equal(json_object_size(names), MANY);
    listen_quiet(&ws);
    json_decref(answer);
    json_decref(names);
    json_decref(session);
    jmt_ws_fini(&ws);
}

/* The same name and folder open the session that is there, and it is not announced again. */
static void test_session(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, "sessions");
    json_t *first = open_session("Twice", "/card");
    json_t *event = listen_event(&ws, "session_created", "sessions");
    expect_int(event, "session_id", int_of(first, "session_id"));
    expect_text(event, "session_name", "Twice");
    expect_text(event, "import_folder", "/card");
    json_decref(event);
    json_t *second = open_session("Twice", "/card");
    expect_int(second, "session_id", int_of(first, "session_id"));
    listen_quiet(&ws);
    ask_refused(&studio, 400, "POST", "/import/session", json_pack("{s:s}", "name", "x"),
                "Session name and import_folder are required");
    ask_refused(&studio, 400, "POST", "/import/session", NULL,
                "Session name and import_folder are required");
    json_decref(first);
    json_decref(second);
    jmt_ws_fini(&ws);
}

static void test_lists(void **state)
{
    char path[96];
    (void)state;
    json_t *session = open_session("Listed", "/card");
    json_int_t id = int_of(session, "session_id");
    json_t *photo = new_photo("listed.jpg");
    json_decref(import_batch(200, json_pack("[O]", photo), json_pack("{s:I}", "session_id", id)));
    json_decref(photo);
    json_decref(session);

    json_t *sessions = ask(&studio, 200, "GET", "/import/sessions?limit=1", NULL);
    expect_int(sessions, "count", 1);
    const json_t *newest = json_array_get(list_of(sessions, "sessions"), 0);
    expect_text(newest, "name", "Listed");
    expect_int(newest, "total_photos", 1);
    json_decref(sessions);

    snprintf(path, sizeof path, "/import/photos?session_id=%lld", (long long)id);
    json_t *photos = ask(&studio, 200, "GET", path, NULL);
    expect_int(photos, "count", 1);
    expect_text(json_array_get(list_of(photos, "photos"), 0), "file_name", "listed.jpg");
    json_decref(photos);

    json_t *stats = ask(&studio, 200, "GET", "/import/stats", NULL);
    photos = ask(&studio, 200, "GET", "/import/photos?limit=-1", NULL);
    expect_int(photos, "count", int_of(stats, "total_photos"));
    expect_int(stats, "recent_imports_24h", int_of(stats, "total_photos"));
    expect_int(object_of(stats, "photos_by_status"), "imported", int_of(stats, "total_photos"));
    expect_int(object_of(stats, "sessions_by_status"), "importing",
               int_of(stats, "total_sessions"));
    json_decref(photos);
    json_decref(stats);
    ask_refused(&studio, 400, "GET", "/import/photos?limit=many", NULL, "limit");
    ask_refused(&studio, 400, "GET", "/import/photos?status=lost", NULL, "status");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batch),      cmocka_unit_test(test_stop_at_an_error),
        cmocka_unit_test(test_bad_bodies), cmocka_unit_test(test_events),
        cmocka_unit_test(test_session),    cmocka_unit_test(test_lists),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
