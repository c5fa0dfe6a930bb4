/* What is approved is exported where that is asked for, and approving works where nothing can be.
 * */
#include "desk.h"
#include "photos.h"

#include <stdlib.h>
#include <string.h>

static struct studio studio;

static int open_with_export(void **state)
{
    (void)state;
    desk_open(&studio, "catalog,import,queue,system,export,approval");
    return 0;
}

static int open_without_export(void **state)
{
    (void)state;
    desk_open(&studio, "catalog,import,approval");
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

/* Imports a photograph with that content, and lets it wait for a decision. */
static json_int_t import(const char *name)
{
    char path[64];
    char *file = photo_write(studio.photos, name, name);
    json_t *answer =
        ask(&studio, 200, "POST", "/import/file", json_pack("{s:s}", "file_path", file));
    json_int_t photo = int_of(answer, "photo_id");
    json_decref(answer);
    free(file);
    snprintf(path, sizeof path, "/api/photos/%lld", (long long)photo);
    json_decref(ask(&studio, 200, "PATCH", path, json_pack("{s:s}", "status", "completed")));
    return photo;
}

/* An answer that tells of one export of that photograph, with the one preset that is enabled at
 * first, besides its other presets. */
static void expect_exports(const json_t *answer, json_int_t photo)
{
    assert_true(bool_of(answer, "export_triggered"));
    const json_t *jobs = list_of(answer, "export_jobs");
    assert_true(json_array_size(jobs) >= 1);
    const json_t *job = json_array_get(jobs, 0);
    expect_int(job, "photo_id", photo);
    assert_int_equal(strlen(text_of(job, "id")), 32);
    (void)text_of(job, "preset_name");
    (void)text_of(job, "status");
}

static void expect_no_exports(const json_t *answer)
{
    assert_false(bool_of(answer, "export_triggered"));
    assert_int_equal(json_array_size(list_of(answer, "export_jobs")), 0);
}

static void set_auto_export(bool on)
{
    json_t *config = ask(&studio, 200, "GET", "/config", NULL);
    json_object_set_new(object_of(config, "processing"), "auto_export", json_boolean(on));
    json_decref(ask(&studio, 200, "POST", "/config", config));
}

static void test_photos_exports_unless_told_otherwise(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_int_t photo = import("exported.jpg");
    listen_open(&ws, &studio, "export");
    json_t *answer = desk_post(&studio, 200, "/photos", photo, "approve", NULL);
    expect_exports(answer, photo);
    json_decref(answer);
    json_t *event = NULL;
    must(jmt_ws_wait(&ws, "export_completed", &event, NULL, DESK_MS));
    expect_int(event, "photo_id", photo);
    assert_true(int_of(event, "file_size") > 0);
    json_decref(event);
    /* Again: it is approved already, and not exported a second time. */
    answer = desk_post(&studio, 200, "/photos", photo, "approve", NULL);
    expect_no_exports(answer);
    json_decref(answer);
    photo = import("kept.jpg");
    answer =
        desk_post(&studio, 200, "/photos", photo, "approve", json_pack("{s:b}", "auto_export", 0));
    expect_no_exports(answer);
    json_decref(answer);
    jmt_ws_fini(&ws);
}

static void test_api_exports_when_asked_to(void **state)
{
    (void)state;
    json_int_t photo = import("asked.jpg");
    json_t *answer = desk_post(&studio, 200, "/api/approval", photo, "approve",
                               json_pack("{s:b}", "auto_export", 1));
    expect_exports(answer, photo);
    json_decref(answer);
    photo = import("unasked.jpg");
    answer = desk_post(&studio, 200, "/api/approval", photo, "approve", NULL);
    assert_null(json_object_get(answer, "export_triggered"));
    assert_null(json_object_get(answer, "export_jobs"));
    json_decref(answer);
}

static json_int_t exported_jobs(json_int_t photo)
{
    char path[96];
    snprintf(path, sizeof path, "/api/jobs?photo_id=%lld", (long long)photo);
    json_t *answer = ask(&studio, 200, "GET", path, NULL);
    json_int_t count = int_of(answer, "total");
    json_decref(answer);
    return count;
}

static void test_the_studio_may_want_exports_always(void **state)
{
    (void)state;
    json_int_t photo = import("always.jpg");
    set_auto_export(true);
    json_t *answer = desk_post(&studio, 200, "/api/approval", photo, "approve", NULL);
    expect_exports(answer, photo);
    json_decref(answer);
    photo = import("phone.jpg");
    json_decref(desk_post(&studio, 200, "/approval", photo, "approve", NULL));
    assert_true(exported_jobs(photo) >= 1);
    photo = import("never.jpg");
    answer = desk_post(&studio, 200, "/api/approval", photo, "approve",
                       json_pack("{s:b}", "auto_export", 0));
    assert_null(json_object_get(answer, "export_triggered"));
    json_decref(answer);
    assert_int_equal(exported_jobs(photo), 0);
    set_auto_export(false);
    photo = import("phone2.jpg");
    json_decref(desk_post(&studio, 200, "/approval", photo, "approve", NULL));
    assert_int_equal(exported_jobs(photo), 0);
}

static void test_bulk_exports(void **state)
{
    (void)state;
    json_int_t photo = import("bulk.jpg");
    json_t *answer = ask(&studio, 200, "POST", "/api/approval/approve",
                         json_pack("{s:[I], s:b}", "photo_ids", photo, "auto_export", 1));
    expect_exports(answer, photo);
    json_decref(answer);
}

static void test_without_the_plugin_export(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_int_t photo = import("alone.jpg");
    listen_open(&ws, &studio, "photos,approval");
    json_t *answer = desk_post(&studio, 200, "/photos", photo, "approve", NULL);
    expect_no_exports(answer);
    json_decref(answer);
    desk_expect(&studio, photo, "completed", true, NULL);
    json_decref(listen_event(&ws, "photo_approved", "photos"));
    desk_expect_queue(&ws, &studio, 0);
    photo = import("alone2.jpg");
    answer = desk_post(&studio, 200, "/api/approval", photo, "approve",
                       json_pack("{s:b}", "auto_export", 1));
    expect_no_exports(answer);
    json_decref(answer);
    json_decref(desk_post(&studio, 200, "/approval", photo, "reject", NULL));
    jmt_ws_fini(&ws);
}

static void test_modify_without_the_plugin_queue(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_int_t photo = import("alone3.jpg");
    listen_open(&ws, &studio, "photos,approval");
    json_t *answer = desk_post(&studio, 503, "/api/approval", photo, "modify",
                               json_pack("{s:s}", "new_preset", "Warm"));
    assert_non_null(strstr(text_of(answer, "error"), "the plugin queue"));
    json_decref(answer);
    listen_quiet(&ws);
    desk_expect(&studio, photo, "completed", false, NULL);
    json_decref(desk_post(&studio, 409, "/api/approval", photo, "undo", NULL));
    jmt_ws_fini(&ws);
}

int main(void)
{
    const struct CMUnitTest with_export[] = {
        cmocka_unit_test(test_photos_exports_unless_told_otherwise),
        cmocka_unit_test(test_api_exports_when_asked_to),
        cmocka_unit_test(test_the_studio_may_want_exports_always),
        cmocka_unit_test(test_bulk_exports),
    };
    const struct CMUnitTest alone[] = {
        cmocka_unit_test(test_without_the_plugin_export),
        cmocka_unit_test(test_modify_without_the_plugin_queue),
    };
    int failed = cmocka_run_group_tests(with_export, open_with_export, close_studio);
    return failed + cmocka_run_group_tests(alone, open_without_export, close_studio);
}
