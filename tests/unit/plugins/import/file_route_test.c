/* POST /import/file: each outcome, what is in the library, in the catalog and on the wire then. */
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define DAY "lib/2024/2024-07-19"

static int64_t photos(struct fixture *f)
{
    return fakehost_sql(f->host, "SELECT count(*) FROM catalog_photos");
}

static void assert_details(struct fixture *f, const char *words)
{
    if (strstr(fixture_text(f, "details"), words) == NULL) {
        fail_msg("'%s' says nothing of '%s'", fixture_text(f, "details"), words);
    }
}

static void test_import(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, "a.jpg", 1);
    assert_int_equal(fixture_import(f, "a.jpg"), 200);
    assert_string_equal(fixture_text(f, "message"), "File imported successfully");
    assert_string_equal(fixture_text(f, "file_name"), "a.jpg");
    assert_string_equal(fixture_text(f, "final_path"), scratch_path(&f->scratch, DAY "/a.jpg"));
    assert_true(fixture_int(f, "photo_id") > 0);
    assert_true(scratch_has(&f->scratch, DAY "/a.jpg"));
    assert_int_equal(photos(f), 1);
    assert_int_equal(fakehost_event_count(f->host, "photo_imported"), 1);
    assert_int_equal(fakehost_sql(f->host, "SELECT iso FROM catalog_photos"), 400);
    assert_int_equal(fakehost_sql(f->host, "SELECT orientation FROM catalog_photos"), 6);
}

static void test_warnings(void **state)
{
    struct fixture *f = *state;
    unsigned char bytes[MADE_BYTES];
    size_t len = made_jpeg(bytes, "1919:05:04 05:59:26", 1);
    scratch_file(&f->scratch, "in/old.jpg", bytes, len);
    assert_int_equal(fixture_import(f, "old.jpg"), 200);
    const json_t *warnings = json_object_get(fakehost_answer(f->host), "warnings");
    assert_int_equal(json_array_size(warnings), 1);
    assert_string_equal(json_string_value(json_array_get(warnings, 0)), "capture_time_implausible");
    assert_true(scratch_has(&f->scratch, "lib/2025/2025-11-09/old.jpg"));
}

static void test_duplicate(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, "a.jpg", 1);
    fixture_photo(f, "renamed.jpg", 1);
    assert_int_equal(fixture_import(f, "a.jpg"), 200);
    int64_t photo = fixture_int(f, "photo_id");
    assert_int_equal(fixture_import(f, "renamed.jpg"), 409);
    assert_string_equal(fixture_text(f, "error"), "Duplicate file detected");
    assert_details(f, "same content");
    assert_int_equal(fixture_int(f, "photo_id"), photo);
    assert_int_equal(photos(f), 1);
    assert_int_equal(fakehost_sql(f->host, "SELECT count(*) FROM catalog_sources"), 2);
    assert_int_equal(fakehost_event_count(f->host, "photo_imported"), 1);
    assert_int_equal(async_started("metadata"), 1);

    assert_int_equal(
        fixture_post(f, "/import/file",
                     json_pack("{s:s, s:b}", "file_path",
                               scratch_path(&f->scratch, "in/renamed.jpg"), "check_duplicates", 0)),
        200);
    assert_int_equal(fixture_int(f, "photo_id"), photo);
    assert_string_equal(fixture_text(f, "file_name"), "a.jpg");
    assert_string_equal(fixture_text(f, "final_path"), scratch_path(&f->scratch, DAY "/a.jpg"));
    assert_int_equal(photos(f), 1);
}

static void test_name_clash(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, "a.jpg", 1);
    assert_int_equal(fixture_import(f, "a.jpg"), 200);
    fixture_photo(f, "a.jpg", 2);
    assert_int_equal(fixture_import(f, "a.jpg"), 200);
    assert_string_equal(fixture_text(f, "file_name"), "a_1.jpg");
    /* A name stays the photograph's that has it in the catalog, even when its file has gone. */
    unlink(scratch_path(&f->scratch, DAY "/a.jpg"));
    fixture_photo(f, "a.jpg", 3);
    assert_int_equal(fixture_import(f, "a.jpg"), 200);
    assert_string_equal(fixture_text(f, "file_name"), "a_2.jpg");
}

