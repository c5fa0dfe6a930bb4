/* Spans: comparison, names, integers. */
#include "host/util/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void compares(void **state)
{
    (void)state;
    assert_true(jmh_span_is((jm_span){NULL, 0}, ""));
    assert_true(jmh_span_eq(jmh_span(NULL), jmh_span("")));
    assert_true(jmh_span_is((jm_span){"abc", 2}, "ab"));
    assert_false(jmh_span_is((jm_span){"abc", 2}, "abc"));
    assert_false(jmh_span_is((jm_span){"ab\0", 3}, "ab"));
    char *copy = jmh_span_dup((jm_span){"abc", 2});
    assert_string_equal(copy, "ab");
    free(copy);
    copy = jmh_span_dup((jm_span){NULL, 0});
    assert_string_equal(copy, "");
    free(copy);
}

static void knows_names(void **state)
{
    char name[66];
    (void)state;
    assert_true(jmh_span_is_name(jmh_span("a")));
    assert_true(jmh_span_is_name(jmh_span("job_progress.v2-x")));
    static const char *const bad[] = {"", "A", "a b", "a/b", "*", "a\n", "\xc3\xa9", "a:b"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(jmh_span_is_name(jmh_span(bad[i])));
    }
    memset(name, 'a', sizeof name);
    assert_true(jmh_span_is_name((jm_span){name, 64}));
    assert_false(jmh_span_is_name((jm_span){name, 65}));
}

static void reads_integers(void **state)
{
    int64_t value = 7;
    (void)state;
    assert_true(jmh_span_to_int(jmh_span("0"), &value) && value == 0);
    assert_true(jmh_span_to_int(jmh_span("-12"), &value) && value == -12);
    assert_true(jmh_span_to_int(jmh_span("9223372036854775807"), &value) && value == INT64_MAX);
    assert_true(jmh_span_to_int(jmh_span("-9223372036854775808"), &value) && value == INT64_MIN);
    value = 7;
    static const char *const bad[] = {"",
                                      "-",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1x",
                                      "--1",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(jmh_span_to_int(jmh_span(bad[i]), &value));
    }
    assert_int_equal(value, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares),
        cmocka_unit_test(knows_names),
        cmocka_unit_test(reads_integers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
