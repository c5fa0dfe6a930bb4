/* POST /import/batch: the window, the order, the progress, and what stops it. */
#include "fixture.h"

#include "internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The body of a batch over files of "in". */
static json_t *batch_of(struct fixture *f, const char *const *names, size_t count)
{
    json_t *paths = json_array();
    for (size_t i = 0; i < count; i++) {
        char name[256];
        snprintf(name, sizeof name, "in/%s", names[i]);
        json_array_append_new(paths, json_string(scratch_path(&f->scratch, name)));
    }
    return json_pack("{s:o}", "file_paths", paths);
}

static const json_t *results(struct fixture *f, const char *key)
{
    return json_object_get(json_object_get(fakehost_answer(f->host), "results"), key);
}

/* The last part of a path in the results. */
static const char *name_in(const json_t *path)
{
    return strrchr(json_string_value(path), '/') + 1;
}

static void test_results(void **state)
{
    static const char *const names[] = {"a.jpg", "missing.jpg", "b.jpg", "text.jpg", "again.jpg"};
    struct fixture *f = *state;
    fixture_photo(f, "a.jpg", 1);
    fixture_photo(f, "b.jpg", 2);
    fixture_photo(f, "again.jpg", 1);
    scratch_file(&f->scratch, "in/text.jpg", "no photograph", 13);
    assert_int_equal(fixture_post(f, "/import/batch", batch_of(f, names, 5)), 200);
    assert_string_equal(fixture_text(f, "message"), "Batch import completed: 2/5 files imported");
    assert_int_equal(json_integer_value(results(f, "total")), 5);
    assert_int_equal(json_integer_value(results(f, "imported")), 2);
    const json_t *success = results(f, "success");
    assert_int_equal(json_array_size(success), 2);
    const json_t *second = json_array_get(success, 1);
    assert_string_equal(name_in(json_object_get(second, "original_path")), "b.jpg");
    assert_string_equal(name_in(json_object_get(second, "final_path")), "b.jpg");
    assert_string_equal(json_string_value(json_object_get(second, "file_name")), "b.jpg");
    assert_true(json_integer_value(json_object_get(second, "photo_id")) > 0);
    assert_int_equal(json_array_size(results(f, "duplicates")), 1);
    assert_string_equal(name_in(json_array_get(results(f, "duplicates"), 0)), "again.jpg");
    const json_t *errors = results(f, "errors");
    assert_int_equal(json_array_size(errors), 2);
    assert_string_equal(name_in(json_array_get(json_array_get(errors, 0), 0)), "missing.jpg");
    assert_non_null(
        strstr(json_string_value(json_array_get(json_array_get(errors, 1), 1)), "no photograph"));
    assert_int_equal(fakehost_event_count(f->host, "photo_imported"), 2);
}

static void test_window_and_progress(void **state)
{
    static const char *const names[] = {"1.jpg", "2.jpg", "3.jpg", "4.jpg", "5.jpg"};
    struct fixture *f = *state;
    for (unsigned char i = 0; i < 5; i++) {
        fixture_photo(f, names[i], (unsigned char)(i + 1));
    }
    json_t *body = batch_of(f, names, 5);
    char *text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    assert_int_equal(fakehost_request(f->host, "POST", "/import/batch", text), 0);
    free(text);
    assert_true(async_step());
    assert_int_equal(async_started("copy a photograph"), 3);
    assert_int_equal(fakehost_event_count(f->host, "import_progress"), 1);
    assert_true(async_step());
    fakehost_advance_ms(f->host, 1000);
    async_fire_timers();
    const json_t *fields = fakehost_event_at(f->host, "import_progress", 1)->fields;
    float copied = (float)json_number_value(json_object_get(fields, "bytes_done"));
    float total = (float)json_number_value(json_object_get(fields, "bytes_total"));
    assert_true(copied > 0 && copied < total);
    assert_float_equal(json_number_value(json_object_get(fields, "rate_bytes_per_s")), copied,
                       1e-3);
    assert_float_equal(json_number_value(json_object_get(fields, "eta_s")), total / copied - 1,
                       1e-3);
    async_run();
    size_t last = fakehost_event_count(f->host, "import_progress") - 1;
    fields = fakehost_event_at(f->host, "import_progress", last)->fields;
    assert_int_equal(json_integer_value(json_object_get(fields, "files_done")), 5);
    assert_float_equal(json_number_value(json_object_get(fields, "bytes_done")), total, 1e-3);
    assert_string_equal(json_string_value(json_object_get(fields, "import_id")),
                        fixture_text(f, "import_id"));
    const json_t *success = results(f, "success");
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(name_in(json_object_get(json_array_get(success, i), "original_path")),
                            names[i]);
    }
}

