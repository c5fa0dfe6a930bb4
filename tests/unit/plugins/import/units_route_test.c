/* Files that are one photograph: imported, named and catalogued as one. */
#include "fixture.h"

#include "internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define DAY "lib/2024/2024-07-19"

/* What the worker says about a raw file of the camera of fixture_photo(). */
#define RAW_TAGS(clock, model)                                      \
    "{\"camera_make\":\"Junmai\",\"camera_model\":\"" model         \
    "\",\"capture_date\":\"2024-07-19\",\"capture_clock\":\"" clock \
    "\",\"metadata\":{\"format\":\"cr2\"}}"

static const char xmp[] =
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
    "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description "
    "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmp:Rating=\"4\" xmp:Label=\"Red\"/></rdf:RDF>"
    "</x:xmpmeta>";

static void put(struct fixture *f, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "in/%s", name);
    scratch_file(&f->scratch, path, text, strlen(text));
}

static int64_t count(struct fixture *f, const char *role)
{
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM catalog_files WHERE role = '%s'", role);
    return fakehost_sql(f->host, sql);
}

static int64_t photos(struct fixture *f)
{
    return fakehost_sql(f->host, "SELECT count(*) FROM catalog_photos");
}

static void test_companions(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, "a.jpg", 1);
    put(f, "a.xmp", xmp);
    put(f, "a.AAE", "<plist/>");
    put(f, "a.MOV", "moving");
    put(f, "a.wav", "sound");
    assert_int_equal(fixture_import(f, "a.jpg"), 200);
    assert_int_equal(json_array_size(json_object_get(fakehost_answer(f->host), "files")), 5);
    assert_int_equal(fakehost_sql(f->host, "SELECT rating FROM catalog_photos"), 4);
    assert_int_equal(fakehost_sql(f->host, "SELECT metadata->>'label' = 'Red' FROM catalog_photos"),
                     1);
    assert_int_equal(count(f, "original"), 1);
    assert_int_equal(count(f, "sidecar"), 2);
    assert_int_equal(count(f, "video"), 1);
    assert_int_equal(count(f, "audio"), 1);
    assert_true(scratch_has(&f->scratch, DAY "/a.xmp"));
    assert_true(scratch_has(&f->scratch, DAY "/a.MOV"));
}

/* All of a unit take the number that the first free set of names needs. */
static void test_one_stem(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, "a.jpg", 1);
    put(f, "a.aae", "<plist/>");
    scratch_folder(&f->scratch, "lib/2024");
    scratch_folder(&f->scratch, DAY);
    scratch_file(&f->scratch, DAY "/a.aae", "another", 7);
    assert_int_equal(fixture_import(f, "a.jpg"), 200);
    assert_string_equal(fixture_text(f, "file_name"), "a_1.jpg");
    assert_true(scratch_has(&f->scratch, DAY "/a_1.aae"));
    assert_false(scratch_has(&f->scratch, DAY "/a.jpg"));
}

static void test_pair(void **state)
{
    struct fixture *f = *state;
    for (int raw_first = 0; raw_first < 2; raw_first++) {
        char raw[16];
        char jpeg[16];
        snprintf(raw, sizeof raw, "%d.CR2", raw_first);
        snprintf(jpeg, sizeof jpeg, "%d.JPG", raw_first);
        put(f, raw, raw);
        fixture_photo(f, jpeg, (unsigned char)(raw_first + 1));
        async_script_task(JM_OK, RAW_TAGS("09:14:31", "Test 1"));
        assert_int_equal(fixture_import(f, raw_first ? raw : jpeg), 200);
        assert_string_equal(fixture_text(f, "file_name"), raw);
        assert_int_equal(photos(f), raw_first + 1);
        assert_int_equal(count(f, "rendition"), raw_first + 1);
        assert_int_equal(fixture_import(f, raw_first ? jpeg : raw), 409);
    }
}

/* The same name, but another second or another camera: two photographs. */
static void test_no_pair(void **state)
{
    struct fixture *f = *state;
    put(f, "a.CR2", "raw");
    put(f, "a.xmp", xmp);
    fixture_photo(f, "a.JPG", 1);
    async_script_task(JM_OK, RAW_TAGS("09:14:32", "Test 1"));
    assert_int_equal(fixture_import(f, "a.JPG"), 200);
    assert_string_equal(fixture_text(f, "file_name"), "a.JPG");
    assert_int_equal(photos(f), 1);
    assert_int_equal(count(f, "original"), 1);
    assert_int_equal(count(f, "sidecar"), 0); /* that is the raw file's */
    async_script_task(JM_OK, RAW_TAGS("09:14:31", "Test 2"));
    assert_int_equal(fixture_import(f, "a.CR2"), 200);
    assert_int_equal(photos(f), 2);
    assert_int_equal(count(f, "sidecar"), 1);
    assert_int_equal(count(f, "rendition"), 0);
}

/* The raw file is damaged: the JPEG is a photograph without it. */
static void test_broken_half(void **state)
{
    struct fixture *f = *state;
    put(f, "a.CR2", "no raw file");
    fixture_photo(f, "a.JPG", 1);
    assert_int_equal(fixture_import(f, "a.JPG"), 200);
    assert_string_equal(fixture_text(f, "file_name"), "a.JPG");
    assert_int_equal(fixture_import(f, "a.CR2"), 400);
}

