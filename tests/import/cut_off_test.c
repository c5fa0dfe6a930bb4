/*
 * The host is killed in the middle of a batch and in the middle of a card. What is there afterwards is
 * whole, and the same request again brings the rest, each file once.
 */
#include "check.h"
#include "listen.h"
#include "photos.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILES 60
#define FILE_BYTES 300000
#define EARLY 5 /* files that are done when the host is killed, at least */

static struct studio studio;
static char *library;
static char *card; /* a folder of the photographs' folder */

static int open_studio(void **state)
{
    (void)state;
    studio_open(&studio, NULL, NULL);
    library = studio_path(studio.host.data_dir, "library");
    card = studio_path(studio.photos, "DCIM");
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    free(library);
    free(card);
    return 0;
}

static json_t *write_photos(const char *folder, const char *what)
{
    json_t *paths = json_array();
    for (int i = 0; i < FILES; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s%02d.jpg", what, i);
        char *path = photo_write_sized(folder, name, name, FILE_BYTES);
        json_array_append_new(paths, json_string(path));
        free(path);
    }
    return paths;
}

/* Each photograph has its file, each file its photograph, and no part lies about. Their number. */
static json_int_t check_library(void)
{
    size_t i;
    json_t *photo;
    json_t *answer = ask(&studio, 200, "GET", "/api/photos?limit=1000", NULL);
    json_array_foreach(list_of(answer, "photos"), i, photo)
    {
        const char *name = text_of(photo, "file_name");
        char *source = studio_path(name[0] == 'b' ? studio.photos : card, name);
        if (!photo_files_equal(source, text_of(photo, "file_path")))
            fail_msg("%s is not what was imported", text_of(photo, "file_path"));
        free(source);
    }
    json_int_t total = int_of(answer, "total");
    json_decref(answer);
    assert_int_equal(photo_count_files(library, ".part"), 0);
    return total;
}

static void listen_photos(struct jmt_ws *ws)
{
    listen_open(ws, &studio, NULL);
    must(jmt_ws_subscribe_with(ws,
                               json_pack("{s:s, s:[s], s:[s]}", "type", "subscribe", "channels",
                                         "photos", "types", "photo_imported"),
                               NULL));
}

/* Waits until so many photographs are announced, then kills the host. */
static void kill_after(struct jmt_ws *ws, int count)
{
    for (int i = 0; i < count; i++)
        json_decref(listen_for(ws, "photo_imported"));
    jmt_host_kill(&studio.host);
    jmt_ws_fini(ws);
    must(jmt_host_restart(&studio.host));
}

/* Sends a request without waiting for its answer. */
static void send_request(struct jmt_http *http, const char *path, json_t *body_take)
{
    char *body = json_dumps(body_take, JSON_COMPACT);
    json_decref(body_take);
    struct jmt_request request = {.method = "POST", .path = path, .body = body};
    must(jmt_http_open(http, studio.host.port));
    must(jmt_http_send(http, &request));
    free(body);
}

static void expect_interrupted_report(void)
{
    json_t *answer = ask(&studio, 200, "GET", "/import/reports?limit=1", NULL);
    expect_text(json_array_get(list_of(answer, "reports"), 0), "status", "interrupted");
    json_decref(answer);
}

static void test_batch(void **state)
{
    struct jmt_ws ws;
    struct jmt_http http;
    (void)state;
    json_t *paths = write_photos(studio.photos, "b");
    listen_photos(&ws);
    send_request(&http, "/import/batch", json_pack("{s:O}", "file_paths", paths));
    kill_after(&ws, EARLY);
    jmt_http_close(&http);
    json_int_t before = check_library();
    assert_in_range(before, EARLY, FILES - 1);
    expect_interrupted_report();

    json_t *answer =
        ask(&studio, 200, "POST", "/import/batch", json_pack("{s:o}", "file_paths", paths));
    json_t *results = object_of(answer, "results");
    expect_int(results, "imported", FILES - before);
    assert_int_equal(json_array_size(list_of(results, "duplicates")), before);
    json_decref(answer);
    assert_int_equal(check_library(), FILES);
    assert_int_equal(photo_count_files(library, NULL), FILES);
}

static json_t *post_card(void)
{
    return ask(&studio, 200, "POST", "/import/card",
               json_pack("{s:s, s:s}", "path", card, "session", "Card"));
}

static json_t *get_job(json_int_t id)
{
    char path[64];
    snprintf(path, sizeof path, "/import/card/%lld", (long long)id);
    return ask(&studio, 200, "GET", path, NULL);
}

/* Progress is told at the end at last: there is no need to wait blindly. */
static void wait_for_done(struct jmt_ws *ws, json_int_t id)
{
    json_t *job = get_job(id);
    while (strcmp(text_of(job, "status"), "running") == 0) {
        json_decref(job);
        json_decref(listen_for(ws, "import_progress"));
        job = get_job(id);
    }
    expect_text(job, "status", "done");
    json_decref(job);
}

static void test_card(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_int_t old = check_library();
    assert_int_equal(mkdir(card, 0755), 0);
    json_decref(write_photos(card, "c"));
    listen_photos(&ws);
    json_t *job = post_card();
    json_int_t id = int_of(job, "card_id");
    expect_int(job, "new", FILES);
    json_decref(job);
    kill_after(&ws, EARLY);
    assert_in_range(check_library(), old + EARLY, old + FILES - 1);
    job = get_job(id);
    expect_text(job, "status", "interrupted");
    json_decref(job);

    listen_open(&ws, &studio, "photos");
    job = post_card();
    expect_int(job, "card_id", id);
    assert_int_equal(int_of(job, "known") + int_of(job, "new"), FILES);
    assert_in_range(int_of(job, "known"), 1, FILES - 1);
    json_decref(job);
    wait_for_done(&ws, id);
    assert_int_equal(check_library(), old + FILES);
    assert_int_equal(photo_count_files(library, NULL), old + FILES);

    /* The third time there is nothing to do. */
    job = post_card();
    expect_int(job, "new", 0);
    expect_int(job, "known", FILES);
    json_decref(job);
    jmt_ws_fini(&ws);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batch),
        cmocka_unit_test(test_card),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
