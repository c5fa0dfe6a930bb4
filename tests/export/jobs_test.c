/* The routes of export jobs, and a client that renders itself. */
#include "check.h"
#include "exported.h"
#include "listen.h"
#include "photos.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct studio studio;
static json_int_t photo;

static int open_studio(void **state)
{
    (void)state;
    exported_open(&studio, NULL);
    photo = exported_photo(&studio, "IMG_0001.jpg", 700, 500, 1);
    exported_make(&studio, "local", NULL);
    exported_make(&studio, "remote",
                  json_pack("{s:s, s:s, s:b}", "renderer", "remote", "watermark_text", "© {year}",
                            "watermark_enabled", 1));
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    assert_int_equal(exported_parts(&studio), 0);
    studio_close(&studio);
    return 0;
}

static json_t *post(int status, const char *path, json_t *body_take)
{
    return ask(&studio, status, "POST", path, body_take);
}

static void expect_xjob(const json_t *xjob, const char *preset, const char *status)
{
    assert_int_equal(strlen(text_of(xjob, "id")), 32);
    expect_int(xjob, "photo_id", photo);
    expect_text(xjob, "preset_name", preset);
    expect_text(xjob, "status", status);
    expect_time(xjob, "created_at");
}

static void test_trigger(void **state)
{
    char path[64];
    (void)state;
    exported_pause(&studio, true);
    json_t *answer = post(200, "/export/auto/trigger", json_pack("{s:I}", "photo_id", photo));
    expect_text(answer, "message", "Created 3 export jobs");
    expect_int(answer, "job_count", 3);
    json_t *first = json_array_get(list_of(answer, "jobs"), 0);
    expect_xjob(first, "SNS", "pending");
    expect_null(first, "started_at");
    expect_null(first, "output_path");
    json_decref(answer);
    ask_refused(&studio, 400, "POST", "/export/auto/trigger", NULL, "photo_id is required");
    ask_refused(&studio, 400, "POST", "/export/auto/trigger", json_pack("{s:s}", "photo_id", "1"),
                "photo_id");
    ask_refused(&studio, 404, "POST", "/export/auto/trigger", json_pack("{s:i}", "photo_id", 999),
                "Photo not found: photo_id=999");
    snprintf(path, sizeof path, "/api/photos/%lld", (long long)photo);
    json_decref(ask(&studio, 200, "PATCH", path, json_pack("{s:b}", "approved", 0)));
    ask_refused(&studio, 400, "POST", "/export/auto/trigger", json_pack("{s:I}", "photo_id", photo),
                "Photo not approved: photo_id=");
    json_decref(ask(&studio, 200, "PATCH", path, json_pack("{s:b}", "approved", 1)));
}

static void test_queue_and_clear(void **state)
{
    (void)state;
    json_t *answer = ask(&studio, 200, "GET", "/export/auto/queue", NULL);
    expect_int(answer, "pending_count", 3);
    expect_int(answer, "processing_count", 0);
    expect_xjob(json_array_get(list_of(answer, "pending_jobs"), 2), "Web_Portfolio", "pending");
    json_decref(answer);
    answer = post(200, "/export/auto/queue/clear", NULL);
    expect_text(answer, "message", "Cleared 3 export jobs");
    expect_int(answer, "cleared_count", 3);
    json_decref(answer);
    answer = ask(&studio, 200, "GET", "/export/auto/queue", NULL);
    expect_int(answer, "pending_count", 0);
    json_decref(answer);
    exported_pause(&studio, false);
}

static void test_multiple(void **state)
{
    (void)state;
    json_t *answer = post(200, "/export/auto/multiple",
                          json_pack("{s:I, s:[s, s, s]}", "photo_id", photo, "preset_names",
                                    "local", "nobody", "local"));
    expect_int(answer, "job_count", 2);
    for (size_t i = 0; i < 2; i++) {
        const char *job = text_of(json_array_get(list_of(answer, "jobs"), i), "id");
        json_t *done = exported_wait(&studio, job, "completed");
        expect_xjob(done, "local", "completed");
        expect_time(done, "started_at");
        expect_time(done, "completed_at");
        json_decref(done);
    }
    json_decref(answer);
    ask_refused(&studio, 400, "POST", "/export/auto/multiple",
                json_pack("{s:I}", "photo_id", photo), "photo_id and preset_names are required");
    ask_refused(&studio, 400, "POST", "/export/auto/multiple",
                json_pack("{s:I, s:s}", "photo_id", photo, "preset_names", "local"),
                "preset_names must be a list");
    ask_refused(&studio, 404, "POST", "/export/auto/multiple",
                json_pack("{s:i, s:[s]}", "photo_id", 999, "preset_names", "local"),
                "Photo not found: photo_id=999");
}

