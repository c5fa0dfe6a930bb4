/* Interned names: stable numbers, a bound. */
#include "host/util/names.h"

#include "host/util/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define LIMIT 1000

static void numbers_are_stable_and_bounded(void **state)
{
    struct jmh_names *names = jmh_names_new(LIMIT);
    char name[32];
    (void)state;
    assert_int_equal(jmh_names_find(names, jmh_span("jobs")), 0);
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 1; i <= LIMIT; i++) {
            (void)snprintf(name, sizeof name, "name.%u", i);
            assert_int_equal(jmh_names_intern(names, jmh_span(name)), i);
            assert_int_equal(jmh_names_find(names, jmh_span(name)), i);
            assert_string_equal(jmh_names_text(names, i), name);
        }
    }
    assert_int_equal(jmh_names_count(names), LIMIT);
    assert_int_equal(jmh_names_intern(names, jmh_span("one.more")), 0);
    assert_int_equal(jmh_names_find(names, jmh_span("one.more")), 0);
    assert_int_equal(jmh_names_find(names, (jm_span){"name.12", 6}), 1);
    assert_string_equal(jmh_names_text(names, 0), "");
    assert_string_equal(jmh_names_text(names, LIMIT + 1), "");
    jmh_names_free(names);
    jmh_names_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers_are_stable_and_bounded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