/* Two of the same content at once: one is the photograph, the other its duplicate. */
static void test_same_content_at_once(void **state)
{
    static const char *const names[] = {"a.jpg", "b.jpg"};
    struct fixture *f = *state;
    fixture_photo(f, "a.jpg", 1);
    fixture_photo(f, "b.jpg", 1);
    assert_int_equal(fixture_post(f, "/import/batch", batch_of(f, names, 2)), 200);
    assert_int_equal(json_array_size(results(f, "success")), 1);
    assert_int_equal(json_array_size(results(f, "duplicates")), 1);
    assert_int_equal(async_started("metadata"), 1);
}

/* The one that the other waits for fails: the other goes on in its place. */
static void test_waiting_goes_on(void **state)
{
    static const char *const names[] = {"a.jpg", "b.jpg"};
    struct fixture *f = *state;
    fixture_photo(f, "a.jpg", 1);
    fixture_photo(f, "b.jpg", 1);
    async_script_task(JM_ECRASHED, "worker 1 died of signal 9");
    assert_int_equal(fixture_post(f, "/import/batch", batch_of(f, names, 2)), 200);
    assert_int_equal(json_array_size(results(f, "errors")), 1);
    assert_int_equal(json_array_size(results(f, "success")), 1);
    assert_int_equal(async_started("metadata"), 2);
}

static void test_stops_at_first_failure(void **state)
{
    static const char *const names[] = {"a.jpg", "missing.jpg", "b.jpg"};
    struct fixture *f = *state;
    fixture_photo(f, "a.jpg", 1);
    fixture_photo(f, "b.jpg", 2);
    json_t *body = batch_of(f, names, 3);
    json_object_set_new(body, "skip_on_error", json_false());
    assert_int_equal(fixture_post(f, "/import/batch", body), 404);
    assert_non_null(strstr(fixture_text(f, "error"), "Failed to import batch"));
    assert_int_equal(json_array_size(results(f, "success")), 1);
    assert_int_equal(fakehost_sql(f->host, "SELECT count(*) FROM catalog_photos"), 1);
    assert_int_equal(async_started("copy a photograph"), 2);
}

static void test_client_leaves(void **state)
{
    static const char *const names[] = {"a.jpg", "b.jpg", "c.jpg", "d.jpg"};
    struct fixture *f = *state;
    for (unsigned char i = 0; i < 4; i++) {
        fixture_photo(f, names[i], (unsigned char)(i + 1));
    }
    json_t *body = batch_of(f, names, 4);
    char *text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    fakehost_request(f->host, "POST", "/import/batch", text);
    free(text);
    assert_true(async_step());
    /* Another request takes the place of the first, whose id is stale from then on. */
    fakehost_request(f->host, "GET", "/import/stats", NULL);
    async_run();
    assert_int_equal(fakehost_sql(f->host, "SELECT count(*) FROM catalog_photos"), 4);
}

/* The host takes no more work: what runs ends, the rest is told as not imported. */
static void test_host_stops(void **state)
{
    static const char *const names[] = {"a.jpg", "b.jpg", "c.jpg", "d.jpg"};
    struct fixture *f = *state;
    for (unsigned char i = 0; i < 4; i++) {
        fixture_photo(f, names[i], (unsigned char)(i + 1));
    }
    json_t *body = batch_of(f, names, 4);
    char *text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    fakehost_request(f->host, "POST", "/import/batch", text);
    free(text);
    assert_true(async_step());
    async_refuse(JM_ESTATE);
    async_run();
    assert_int_equal(json_array_size(results(f, "errors")), 4);
    assert_int_equal(fakehost_sql(f->host, "SELECT count(*) FROM catalog_photos"), 0);
}

static void test_bad_requests(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(fakehost_request(f->host, "POST", "/import/batch", NULL), 400);
    assert_string_equal(fixture_text(f, "error"), "File paths list is required");
    assert_int_equal(fakehost_request(f->host, "POST", "/import/batch", "{\"file_paths\":\"/a\"}"),
                     400);
    assert_string_equal(fixture_text(f, "error"), "file_paths must be a list");
    assert_int_equal(fakehost_request(f->host, "POST", "/import/batch", "{\"file_paths\":[1]}"),
                     400);
    assert_int_equal(
        fakehost_request(f->host, "POST", "/import/batch", "{\"file_paths\":[],\"session_id\":7}"),
        404);
    assert_int_equal(fixture_post(f, "/import/batch", json_pack("{s:[]}", "file_paths")), 200);
    assert_string_equal(fixture_text(f, "message"), "Batch import completed: 0/0 files imported");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_results),
        TEST(test_window_and_progress),
        TEST(test_same_content_at_once),
        TEST(test_waiting_goes_on),
        TEST(test_stops_at_first_failure),
        TEST(test_client_leaves),
        TEST(test_host_stops),
        TEST(test_bad_requests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
