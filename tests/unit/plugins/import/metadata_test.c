/* What becomes of tags: over photographs that the test makes, and over single values. */
#include "made_jpeg.h"
#include "task/capture_time.h"
#include "task/gps.h"
#include "task/metadata.h"
#include "task/rational.h"
#include "task/sidecar.h"
#include "task/tags.h"
#include "task_driver.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? "-" : text;
}

static double number_of(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

static void test_camera_tags(void **state)
{
    unsigned char bytes[MADE_BYTES];
    size_t len = made_jpeg(bytes, "2024:07:19 23:14:31", 1);
    struct task_outcome outcome = task_run_bytes(bytes, len, "IMG_1.JPG");
    const json_t *facts = outcome.result;
    const json_t *description = json_object_get(facts, "metadata");
    (void)state;
    assert_int_equal(outcome.status, JM_OK);
    assert_string_equal(text_of(facts, "camera_make"), "Junmai");
    assert_string_equal(text_of(facts, "camera_model"), "Test 1");
    assert_string_equal(text_of(facts, "lens"), "TS 50mm F1.8");
    assert_string_equal(text_of(facts, "shutter_speed"), "1/250");
    assert_string_equal(text_of(facts, "capture_time"), "2024-07-20T06:14:31.250Z");
    assert_string_equal(text_of(facts, "capture_date"), "2024-07-19");
    assert_string_equal(text_of(facts, "capture_clock"), "23:14:31.25-07:00");
    assert_float_equal(number_of(facts, "aperture"), 2.8, 1e-6);
    assert_float_equal(number_of(facts, "focal_length"), 50, 1e-6);
    assert_float_equal(number_of(facts, "gps_lat"), 35.689752, 1e-5);
    assert_float_equal(number_of(facts, "gps_lon"), -139.691666, 1e-5);
    assert_int_equal(number_of(facts, "iso"), 400);
    assert_int_equal(number_of(facts, "orientation"), 6);
    assert_int_equal(number_of(facts, "width"), 64);
    assert_int_equal(number_of(facts, "height"), 48);
    assert_string_equal(text_of(description, "format"), "jpeg");
    assert_string_equal(text_of(description, "mime"), "image/jpeg");
    assert_string_equal(text_of(description, "creator"), "Ren\xc3\xa9 M\xc3\xbcller");
    assert_int_equal(json_array_size(json_object_get(facts, "warnings")), 0);
    task_outcome_fini(&outcome);
}

static void test_no_tags(void **state)
{
    unsigned char bytes[MADE_BYTES];
    size_t len = made_jpeg(bytes, NULL, 1);
    struct task_outcome outcome = task_run_bytes(bytes, len, "scan.png");
    (void)state;
    assert_int_equal(outcome.status, JM_OK);
    assert_null(json_object_get(outcome.result, "capture_time"));
    assert_null(json_object_get(outcome.result, "gps_lat"));
    assert_true(task_outcome_warns(&outcome, "no_exif"));
    assert_true(task_outcome_warns(&outcome, "extension_mismatch"));
    task_outcome_fini(&outcome);
}

static void test_impossible_date(void **state)
{
    unsigned char bytes[MADE_BYTES];
    size_t len = made_jpeg(bytes, "2024:13:40 09:14:31", 1);
    struct task_outcome outcome = task_run_bytes(bytes, len, "a.jpg");
    (void)state;
    assert_int_equal(outcome.status, JM_OK);
    assert_null(json_object_get(outcome.result, "capture_time"));
    assert_true(task_outcome_warns(&outcome, "capture_time_invalid"));
    task_outcome_fini(&outcome);

    len = made_jpeg(bytes, "0000:00:00 00:00:00", 1);
    outcome = task_run_bytes(bytes, len, "a.jpg");
    assert_null(json_object_get(outcome.result, "capture_time"));
    assert_false(task_outcome_warns(&outcome, "capture_time_invalid"));
    task_outcome_fini(&outcome);
}

/* Whatever one byte of the file becomes, the task ends with a result or a reason. */
static void test_every_byte_damaged(void **state)
{
    unsigned char bytes[MADE_BYTES];
    size_t len = made_jpeg(bytes, "2024:07:19 09:14:31", 1);
    (void)state;
    for (size_t i = 0; i < len; i++) {
        unsigned char kept = bytes[i];
        bytes[i] ^= 0xFF;
        struct task_outcome outcome = task_run_bytes(bytes, len, "a.jpg");
        assert_true(outcome.status == JM_OK ? outcome.result != NULL : outcome.reason[0] != '\0');
        task_outcome_fini(&outcome);
        bytes[i] = kept;
    }
}

static void test_refused(void **state)
{
    static const struct {
        const char *name, *content, *reason;
    } cases[] = {
        {"a.jpg", "", "empty"},
        {"a.jpg", "version https://git-lfs.github.com/spec/v1", "no photograph"},
        {"a.xmp", "<?xpacket begin=''?>", "XMP sidecar"},
        {"a.txt", "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>", "XMP sidecar"},
        {"a.AAE", "<?xml version='1.0'?>", "AAE"},
        {"a.THM", "\xff\xd8\xff\xe0", "THM"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct task_outcome outcome =
            task_run_bytes(cases[i].content, strlen(cases[i].content), cases[i].name);
        assert_true(outcome.status < 0);
        assert_non_null(strstr(outcome.reason, cases[i].reason));
        task_outcome_fini(&outcome);
    }
}

static void test_video(void **state)
{
    static const char video[] = "\0\0\0\x10"
                                "ftypisom\0\0\0\0"
                                "\0\0\0\x08"
                                "mdat";
    struct task_outcome outcome = task_run_bytes(video, sizeof video - 1, "a.mp4");
    (void)state;
    assert_int_equal(outcome.status, JM_EUNSUPPORTED);
    assert_non_null(strstr(outcome.reason, "video"));
    task_outcome_fini(&outcome);
}

static void test_capture_time(void **state)
{
    static const struct {
        const char *text, *fraction, *zone, *time, *date;
    } cases[] = {
        {"2013:03:05 17:29:26", NULL, NULL, "2013-03-05T17:29:26", "2013-03-05"},
        {"2013:03:05 17:29:26", "75", NULL, "2013-03-05T17:29:26.750", "2013-03-05"},
        {"2013:03:05 17:29:26", "935476", NULL, "2013-03-05T17:29:26.935", "2013-03-05"},
        {"2013:03:05 17:29:26", "  ", NULL, "2013-03-05T17:29:26", "2013-03-05"},
        {"2024:07:19 20:14:31", NULL, "-07:00", "2024-07-20T03:14:31.000Z", "2024-07-19"},
        {"2024:07:19 09:14:31", NULL, "-7:00", "2024-07-19T09:14:31", "2024-07-19"},
        {"2008-09-20T09:01:07.09+01:00", NULL, NULL, "2008-09-20T08:01:07.090Z", "2008-09-20"},
        {"2011-09-23T12:43:03Z", NULL, "+05:00", "2011-09-23T12:43:03.000Z", "2011-09-23"},
        {"2011-09-23T12:43Z", NULL, NULL, "2011-09-23T12:43:00.000Z", "2011-09-23"},
        {"2011-09-23", NULL, NULL, "2011-09-23T00:00:00", "2011-09-23"},
        {"1919:05:04 05:59:26", NULL, NULL, "1919-05-04T05:59:26", "1919-05-04"},
    };
    static const char *const none[] = {"", "2013", "2013:02:30 00:00:00", "2013:03:05 25:00:00",
                                       "Friday the 13th, noon"};
    struct capture_time time;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(capture_time_format(cases[i].text, cases[i].fraction, cases[i].zone, &time));
        assert_string_equal(time.time, cases[i].time);
        assert_string_equal(time.date, cases[i].date);
    }
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_false(capture_time_format(none[i], NULL, NULL, &time));
    }
}

