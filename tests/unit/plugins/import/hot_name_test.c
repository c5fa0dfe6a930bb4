/* Names in hot folders. */
#include "hot_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void test_photos(void **state)
{
    static const char *const taken[] = {"a.jpg",  "A.JPG", "a.b.Cr2", "x.HEIC", "x.heif",
                                        "x.avif", "x.jxl", "x.webp",  "x.tiff", "x.iiq"};
    static const char *const left[] = {
        "",      "a",          "jpg",       ".jpg",      ".a.jpg",    "~a.jpg", "a.jpg~", "a.part",
        "a.tmp", "a.jpg.part", "a.jpg.tmp", "Thumbs.db", ".DS_Store", "a.jpg.", "a.mov"};
    (void)state;
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
        assert_true(hot_name_is_photo(taken[i]));
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++)
        assert_false(hot_name_is_photo(left[i]));
}

static void test_folders(void **state)
{
    (void)state;
    assert_true(hot_name_is_folder("100CANON"));
    assert_true(hot_name_is_folder("part"));
    assert_false(hot_name_is_folder("."));
    assert_false(hot_name_is_folder(".."));
    assert_false(hot_name_is_folder(".Trash-1000"));
    assert_false(hot_name_is_folder("~sync"));
    assert_false(hot_name_is_folder("card.part"));
}

static void expect_session(const char *path, const char *wanted)
{
    struct tm day = {.tm_year = 125, .tm_mon = 10, .tm_mday = 9};
    char *name = hot_session_name(path, &day);
    assert_string_equal(name, wanted);
    free(name);
}

static void test_sessions(void **state)
{
    (void)state;
    expect_session("/photos/anna/wedding", "Auto_wedding_20251109");
    expect_session("/photos/anna/wedding day 2", "Auto_wedding day 2_20251109");
    expect_session("/b\xe4r", "Auto_b%E4r_20251109");
    expect_session("/", "Auto__20251109");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_photos),
        cmocka_unit_test(test_folders),
        cmocka_unit_test(test_sessions),
    };
    return cmocka_run_group_tests_name("names in hot folders", tests, NULL, NULL);
}