/* The JPEG comes when the raw file is in the library already. */
static void test_late_rendition(void **state)
{
    struct fixture *f = *state;
    put(f, "a.CR2", "raw");
    async_script_task(JM_OK, RAW_TAGS("09:14:31", "Test 1"));
    assert_int_equal(fixture_import(f, "a.CR2"), 200);
    int64_t photo = fixture_int(f, "photo_id");
    fixture_photo(f, "a.JPG", 1);
    async_script_task(JM_OK, RAW_TAGS("09:14:31", "Test 1"));
    assert_int_equal(fixture_import(f, "a.JPG"), 200);
    assert_int_equal(fixture_int(f, "photo_id"), photo);
    assert_string_equal(fixture_text(f, "file_name"), "a.JPG");
    assert_true(scratch_has(&f->scratch, DAY "/a.JPG"));
    assert_int_equal(photos(f), 1);
    assert_int_equal(count(f, "rendition"), 1);
}

/* The sidecar that came with the raw file does not come once more with its JPEG. */
static void test_late_rendition_and_sidecar(void **state)
{
    struct fixture *f = *state;
    put(f, "a.CR2", "raw");
    put(f, "a.xmp", xmp);
    async_script_task(JM_OK, RAW_TAGS("09:14:31", "Test 1"));
    assert_int_equal(fixture_import(f, "a.CR2"), 200);
    fixture_photo(f, "a.JPG", 1);
    async_script_task(JM_OK, RAW_TAGS("09:14:31", "Test 1"));
    assert_int_equal(fixture_import(f, "a.JPG"), 200);
    assert_string_equal(fixture_text(f, "file_name"), "a.JPG");
    assert_int_equal(photos(f), 1);
    assert_int_equal(count(f, "sidecar"), 1);
}

/* The raw file comes when its JPEG is a photograph already, which keeps its original. */
static void test_late_raw(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, "a.JPG", 1);
    assert_int_equal(fixture_import(f, "a.JPG"), 200);
    int64_t photo = fixture_int(f, "photo_id");
    put(f, "a.CR2", "raw");
    put(f, "a.xmp", xmp);
    async_script_task(JM_OK, RAW_TAGS("09:14:31", "Test 1"));
    assert_int_equal(fixture_import(f, "a.CR2"), 200);
    assert_int_equal(fixture_int(f, "photo_id"), photo);
    assert_string_equal(fixture_text(f, "file_name"), "a.CR2");
    assert_true(scratch_has(&f->scratch, DAY "/a.CR2"));
    assert_int_equal(photos(f), 1);
    assert_int_equal(count(f, "rendition"), 1);
    assert_int_equal(count(f, "sidecar"), 1);
    assert_int_equal(fixture_import(f, "a.CR2"), 409);
}

/* A late raw file of another second is a photograph of its own. */
static void test_late_raw_of_another(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, "a.JPG", 1);
    assert_int_equal(fixture_import(f, "a.JPG"), 200);
    put(f, "a.CR2", "raw");
    async_script_task(JM_OK, RAW_TAGS("09:14:32", "Test 1"));
    assert_int_equal(fixture_import(f, "a.CR2"), 200);
    assert_int_equal(photos(f), 2);
    assert_int_equal(count(f, "rendition"), 0);
}

/* A batch that lists both halves and the sidecar reads each file once. */
static void test_batch(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"in/a.JPG", "in/a.xmp", "in/a.CR2"};
    json_t *paths = json_array();
    put(f, "a.CR2", "raw");
    put(f, "a.xmp", xmp);
    fixture_photo(f, "a.JPG", 1);
    for (size_t i = 0; i < 3; i++) {
        json_array_append_new(paths, json_string(scratch_path(&f->scratch, names[i])));
    }
    async_script_task(JM_OK, RAW_TAGS("09:14:31", "Test 1"));
    assert_int_equal(fixture_post(f, "/import/batch", json_pack("{s:o}", "file_paths", paths)),
                     200);
    const json_t *results = json_object_get(fakehost_answer(f->host), "results");
    assert_int_equal(json_array_size(json_object_get(results, "success")), 3);
    assert_int_equal(json_array_size(json_object_get(results, "errors")), 0);
    assert_int_equal(photos(f), 1);
    assert_int_equal(async_started("copy a photograph"), 1);
    const json_t *first = json_array_get(json_object_get(results, "success"), 0);
    assert_string_equal(json_string_value(json_object_get(first, "role")), "rendition");
    assert_string_equal(json_string_value(json_object_get(first, "file_name")), "a.JPG");
}

static int set_up_templates(void **state)
{
    fixture_option("folder_template", "\"{camera}/{month}\"");
    fixture_option("name_template", "\"{date}_{time}_{sequence:3}_{iso}\"");
    return fixture_set_up(state);
}

/* Companions take the name of their photograph. */
static void test_templates(void **state)
{
    struct fixture *f = *state;
    fixture_photo(f, "a.jpg", 1);
    fixture_photo(f, "b.jpg", 2);
    put(f, "b.jpg.xmp", xmp);
    assert_int_equal(fixture_import(f, "a.jpg"), 200);
    assert_string_equal(fixture_text(f, "file_name"), "2024-07-19_091431_001_400.jpg");
    assert_int_equal(fixture_import(f, "b.jpg"), 200);
    assert_true(scratch_has(&f->scratch, "lib/Test 1/07/2024-07-19_091431_002_400.jpg"));
    assert_true(scratch_has(&f->scratch, "lib/Test 1/07/2024-07-19_091431_002_400.jpg.xmp"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_companions),
        TEST(test_one_stem),
        TEST(test_pair),
        TEST(test_no_pair),
        TEST(test_broken_half),
        TEST(test_late_rendition),
        TEST(test_late_rendition_and_sidecar),
        TEST(test_late_raw),
        TEST(test_late_raw_of_another),
        TEST(test_batch),
        cmocka_unit_test_setup_teardown(test_templates, set_up_templates, fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