static void test_gps(void **state)
{
    double degrees = 0;
    (void)state;
    assert_true(gps_parse_exif("33/1 27/1 125/10", "S", &degrees));
    assert_float_equal(degrees, -33.453472, 1e-5);
    assert_false(gps_parse_exif("0/0 0/0 0/0", "N", &degrees));
    assert_false(gps_parse_exif("33/1 27/1", "N", &degrees));
    assert_false(gps_parse_exif("", "N", &degrees));
    assert_true(gps_parse_xmp("50,2.8647W", &degrees));
    assert_float_equal(degrees, -50.047745, 1e-5);
    assert_true(gps_parse_xmp("50,30,36N", &degrees));
    assert_float_equal(degrees, 50.51, 1e-5);
    assert_false(gps_parse_xmp("50N", &degrees));
    assert_false(gps_parse_xmp("50,2.8647", &degrees));
    assert_false(gps_parse_xmp("nan,1N", &degrees));
}

static void test_shutter(void **state)
{
    static const struct {
        double seconds;
        const char *text;
    } cases[] = {
        {0.004, "1/250"},           {0.25, "1/4"}, {0.3, "0.3"}, {1, "1"}, {2.5, "2.5"}, {30, "30"},
        {0.000442086649, "1/2262"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[32];
        shutter_format(cases[i].seconds, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void assert_clean(const char *raw, const char *wanted)
{
    char *text = text_clean(raw);
    if (wanted == NULL) {
        assert_null(text);
    } else {
        assert_string_equal(text, wanted);
    }
    g_free(text);
}

static void test_text(void **state)
{
    (void)state;
    assert_clean("  Canon   ", "Canon");
    assert_clean(" \x7f\x01 ", NULL);
    assert_clean("Stra\xdf"
                 "e",
                 "Stra\xc3\x9f"
                 "e");
    assert_clean("\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5\xe6\x9c\xac");
    assert_clean("a\x1b"
                 "b\nc",
                 "a b\nc");
}

static const char sidecar_text[] =
    "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>"
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
    "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description "
    "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
    "xmp:Rating=\"4\" xmp:Label=\"Red\"><dc:title><rdf:Alt><rdf:li "
    "xml:lang=\"x-default\">Bride</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF>"
    "</x:xmpmeta><?xpacket end='w'?>";

static void expect_sidecar(const void *bytes, size_t len)
{
    json_t *facts = json_pack("{s:i, s:{s:s, s:s}}", "rating", 1, "metadata", "title", "Embedded",
                              "caption", "kept");
    assert_true(sidecar_apply((struct bytes){bytes, len}, facts));
    const json_t *description = json_object_get(facts, "metadata");
    assert_int_equal(number_of(facts, "rating"), 4);
    assert_string_equal(text_of(description, "label"), "Red");
    assert_string_equal(text_of(description, "title"), "Bride");
    assert_string_equal(text_of(description, "caption"), "kept");
    json_decref(facts);
}

/* A sidecar wins over what is embedded, in whatever encoding it is written. */
static void test_sidecar(void **state)
{
    unsigned char wide[2 * sizeof sidecar_text];
    (void)state;
    expect_sidecar(sidecar_text, sizeof sidecar_text - 1);
    for (size_t big = 0; big < 2; big++) {
        memcpy(wide, big ? "\xfe\xff" : "\xff\xfe", 2);
        for (size_t i = 0; i < sizeof sidecar_text - 1; i++) {
            wide[2 + 2 * i + big] = (unsigned char)sidecar_text[i];
            wide[2 + 2 * i + 1 - big] = 0;
        }
        expect_sidecar(wide, 2 * sizeof sidecar_text);
        expect_sidecar(wide + 2, 2 * sizeof sidecar_text - 2);
    }
}

static void test_no_sidecar(void **state)
{
    static const char *const texts[] = {"", "no XMP", "\xff\xfe\x01", "<x:xmpmeta"};
    json_t *facts = json_pack("{s:i, s:{}}", "rating", 1, "metadata");
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct bytes text = {(const unsigned char *)texts[i], strlen(texts[i])};
        assert_false(sidecar_apply(text, facts));
    }
    assert_int_equal(number_of(facts, "rating"), 1);
    json_decref(facts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_camera_tags),     cmocka_unit_test(test_no_tags),
        cmocka_unit_test(test_sidecar),         cmocka_unit_test(test_no_sidecar),
        cmocka_unit_test(test_impossible_date), cmocka_unit_test(test_every_byte_damaged),
        cmocka_unit_test(test_refused),         cmocka_unit_test(test_video),
        cmocka_unit_test(test_capture_time),    cmocka_unit_test(test_gps),
        cmocka_unit_test(test_shutter),         cmocka_unit_test(test_text),
    };
    if (metadata_setup() != JM_OK) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
