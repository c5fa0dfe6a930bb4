/* Names out of templates. */
#include "template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct export_values values = {
    .moment = "2024-07-09T03:04:05.678Z",
    .original = "IMG_0042.CR2",
    .preset = "Web / small",
    .session = "Wedding: Sato",
    .camera = "EOS R5",
    .iso = 400,
    .rating = 5,
    .has_rating = true,
    .sequence = 12,
};

static void expect_stem(const char *text, const char *wanted)
{
    char stem[EXPORT_STEM_BYTES];
    assert_true(export_template_stem(text, &values, stem));
    assert_string_equal(stem, wanted);
}

static void test_variables(void **state)
{
    (void)state;
    expect_stem("{date}_{time}_{sequence}", "2024-07-09_030405_0012");
    expect_stem("{year}{month}{day}-{original}", "20240709-IMG_0042");
    expect_stem("{session}, {camera}, {iso}, {rating}", "Wedding_ Sato, EOS R5, 400, 5");
    expect_stem("{preset}", "Web _ small");
}

static void test_unknown_values(void **state)
{
    static const struct export_values none = {.sequence = 1};
    char stem[EXPORT_STEM_BYTES];
    (void)state;
    assert_true(export_template_stem("a{iso}{camera}{date}{time}{rating}b", &none, stem));
    assert_string_equal(stem, "ab");
    assert_false(export_template_stem("{iso}", &none, stem));
    assert_false(export_template_stem(" . ", &none, stem));
}

static void test_illegal(void **state)
{
    (void)state;
    expect_stem("a/b\\c:d*e?f\"g<h>i|j\nk", "a_b_c_d_e_f_g_h_i_j_k");
    expect_stem(".hidden", "_hidden");
    expect_stem("../x", "_._x");
}

static void test_check(void **state)
{
    const char *bad;
    (void)state;
    assert_true(export_template_check("{date}_{sequence}", &bad));
    assert_true(export_template_check("", &bad));
    assert_false(export_template_check("a{dat}", &bad));
    assert_string_equal(bad, "{dat}");
    assert_false(export_template_check("a{date", &bad));
    assert_false(export_template_check("a}b", &bad));
    assert_true(export_template_uses("x{sequence}", "sequence"));
    assert_false(export_template_uses("sequence", "sequence"));
}

static void test_long_names(void **state)
{
    char stem[EXPORT_STEM_BYTES];
    char name[EXPORT_NAME_BYTES];
    (void)state;
    memset(stem, 'x', 246);
    strcpy(stem + 246, "写写写");
    export_template_name(stem, 0, ".jpg", name);
    assert_int_equal(strlen(name), 246 + 3 + 4);
    assert_string_equal(name + 246, "写.jpg");
    export_template_name(stem, 17, ".jpg", name);
    assert_string_equal(name + 246, "_17.jpg");
    export_template_name("short", 3, ".avif", name);
    assert_string_equal(name, "short_3.avif");
}

static void test_expand_is_cut_at_a_character(void **state)
{
    char text[6];
    (void)state;
    export_template_expand("写写写", &values, text, sizeof text);
    assert_string_equal(text, "写");
    export_template_expand("© {year}!", &values, text, sizeof text);
    assert_string_equal(text, "© 20");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_variables),  cmocka_unit_test(test_unknown_values),
        cmocka_unit_test(test_illegal),    cmocka_unit_test(test_check),
        cmocka_unit_test(test_long_names), cmocka_unit_test(test_expand_is_cut_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
