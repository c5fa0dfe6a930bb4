/* Sizes and times in words, widths, and tables made of them. */
#include "check.h"

#include "cli/table.h"
#include "cli/text.h"

#include <locale.h>

static void test_bytes(void **state)
{
    static const struct {
        uint64_t bytes;
        const char *text;
    } cases[] = {
        {0, "0 B"},
        {999, "999 B"},
        {1000, "1.0 kB"},
        {99949, "99.9 kB"},
        {99951, "100 kB"},
        {999499, "999 kB"},
        {999500, "1.0 MB"},
        {1234567, "1.2 MB"},
        {4000000000, "4.0 GB"},
        {UINT64_MAX, "18446744 TB"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[JMC_UNIT_BYTES];
        jmc_text_bytes(cases[i].bytes, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void test_seconds(void **state)
{
    static const struct {
        double seconds;
        const char *text;
    } cases[] = {
        {-3, "0 s"},         {59.9, "59 s"},         {60, "1 min 0 s"},  {3599, "59 min 59 s"},
        {3600, "1 h 0 min"}, {86399, "23 h 59 min"}, {90000, "1 d 1 h"}, {1e300, "999 d 0 h"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[JMC_UNIT_BYTES];
        jmc_text_seconds(cases[i].seconds, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void test_width(void **state)
{
    (void)state;
    assert_int_equal(jmc_text_width(""), 0);
    assert_int_equal(jmc_text_width("abc"), 3);
    assert_int_equal(jmc_text_width("\xff\t"), 8); /* shown as \xFF\x09 */
    assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
    assert_int_equal(jmc_text_width("\xc3\xa9t\xc3\xa9"), 3);
    assert_int_equal(jmc_text_width("\xe5\x86\x99\xe7\x9c\x9f"), 4); /* two wide characters */
}

static void test_table(void **state)
{
    static const char *const cells[] = {"NAME", "STATE", "",  "import", "active",
                                        "a\tb", NULL,    "x", ""};
    struct jmc_table table = {.columns = 3};
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    (void)state;
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        jmc_table_add(&table, cells[i]);
    }
    jmc_table_print(&table, out);
    fclose(out);
    assert_string_equal(text, "NAME    STATE   \nimport  active  a\\x09b\n        x       \n");
    free(text);
    jmc_table_fini(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_seconds),
        cmocka_unit_test(test_width),
        cmocka_unit_test(test_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