static void test_history(void **state)
{
    (void)state;
    json_t *answer = ask(&studio, 200, "GET", "/export/auto/history?status=completed", NULL);
    expect_int(answer, "count", 2);
    json_t *last = json_array_get(list_of(answer, "exports"), 0);
    expect_xjob(last, "local", "completed");
    assert_true(int_of(last, "file_size") > 100);
    assert_true(number_of(last, "duration_s") >= 0);
    json_decref(answer);
    answer = ask(&studio, 200, "GET", "/export/auto/history?status=cancelled&limit=2", NULL);
    expect_int(answer, "count", 2);
    json_decref(answer);
    ask_refused(&studio, 400, "GET", "/export/auto/history?status=pending", NULL, "status");
    ask_refused(&studio, 400, "GET", "/export/auto/history?limit=0", NULL, "limit");
}

static void test_cancel_and_retry(void **state)
{
    (void)state;
    exported_pause(&studio, true);
    char *job = exported_ask(&studio, photo, "local");
    json_t *answer = post(200, exported_path(job, "/cancel"), NULL);
    expect_text(answer, "message", "Export job cancelled successfully");
    json_decref(answer);
    ask_refused(&studio, 404, "POST", exported_path(job, "/cancel"), NULL,
                "Export job not found or cannot be cancelled");
    ask_refused(&studio, 404, "POST", exported_path("nojob", "/cancel"), NULL, "nojob");
    exported_pause(&studio, false);
    json_decref(exported_wait(&studio, job, "cancelled"));
    json_decref(post(200, exported_path(job, "/retry"), NULL));
    json_decref(exported_wait(&studio, job, "completed"));
    ask_refused(&studio, 409, "POST", exported_path(job, "/retry"), NULL, "not failed");
    ask_refused(&studio, 404, "POST", exported_path(job, "/cancel"), NULL, "cannot be cancelled");
    ask_refused(&studio, 404, "GET", exported_path("0123", ""), NULL, "Export job not found: 0123");
    free(job);
}

static json_t *next(void)
{
    json_t *answer = ask(&studio, 200, "GET", "/export/auto/job/next", NULL);
    assert_true(bool_of(answer, "success"));
    return answer;
}

static void test_nothing_next(void **state)
{
    (void)state;
    json_t *answer = next();
    expect_text(answer, "message", "No pending export jobs");
    assert_null(json_object_get(answer, "job"));
    json_decref(answer);
}

static void expect_config(const json_t *config, const char *job)
{
    static const char *const fields[] = {
        "photo_path",     "lr_catalog_id",     "resize_mode",      "sharpen_for_screen",
        "sharpen_amount", "watermark_enabled", "metadata_include", "metadata_copyright"};
    expect_text(config, "job_id", job);
    expect_int(config, "photo_id", photo);
    expect_text(config, "format", "JPEG");
    expect_int(config, "quality", 85);
    expect_int(config, "max_dimension", 512);
    expect_text(config, "color_space", "sRGB");
    assert_null(strchr(text_of(config, "watermark_text"), '{'));
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (!json_object_get(config, fields[i]))
            fail_msg("the configuration has no %s", fields[i]);
    }
}

/* Only a client renders it; what it has made is taken for the result. */
static void test_remote(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, "export");
    char *job = exported_ask(&studio, photo, "remote");
    json_t *answer = next();
    expect_xjob(object_of(answer, "job"), "remote", "processing");
    const json_t *config = object_of(answer, "config");
    expect_config(config, job);
    const char *path = text_of(config, "export_path");
    json_decref(listen_for(&ws, "export_started"));
    /* The folder is there for the client. */
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs("rendered", file);
    fclose(file);
    ask_refused(&studio, 400, "POST", exported_path(job, "/complete"), NULL,
                "success field is required");
    ask_refused(&studio, 409, "POST", exported_path(job, "/complete"),
                json_pack("{s:b, s:s}", "success", 1, "lease", "another"), "not leased by you");
    json_t *done = post(200, exported_path(job, "/complete"), json_pack("{s:b}", "success", 1));
    expect_text(done, "message", "Export job completed successfully");
    json_t *event = listen_for(&ws, "export_completed");
    expect_text(event, "output_path", path);
    expect_int(event, "file_size", 8);
    ask_refused(&studio, 404, "POST", exported_path(job, "/complete"),
                json_pack("{s:b}", "success", 1), "Export job not found");
    json_decref(event);
    json_decref(done);
    json_decref(answer);
    jmt_ws_fini(&ws);
    free(job);
}