/* After a crash between the rename and the commit the file is there and its photograph is not. */
static void test_adopts_its_own(void **state)
{
    struct fixture *f = *state;
    unsigned char bytes[MADE_BYTES];
    size_t len = made_jpeg(bytes, "2024:07:19 09:14:31", 1);
    fixture_photo(f, "a.jpg", 1);
    scratch_folder(&f->scratch, "lib/2024");
    scratch_folder(&f->scratch, DAY);
    scratch_file(&f->scratch, DAY "/a.jpg", bytes, len);
    assert_int_equal(fixture_import(f, "a.jpg"), 200);
    assert_string_equal(fixture_text(f, "file_name"), "a.jpg");
    assert_int_equal(scratch_count(&f->scratch, DAY, "a"), 1);

    /* A stranger of the same size is none of its own. */
    bytes[len - 3] = 9;
    scratch_file(&f->scratch, DAY "/b.jpg", bytes, len);
    fixture_photo(f, "b.jpg", 2);
    assert_int_equal(fixture_import(f, "b.jpg"), 200);
    assert_string_equal(fixture_text(f, "file_name"), "b_1.jpg");
    assert_int_equal(async_started("name a photograph"), 3);
}

static void test_refusals(void **state)
{
    struct fixture *f = *state;
    scratch_file(&f->scratch, "outside.jpg", "x", 1);
    scratch_file(&f->scratch, "in/text.jpg", "no photograph", 13);
    scratch_file(&f->scratch, "in/empty.jpg", "", 0);
    scratch_file(&f->scratch, "in/a.xmp", "<x:xmpmeta/>", 12);
    assert_int_equal(fixture_import(f, "../outside.jpg"), 403);
    assert_int_equal(fixture_import(f, "missing.jpg"), 404);
    assert_details(f, "File does not exist");
    assert_int_equal(fixture_import(f, "text.jpg"), 400);
    assert_details(f, "no photograph");
    assert_non_null(strstr(fixture_text(f, "error"), "Failed to import file"));
    assert_int_equal(fixture_import(f, "empty.jpg"), 400);
    assert_int_equal(fixture_import(f, "a.xmp"), 400);
    assert_details(f, "sidecar");
    assert_int_equal(photos(f), 0);
    assert_int_equal(fakehost_event_count(f->host, NULL), 0);
}

static void test_bad_requests(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(fakehost_request(f->host, "POST", "/import/file", NULL), 400);
    assert_string_equal(fixture_text(f, "error"), "File path is required");
    assert_int_equal(fakehost_request(f->host, "POST", "/import/file", "{\"file_path\":\"\"}"),
                     400);
    assert_int_equal(fakehost_request(f->host, "POST", "/import/file", "{\"file_path\":7}"), 400);
    assert_int_equal(fakehost_request(f->host, "POST", "/import/file",
                                      "{\"file_path\":\"/a\",\"check_duplicates\":\"no\"}"),
                     400);
    assert_int_equal(fakehost_request(f->host, "POST", "/import/file",
                                      "{\"file_path\":\"/a\",\"session_id\":\"1\"}"),
                     400);
    assert_int_equal(fakehost_request(f->host, "POST", "/import/file",
                                      "{\"file_path\":\"/a\",\"session_id\":7}"),
                     404);
    assert_int_equal(
        fakehost_request(f->host, "POST", "/import/file", "{\"file_path\":\"relative.jpg\"}"), 0);
    async_run();
    assert_non_null(strstr(fixture_text(f, "details"), "not an absolute path"));
}

