/* Importing one file at a time: what is taken, what is refused and why, and what is announced. */
#include "check.h"
#include "listen.h"
#include "photos.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static struct studio studio;

static int open_studio(void **state)
{
    json_t *config = json_pack("{s:{s:{s:i}}}", "plugins", "import", "max_file_mib", 1);
    (void)state;
    studio_open(&studio, config, NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    assert_int_equal(photo_count_files(studio.host.data_dir, ".part"), 0);
    studio_close(&studio);
    return 0;
}

static json_t *import_as(int status, const char *path, json_t *more_take)
{
    json_t *body = more_take ? more_take : json_object();
    json_object_set_new(body, "file_path", json_string(path));
    return ask(&studio, status, "POST", "/import/file", body);
}

static void expect_refusal(int status, const char *path, const char *words)
{
    json_t *answer = import_as(status, path, NULL);
    if (!strstr(text_of(answer, "error"), words) && !strstr(text_of(answer, "details"), words))
        fail_msg("%s: \"%s\" does not say \"%s\"", path, text_of(answer, "error"), words);
    json_decref(answer);
}

/* How many photographs there are. */
static json_int_t photo_total(void)
{
    json_t *stats = ask(&studio, 200, "GET", "/import/stats", NULL);
    json_int_t total = int_of(stats, "total_photos");
    json_decref(stats);
    return total;
}

static json_int_t open_session(const char *name)
{
    json_t *answer = ask(&studio, 200, "POST", "/import/session",
                         json_pack("{s:s, s:s}", "name", name, "import_folder", studio.photos));
    json_int_t id = int_of(answer, "session_id");
    json_decref(answer);
    return id;
}

static void test_file(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_int_t session = open_session("One");
    char *path = photo_write(studio.photos, "one.jpg", "one");
    listen_open(&ws, &studio, "photos,sessions");
    json_t *answer = import_as(200, path, json_pack("{s:I}", "session_id", session));
    expect_text(answer, "message", "File imported successfully");
    expect_text(answer, "file_name", "one.jpg");
    assert_string_equal(json_string_value(json_array_get(list_of(answer, "warnings"), 0)),
                        "no_exif");
    assert_true(photo_files_equal(path, text_of(answer, "final_path")));

    json_t *event = listen_event(&ws, "photo_imported", "photos");
    expect_int(event, "photo_id", int_of(answer, "photo_id"));
    expect_int(event, "session_id", session);
    expect_text(event, "file_name", "one.jpg");
    expect_text(event, "file_path", text_of(answer, "final_path"));
    json_decref(event);
    event = listen_event(&ws, "session_updated", "sessions");
    expect_int(event, "session_id", session);
    expect_int(event, "total_photos", 1);
    json_decref(event);
    listen_quiet(&ws);
    json_decref(answer);
    free(path);
    jmt_ws_fini(&ws);
}

/* Without a session the event still fires, with null. */
static void test_without_session(void **state)
{
    struct jmt_ws ws;
    (void)state;
    char *path = photo_write(studio.photos, "alone.jpg", "alone");
    listen_open(&ws, &studio, "photos,sessions");
    json_decref(import_as(200, path, NULL));
    json_t *event = listen_event(&ws, "photo_imported", "photos");
    expect_null(event, "session_id");
    json_decref(event);
    listen_quiet(&ws);
    free(path);
    jmt_ws_fini(&ws);
}

static void test_duplicates(void **state)
{
    struct jmt_ws ws;
    char photo_path[64];
    (void)state;
    char *path = photo_write(studio.photos, "twice.jpg", "twice");
    char *copy = photo_write(studio.photos, "copy of twice.jpg", "twice");
    json_t *first = import_as(200, path, NULL);
    json_int_t id = int_of(first, "photo_id");
    json_int_t total = photo_total();
    listen_open(&ws, &studio, "photos,sessions");
    for (int i = 0; i < 2; i++) {
        json_t *again = import_as(409, i == 0 ? path : copy, NULL);
        expect_text(again, "error", "Duplicate file detected");
        expect_int(again, "photo_id", id);
        assert_non_null(strstr(text_of(again, "details"), i == 0 ? "twice.jpg" : "copy of"));
        json_decref(again);
    }
    json_t *taken = import_as(200, copy, json_pack("{s:b}", "check_duplicates", 0));
    expect_int(taken, "photo_id", id);
    expect_text(taken, "final_path", text_of(first, "final_path"));
    json_decref(taken);
    listen_quiet(&ws);
    assert_int_equal(photo_total(), total);

    /* Where else it was found is known from now on. */
    snprintf(photo_path, sizeof photo_path, "/api/photos/%lld", (long long)id);
    json_t *photo = ask(&studio, 200, "GET", photo_path, NULL);
    assert_int_equal(json_array_size(list_of(photo, "sources")), 2);
    json_decref(photo);
    json_decref(first);
    free(path);
    free(copy);
    jmt_ws_fini(&ws);
}

/* Another picture of the same name gets a name of its own. */
static void test_same_name(void **state)
{
    (void)state;
    char *folder = studio_path(studio.photos, "card");
    assert_int_equal(mkdir(folder, 0755), 0);
    char *path = photo_write(studio.photos, "same.jpg", "first of this name");
    char *other = photo_write(folder, "same.jpg", "second of this name");
    json_t *first = import_as(200, path, NULL);
    json_t *second = import_as(200, other, NULL);
    expect_text(second, "file_name", "same_1.jpg");
    assert_true(photo_files_equal(path, text_of(first, "final_path")));
    assert_true(photo_files_equal(other, text_of(second, "final_path")));
    json_decref(first);
    json_decref(second);
    free(path);
    free(other);
    free(folder);
}

/* Outside of the roots there is nothing to find out, not even whether it exists. */
static void test_roots(void **state)
{
    (void)state;
    char *outside = photo_write(studio.folder, "outside.jpg", "outside");
    char *link = studio_path(studio.photos, "link.jpg");
    char *climbing = studio_path(studio.photos, "../outside.jpg");
    char *own = studio_path(studio.host.data_dir, "junmai.db");
    assert_int_equal(symlink(outside, link), 0);
    expect_refusal(403, outside, "root");
    expect_refusal(403, "/etc/passwd", "root");
    expect_refusal(403, "/nowhere/at/all.jpg", "root");
    expect_refusal(403, link, "root");
    expect_refusal(403, climbing, "root");
    expect_refusal(403, own, "Junmai itself");
    expect_refusal(403, "one.jpg", "absolute");
    free(outside);
    free(link);
    free(climbing);
    free(own);
}

/* The content that a name promises, and what is in it. */
static void expect_content_refusal(const char *name, const void *bytes, size_t count,
                                   const char *words)
{
    char *path = photo_write_raw(studio.photos, name, bytes, count);
    expect_refusal(400, path, words);
    free(path);
}

static void test_no_photographs(void **state)
{
    static char large[(1 << 20) + 1] = "\xFF\xD8\xFF";
    size_t count;
    (void)state;
    char *photo = photo_bytes("cut", 5000, &count);
    expect_content_refusal("empty.jpg", "", 0, "empty");
    expect_content_refusal("text.jpg", "just a text\n", 12, "no photograph");
    expect_content_refusal("page.CR2", "<html></html>", 13, "no photograph");
    expect_content_refusal("cut.jpg", photo, count - 100, "cut short");
    expect_content_refusal("large.jpg", large, sizeof large, "max_file_mib");
    free(photo);

    char *missing = studio_path(studio.photos, "missing.jpg");
    expect_refusal(404, missing, "does not exist");
    expect_refusal(400, studio.photos, "folder");
    char *pipe_path = studio_path(studio.photos, "pipe.jpg");
    assert_int_equal(mkfifo(pipe_path, 0644), 0);
    expect_refusal(400, pipe_path, "regular");
    free(missing);
    free(pipe_path);
}

static void test_unreadable(void **state)
{
    (void)state;
    if (geteuid() == 0)
        skip();
    char *path = photo_write(studio.photos, "secret.jpg", "secret");
    assert_int_equal(chmod(path, 0), 0);
    expect_refusal(400, path, "cannot be read");
    free(path);
}

static void test_bad_bodies(void **state)
{
    (void)state;
    char *path = photo_write(studio.photos, "body.jpg", "body");
    ask_refused(&studio, 400, "POST", "/import/file", NULL, "File path is required");
    ask_refused(&studio, 400, "POST", "/import/file", json_pack("{s:s}", "file_path", ""),
                "File path is required");
    ask_refused(&studio, 400, "POST", "/import/file", json_pack("{s:i}", "file_path", 7),
                "file_path");
    ask_refused(&studio, 400, "POST", "/import/file",
                json_pack("{s:s, s:s}", "file_path", path, "session_id", "1"), "session_id");
    ask_refused(&studio, 400, "POST", "/import/file",
                json_pack("{s:s, s:s}", "file_path", path, "check_duplicates", "no"),
                "check_duplicates");
    ask_refused(&studio, 404, "POST", "/import/file",
                json_pack("{s:s, s:i}", "file_path", path, "session_id", 999999), "999999");
    json_decref(import_as(200, path, json_pack("{s:n, s:n}", "session_id", "check_duplicates")));
    free(path);
}

/* A name on disk, and how it is written in JSON where it is no UTF-8. */
static void expect_name(const char *name, const char *text)
{
    char *bytes = photo_write(studio.photos, name, name);
    char *path = studio_path(studio.photos, text);
    json_t *answer = import_as(200, path, NULL);
    expect_text(answer, "file_name", text);
    assert_true(photo_files_equal(bytes, text_of(answer, "final_path")));
    json_decref(answer);
    json_decref(import_as(409, path, NULL));
    free(bytes);
    free(path);
}

static void test_names(void **state)
{
    char longest[256];
    (void)state;
    memset(longest, 'n', 255);
    memcpy(longest + 251, ".jpg", 5);
    expect_name("with space.jpg", "with space.jpg");
    expect_name("quo\"te's.jpg", "quo\"te's.jpg");
    expect_name("new\nline.jpg", "new\nline.jpg");
    expect_name("back\\slash.jpg", "back\\slash.jpg");
    expect_name("-rf.jpg", "-rf.jpg");
    expect_name("\xe5\x86\x99\xe7\x9c\x9f.jpg", "\xe5\x86\x99\xe7\x9c\x9f.jpg");
    expect_name("100%.jpg", "100%.jpg");
    expect_name("%E9.jpg", "%E9.jpg");
    expect_name("caf\xe9.jpg", "caf%E9.jpg");
    expect_name("no extension", "no extension");
    expect_name(".hidden.jpg", ".hidden.jpg");
    expect_name(longest, longest);
}

/* One content, asked for over several connections at once: it is taken once. */
static void test_at_once(void **state)
{
    enum { CLIENTS = 6 };
    struct jmt_http http[CLIENTS];
    struct jmt_ws ws;
    int statuses[CLIENTS];
    int imported = 0;
    char body[512];
    (void)state;
    char *path = photo_write_sized(studio.photos, "race.jpg", "race", 300000);
    struct jmt_request request = {.method = "POST", .path = "/import/file", .body = body};
    json_int_t total = photo_total();
    snprintf(body, sizeof body, "{\"file_path\":\"%s\"}", path);
    listen_open(&ws, &studio, "photos");
    for (int i = 0; i < CLIENTS; i++) {
        must(jmt_http_open(&http[i], studio.host.port));
        must(jmt_http_send(&http[i], &request));
    }
    for (int i = 0; i < CLIENTS; i++) {
        struct jmt_response response;
        must(jmt_http_receive(&http[i], &response, LISTEN_MS));
        statuses[i] = response.status;
        imported += statuses[i] == 200;
        assert_true(statuses[i] == 200 || statuses[i] == 409);
        jmt_response_fini(&response);
        jmt_http_close(&http[i]);
    }
    assert_int_equal(imported, 1);
    assert_int_equal(photo_total(), total + 1);
    json_decref(listen_event(&ws, "photo_imported", "photos"));
    listen_quiet(&ws);
    free(path);
    jmt_ws_fini(&ws);
}

/* That the one who asked has left does not stop the import. */
static void test_client_leaves(void **state)
{
    struct jmt_http http;
    struct jmt_ws ws;
    char body[512];
    (void)state;
    char *path = photo_write_sized(studio.photos, "left.jpg", "left", 300000);
    struct jmt_request request = {.method = "POST", .path = "/import/file", .body = body};
    snprintf(body, sizeof body, "{\"file_path\":\"%s\"}", path);
    listen_open(&ws, &studio, "photos");
    must(jmt_http_open(&http, studio.host.port));
    must(jmt_http_send(&http, &request));
    must(shutdown(http.stream.fd, SHUT_WR));
    jmt_http_close(&http);
    json_t *event = listen_for(&ws, "photo_imported");
    expect_text(event, "file_name", "left.jpg");
    json_decref(event);
    json_decref(import_as(409, path, NULL));
    free(path);
    jmt_ws_fini(&ws);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file),          cmocka_unit_test(test_without_session),
        cmocka_unit_test(test_duplicates),    cmocka_unit_test(test_same_name),
        cmocka_unit_test(test_roots),         cmocka_unit_test(test_no_photographs),
        cmocka_unit_test(test_unreadable),    cmocka_unit_test(test_bad_bodies),
        cmocka_unit_test(test_names),         cmocka_unit_test(test_at_once),
        cmocka_unit_test(test_client_leaves),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