static void test_remote_failure(void **state)
{
    (void)state;
    char *job = exported_ask(&studio, photo, "remote");
    json_decref(next());
    json_t *answer =
        post(200, exported_path(job, "/complete"),
             json_pack("{s:b, s:s}", "success", 0, "error_message", "no such profile"));
    expect_text(answer, "message", "Export job completed successfully");
    json_t *failed = exported_wait(&studio, job, "failed");
    expect_text(failed, "error_message", "no such profile");
    json_decref(failed);
    json_decref(answer);
    free(job);
}

/* Paths of waiting jobs differ, whoever renders them. */
static void test_remote_paths(void **state)
{
    (void)state;
    char *one = exported_ask(&studio, photo, "remote");
    char *two = exported_ask(&studio, photo, "remote");
    json_t *first = next();
    json_t *second = next();
    assert_string_not_equal(text_of(object_of(first, "config"), "export_path"),
                            text_of(object_of(second, "config"), "export_path"));
    json_decref(post(200, exported_path(one, "/complete"), json_pack("{s:b}", "success", 0)));
    json_decref(post(200, exported_path(two, "/complete"), json_pack("{s:b}", "success", 0)));
    json_decref(first);
    json_decref(second);
    free(one);
    free(two);
}

/* A job that cannot be given out ends; it does not stay at the head of the queue. */
static void test_head_of_queue(void **state)
{
    (void)state;
    exported_make(&studio, "nameless",
                  json_pack("{s:s, s:s}", "renderer", "remote", "filename_template", "{iso}"));
    char *bad = exported_ask(&studio, photo, "nameless");
    char *good = exported_ask(&studio, photo, "remote");
    json_t *answer = next();
    expect_text(object_of(answer, "job"), "id", good);
    json_t *failed = exported_wait(&studio, bad, "failed");
    json_decref(failed);
    json_decref(post(200, exported_path(good, "/complete"), json_pack("{s:b}", "success", 0)));
    json_decref(answer);
    free(bad);
    free(good);
}

static void test_file_name(void **state)
{
    (void)state;
    json_t *answer = post(200, "/export/auto/filename/generate",
                          json_pack("{s:I, s:s}", "photo_id", photo, "preset_name", "local"));
    expect_text(answer, "filename", "IMG_0001");
    char *path = studio_path(studio.host.data_dir, "exports/local/IMG_0001.jpg");
    expect_text(answer, "export_path", path);
    json_decref(answer);
    free(path);
    answer = post(200, "/export/auto/filename/generate",
                  json_pack("{s:I, s:s, s:i}", "photo_id", photo, "preset_name", "SNS",
                            "sequence_number", 42));
    assert_non_null(strstr(text_of(answer, "filename"), "_0042"));
    json_decref(answer);
    ask_refused(&studio, 400, "POST", "/export/auto/filename/generate",
                json_pack("{s:I}", "photo_id", photo), "photo_id and preset_name are required");
    ask_refused(&studio, 404, "POST", "/export/auto/filename/generate",
                json_pack("{s:i, s:s}", "photo_id", 999, "preset_name", "SNS"),
                "Photo not found: 999");
    ask_refused(&studio, 404, "POST", "/export/auto/filename/generate",
                json_pack("{s:I, s:s}", "photo_id", photo, "preset_name", "nobody"),
                "Preset not found: nobody");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trigger),          cmocka_unit_test(test_queue_and_clear),
        cmocka_unit_test(test_multiple),         cmocka_unit_test(test_history),
        cmocka_unit_test(test_cancel_and_retry), cmocka_unit_test(test_nothing_next),
        cmocka_unit_test(test_remote),           cmocka_unit_test(test_remote_failure),
        cmocka_unit_test(test_remote_paths),     cmocka_unit_test(test_head_of_queue),
        cmocka_unit_test(test_file_name),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
