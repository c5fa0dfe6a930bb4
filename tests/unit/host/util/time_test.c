/* The form of times. */
#include "host/util/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void assert_formats(int64_t utc_ms, const char *expected)
{
    char text[JMH_TIME_BYTES];
    jmh_time_format(utc_ms, text);
    assert_string_equal(text, expected);
}

static void is_utc_with_milliseconds(void **state)
{
    (void)state;
    (void)setenv("TZ", "Asia/Tokyo", 1);
    assert_formats(0, "1970-01-01T00:00:00.000Z");
    assert_formats(7, "1970-01-01T00:00:00.007Z");
    assert_formats(999, "1970-01-01T00:00:00.999Z");
    assert_formats(1762691696789, "2025-11-09T12:34:56.789Z");
    assert_formats(1762691696000, "2025-11-09T12:34:56.000Z"); /* the same second once more */
    assert_formats(951868799999, "2000-02-29T23:59:59.999Z");
    assert_formats(-1, "1969-12-31T23:59:59.999Z");
    assert_formats(-1000, "1969-12-31T23:59:59.000Z");
    assert_formats(253402300799999, "9999-12-31T23:59:59.999Z");
    assert_formats(INT64_MAX, "1970-01-01T00:00:00.807Z"); /* no date at all */
}

static void clocks_go_forward(void **state)
{
    (void)state;
    uint64_t before = jmh_time_monotonic_ms();
    assert_true(jmh_time_utc_ms() > 1700000000000);
    assert_true(jmh_time_monotonic_ms() >= before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_utc_with_milliseconds),
        cmocka_unit_test(clocks_go_forward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