static void test_session(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, "a.jpg", 1);
    assert_int_equal(
        fixture_post(f, "/import/session",
                     json_pack("{s:s, s:s}", "name", "Wedding", "import_folder", "/media/card")),
        200);
    int64_t session = fixture_int(f, "session_id");
    assert_int_equal(
        fixture_post(f, "/import/file",
                     json_pack("{s:s, s:I}", "file_path", scratch_path(&f->scratch, "in/a.jpg"),
                               "session_id", (json_int_t)session)),
        200);
    assert_int_equal(fakehost_sql(f->host, "SELECT session_id FROM catalog_photos"), session);
    assert_int_equal(fakehost_event_count(f->host, "session_updated"), 1);
}

/* Names that are odd, or no text at all. */
static void test_names(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, "two\nlines \"q\" \\.jpg", 1);
    fixture_photo(f, "caf\xe9.jpg", 2);
    assert_int_equal(fixture_import(f, "two\nlines \"q\" \\.jpg"), 200);
    assert_string_equal(fixture_text(f, "file_name"), "two\nlines \"q\" \\.jpg");
    assert_true(scratch_has(&f->scratch, DAY "/two\nlines \"q\" \\.jpg"));
    assert_int_equal(fixture_import(f, "caf%E9.jpg"), 200);
    assert_string_equal(fixture_text(f, "file_name"), "caf%E9.jpg");
    assert_int_equal(access(fixture_text(f, "final_path"), R_OK), 0);
}

/* A crash fails the file, an operator hears of it, and the next one goes through. */
static void test_worker_crash(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, "a.jpg", 1);
    async_script_task(JM_ECRASHED, "worker 3 died of signal 11");
    assert_int_equal(fixture_import(f, "a.jpg"), 400);
    assert_details(f, "signal 11");
    const struct fakehost_event *event = fakehost_event_at(f->host, "error_occurred", 0);
    assert_non_null(event);
    assert_string_equal(event->channel, "system");
    assert_string_equal(json_string_value(json_object_get(event->fields, "error_type")),
                        "worker_crashed");
    async_script_task(JM_EIO, "cannot start the worker program");
    assert_int_equal(fixture_import(f, "a.jpg"), 503);
    assert_int_equal(fixture_import(f, "a.jpg"), 200);
}

static void test_worker_talks_rubbish(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, "a.jpg", 1);
    async_script_task(JM_OK, "[]");
    assert_int_equal(fixture_import(f, "a.jpg"), 500);
    async_script_task(JM_OK, "{\"file_path\":\"/etc/passwd\",\"iso\":-5,\"extra\":1}");
    assert_int_equal(fixture_import(f, "a.jpg"), 200);
    assert_string_equal(fixture_text(f, "final_path"),
                        scratch_path(&f->scratch, "lib/2025/2025-11-09/a.jpg"));
}

/* The catalog fails while it writes: its rows and events are taken back, the file is removed, and
 * the operator hears of it. */
static void test_catalog_fails(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, "a.jpg", 1);
    char body[PATH_MAX + 32];
    snprintf(body, sizeof body, "{\"file_path\":\"%s\"}", scratch_path(&f->scratch, "in/a.jpg"));
    fakehost_request(f->host, "POST", "/import/file", body);
    while (async_started("metadata") == 0) {
        assert_true(async_step());
    }
    /* Four look-ups, the row of the photograph, and then that of its source, which fails. */
    fakehost_fail_exec(f->host, 6, JM_ENOSPC);
    async_run();
    assert_details(f, "disk is full");
    assert_int_equal(photos(f), 0);
    assert_int_equal(fakehost_event_count(f->host, "photo_imported"), 0);
    assert_int_equal(fakehost_event_count(f->host, "error_occurred"), 1);
    assert_int_equal(scratch_count(&f->scratch, DAY, ""), 0);
    assert_int_equal(fixture_import(f, "a.jpg"), 200);
}

