/* What the plugin takes from a worker, and what it does not. */
#include "photo.h"

#include <junmai/sdk/span.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void test_known_fields(void **state)
{
    json_t *photo = photo_from_result(
        jm_span_of("{\"camera_make\":\"Junmai\",\"iso\":400,\"aperture\":2.8,\"gps_lat\":-35.5,"
                   "\"capture_time\":\"2024-07-19T09:14:31\",\"capture_date\":\"2024-07-19\","
                   "\"warnings\":[\"no_exif\"],\"metadata\":{\"format\":\"jpeg\",\"keywords\":["
                   "\"a\",\"b\"]}}"));
    json_t *wanted = json_loads(
        "{\"camera_make\":\"Junmai\",\"iso\":400,\"aperture\":2.8,\"gps_lat\":-35.5,"
        "\"capture_time\":\"2024-07-19T09:14:31\",\"warnings\":[\"no_exif\",\"another\"],"
        "\"metadata\":{\"format\":\"jpeg\",\"keywords\":[\"a\",\"b\"]}}",
        0, NULL);
    (void)state;
    jm_span day = photo_day(photo);
    assert_int_equal(day.len, 10);
    assert_memory_equal(day.ptr, "2024-07-19", 10);
    photo_drop_day(photo);
    photo_warn(photo, "another");
    assert_true(json_equal(photo, wanted));
    json_decref(photo);
    json_decref(wanted);
}

/* A worker that a file has taken over can say anything. */
static void test_foreign_fields(void **state)
{
    json_t *photo = photo_from_result(jm_span_of(
        "{\"file_path\":\"/etc/passwd\",\"content_hash\":\"00\",\"session_id\":1,"
        "\"camera_make\":7,\"camera_model\":\"\",\"iso\":\"400\",\"aperture\":-1,\"width\":0,"
        "\"orientation\":9,\"gps_lat\":91,\"rating\":6,\"capture_time\":\"yesterday\","
        "\"capture_date\":\"../../etc\",\"warnings\":\"no\","
        "\"metadata\":{\"format\":[],\"script\":\"x\",\"keywords\":[1,\"\",\"a\"]}}"));
    json_t *wanted = json_loads("{\"metadata\":{\"keywords\":[\"a\"]}}", 0, NULL);
    (void)state;
    assert_true(json_equal(photo, wanted));
    json_decref(photo);
    json_decref(wanted);
}

static void test_long_text(void **state)
{
    char text[4096];
    (void)state;
    strcpy(text, "{\"lens\":\"");
    for (size_t i = 0; i < 600; i++) {
        strcat(text, "\xc3\xa9");
    }
    strcat(text, "\"}");
    json_t *photo = photo_from_result(jm_span_of(text));
    assert_int_equal(json_string_length(json_object_get(photo, "lens")), 1024);
    json_decref(photo);
}

static void test_no_object(void **state)
{
    (void)state;
    assert_null(photo_from_result(jm_span_of("[]")));
    assert_null(photo_from_result(jm_span_of("{")));
    assert_null(photo_from_result(jm_span_of("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_fields),
        cmocka_unit_test(test_foreign_fields),
        cmocka_unit_test(test_long_text),
        cmocka_unit_test(test_no_object),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
