/* What a preset may be, field by field. */
#include "preset_fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *folders[] = {"/srv/studio", "/data/exports"};
static const struct export_roots roots = {.folders = folders,
                                          .count = 2,
                                          .closed = "/srv/studio/data",
                                          .open = "/srv/studio/data/exports"};
static const struct export_formats formats = {.known = true, .present = {true, true, true}};
static const struct export_rules rules = {&formats, &roots, "/data/exports"};

static json_t *whole(void)
{
    return json_pack("{s:s, s:b, s:s, s:i, s:i, s:s, s:s}", "name", "A", "enabled", 1, "format",
                     "JPEG", "quality", 85, "max_dimension", 2048, "color_space", "sRGB",
                     "destination", "A");
}

/* A whole preset with one field changed must be judged so; the reason must contain the words. */
static void expect(enum export_verdict wanted, const char *field, json_t *value_take,
                   const char *words)
{
    char reason[EXPORT_REASON_BYTES] = "";
    json_t *preset;
    json_t *given = whole();
    json_object_set_new(given, field, value_take);
    enum export_verdict verdict = export_preset_make(&rules, given, NULL, &preset, reason);
    if (verdict != wanted || (words && !strstr(reason, words)))
        fail_msg("%s: verdict %d and \"%s\"", field, verdict, reason);
    assert_true((preset != NULL) == (wanted == EXPORT_VALID));
    json_decref(preset);
    json_decref(given);
}

static void test_bounds(void **state)
{
    (void)state;
    expect(EXPORT_VALID, "quality", json_integer(1), NULL);
    expect(EXPORT_VALID, "quality", json_integer(100), NULL);
    expect(EXPORT_INVALID, "quality", json_integer(0),
           "quality must be an integer from 1 to 100, not 0");
    expect(EXPORT_INVALID, "quality", json_integer(101), "from 1 to 100");
    expect(EXPORT_INVALID, "quality", json_real(85.5), "quality");
    expect(EXPORT_INVALID, "quality", json_true(), "not true");
    expect(EXPORT_INVALID, "max_dimension", json_integer(511), "512 to 8192");
    expect(EXPORT_VALID, "max_dimension", json_integer(8192), NULL);
    expect(EXPORT_INVALID, "enabled", json_integer(1), "true or false");
    expect(EXPORT_INVALID, "name", json_string(""), "1 to 128 bytes");
    expect(EXPORT_INVALID, "name", json_string("a/b"), "name");
    expect(EXPORT_INVALID, "name", json_null(), "name");
    expect(EXPORT_INVALID, "bit_depth", json_integer(12), "8 or 16");
}

static void test_choices(void **state)
{
    (void)state;
    expect(EXPORT_INVALID, "format", json_string("GIF"),
           "format must be JPEG, PNG, TIFF, WEBP, AVIF, JXL or DNG, not \"GIF\"");
    expect(EXPORT_INVALID, "format", json_string("JPE"), "format");
    expect(EXPORT_INVALID, "format", json_string(""), "format");
    expect(EXPORT_INVALID, "format", json_string("JPEG|PNG"), "format");
    expect(EXPORT_INVALID, "format", json_string("AVIF"), "cannot write AVIF");
    expect(EXPORT_VALID, "color_space", json_string("DisplayP3"), NULL);
    expect(EXPORT_INVALID, "color_space", json_string("CMYK"), "color_space");
    expect(EXPORT_VALID, "resize_mode", json_string("fit"), NULL);
    expect(EXPORT_INVALID, "collision_policy", json_string("ask"), "rename, overwrite or skip");
}

static void test_templates(void **state)
{
    (void)state;
    expect(EXPORT_INVALID, "filename_template", json_string("{dat}"), "{session}");
    expect(EXPORT_INVALID, "filename_template", json_string("{date"), "filename_template");
    expect(EXPORT_INVALID, "filename_template", json_string(""), "filename_template");
    expect(EXPORT_VALID, "watermark_text", json_string("© {year}"), NULL);
    expect(EXPORT_INVALID, "watermark_text", json_string("{nobody}"), "watermark_text");
}