/* The turn in which the photograph was added is not committed: nobody is told that it is there. */
static void test_commit_fails(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, "a.jpg", 1);
    char body[PATH_MAX + 32];
    snprintf(body, sizeof body, "{\"file_path\":\"%s\"}", scratch_path(&f->scratch, "in/a.jpg"));
    fakehost_request(f->host, "POST", "/import/file", body);
    fakehost_fail_commit(f->host);
    while (async_started("name a photograph") == 0) {
        assert_true(async_step());
    }
    async_run();
    assert_details(f, "disk is full");
    assert_int_equal(photos(f), 0);
    assert_null(json_object_get(fakehost_answer(f->host), "photo_id"));
    assert_int_equal(scratch_count(&f->scratch, DAY, ""), 0);
}

/* Draining: what runs ends without a trace, nothing new starts. */
static void test_drain(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, "a.jpg", 1);
    char body[PATH_MAX + 32];
    snprintf(body, sizeof body, "{\"file_path\":\"%s\"}", scratch_path(&f->scratch, "in/a.jpg"));
    fakehost_request(f->host, "POST", "/import/file", body);
    async_refuse(JM_ESTATE);
    async_run();
    assert_details(f, "try again");
    assert_int_equal(fakehost_request(f->host, "POST", "/import/file", body), 503);
    async_refuse(JM_OK);
    assert_int_equal(fixture_import(f, "a.jpg"), 200);
}

static void test_catalog_routes(void **state)
{
    struct fixture *f = *state;
    json_t *body = json_pack("{s:s, s:s}", "name", "Wedding", "import_folder", "/media/card");
    assert_int_equal(fixture_post(f, "/import/session", json_incref(body)), 200);
    int64_t session = fixture_int(f, "session_id");
    assert_string_equal(fixture_text(f, "message"), "Session created successfully");
    assert_string_equal(fixture_text(f, "session_name"), "Wedding");
    assert_string_equal(fixture_text(f, "import_folder"), "/media/card");
    assert_string_equal(fixture_text(f, "status"), "importing");
    assert_int_equal(fixture_post(f, "/import/session", body), 200);
    assert_int_equal(fixture_int(f, "session_id"), session);
    assert_int_equal(fakehost_event_count(f->host, "session_created"), 1);
    assert_int_equal(fakehost_request(f->host, "POST", "/import/session", "{\"name\":\"x\"}"), 400);
    assert_string_equal(fixture_text(f, "error"), "Session name and import_folder are required");

    fixture_photo(f, "a.jpg", 1);
    fixture_photo(f, "b.jpg", 2);
    fixture_import(f, "a.jpg");
    fixture_import(f, "b.jpg");
    assert_int_equal(fakehost_request(f->host, "GET", "/import/photos", NULL), 200);
    assert_int_equal(fixture_int(f, "count"), 2);
    assert_int_equal(fakehost_request(f->host, "GET", "/import/photos?limit=1", NULL), 200);
    assert_int_equal(json_array_size(json_object_get(fakehost_answer(f->host), "photos")), 1);
    assert_int_equal(fakehost_request(f->host, "GET", "/import/photos?limit=-1", NULL), 200);
    assert_int_equal(fixture_int(f, "count"), 2);
    assert_int_equal(fakehost_request(f->host, "GET", "/import/photos?limit=x", NULL), 400);
    assert_int_equal(fakehost_request(f->host, "GET", "/import/photos?session_id=1", NULL), 200);
    assert_int_equal(fixture_int(f, "count"), 0);
    assert_int_equal(fakehost_request(f->host, "GET", "/import/sessions", NULL), 200);
    assert_int_equal(fixture_int(f, "count"), 1);
    assert_int_equal(fakehost_request(f->host, "GET", "/import/stats", NULL), 200);
    assert_int_equal(fixture_int(f, "total_photos"), 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_import),
        TEST(test_warnings),
        TEST(test_duplicate),
        TEST(test_name_clash),
        TEST(test_adopts_its_own),
        TEST(test_refusals),
        TEST(test_bad_requests),
        TEST(test_session),
        TEST(test_names),
        TEST(test_worker_crash),
        TEST(test_worker_talks_rubbish),
        TEST(test_catalog_fails),
        TEST(test_commit_fails),
        TEST(test_drain),
        TEST(test_catalog_routes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