static void test_paths(void **state)
{
    (void)state;
    expect(EXPORT_VALID, "destination", json_string("a/b/c"), NULL);
    expect(EXPORT_VALID, "destination", json_string("/srv/studio/out"), NULL);
    expect(EXPORT_OUTSIDE, "destination", json_string("/srv/studio2"), "outside");
    expect(EXPORT_OUTSIDE, "destination", json_string("/srv/studio/data/library"), "outside");
    expect(EXPORT_VALID, "destination", json_string("/srv/studio/data/exports/a"), NULL);
    expect(EXPORT_OUTSIDE, "destination", json_string("/etc"), "outside");
    expect(EXPORT_OUTSIDE, "destination", json_string("../../etc"), "outside");
    expect(EXPORT_OUTSIDE, "destination", json_string("/srv/studio/../../etc"), "outside");
    expect(EXPORT_OUTSIDE, "watermark_image", json_string("/etc/passwd"), "watermark_image");
    expect(EXPORT_INVALID, "destination", json_string(""), "destination");
}

static void test_missing_and_unknown(void **state)
{
    char missing[EXPORT_REASON_BYTES];
    (void)state;
    json_t *given = whole();
    export_preset_missing(given, missing);
    assert_string_equal(missing, "");
    assert_null(export_preset_unknown(given));
    json_object_del(given, "quality");
    json_object_del(given, "name");
    export_preset_missing(given, missing);
    assert_string_equal(missing, "name, quality");
    json_object_set_new(given, "created_at", json_string("2024"));
    assert_null(export_preset_unknown(given));
    json_object_set_new(given, "qualify", json_integer(1));
    assert_string_equal(export_preset_unknown(given), "qualify");
    json_decref(given);
}

/* A change leaves what it does not name, and the base as it was. */
static void test_change(void **state)
{
    char reason[EXPORT_REASON_BYTES];
    json_t *base;
    json_t *changed;
    (void)state;
    json_t *given = whole();
    assert_int_equal(export_preset_make(&rules, given, NULL, &base, reason), EXPORT_VALID);
    json_t *change = json_pack("{s:i, s:s}", "quality", 50, "unheard_of", "x");
    assert_int_equal(export_preset_make(&rules, change, base, &changed, reason), EXPORT_VALID);
    assert_int_equal(export_preset_int(changed, "quality"), 50);
    assert_int_equal(export_preset_int(base, "quality"), 85);
    assert_string_equal(export_preset_text(changed, "destination"), "A");
    assert_string_equal(export_preset_text(changed, "filename_template"), "{date}_{sequence}");
    assert_null(json_object_get(changed, "unheard_of"));
    json_decref(given);
    json_decref(base);
    json_decref(change);
    json_decref(changed);
}

static void expect_metadata(json_t *given_take, const char *policy, bool includes)
{
    char reason[EXPORT_REASON_BYTES];
    json_t *preset;
    json_t *given = whole();
    json_object_update(given, given_take);
    assert_int_equal(export_preset_make(&rules, given, NULL, &preset, reason), EXPORT_VALID);
    assert_string_equal(export_preset_text(preset, "metadata_policy"), policy);
    assert_true(export_preset_flag(preset, "metadata_include") == includes);
    json_decref(preset);
    json_decref(given);
    json_decref(given_take);
}

static void test_metadata(void **state)
{
    (void)state;
    expect_metadata(json_object(), "all", true);
    expect_metadata(json_pack("{s:b}", "metadata_include", 0), "none", false);
    expect_metadata(json_pack("{s:s}", "metadata_policy", "none"), "none", false);
    expect_metadata(json_pack("{s:s, s:b}", "metadata_policy", "no_gps", "metadata_include", 0),
                    "no_gps", true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_templates),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_missing_and_unknown),
        cmocka_unit_test(test_change),
        cmocka_unit_test(test_metadata),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
