/* What Lightroom's Lua writes becomes what everybody else writes. */
#include "plugins/lightroom/normal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void expect_object(const char *message, const char *key, const char *wanted)
{
    json_t *json = json_loads(message, 0, NULL);
    json_t *copy = json_deep_copy(json);
    json_t *expected = json_loads(wanted, 0, NULL);
    json_t *object = lr_normal_object(json, key);
    if (!json_equal(object, expected))
        fail_msg("%s of %s is %s", key, message, json_dumps(object, 0));
    assert_true(json_equal(json, copy));
    json_decref(object);
    json_decref(expected);
    json_decref(copy);
    json_decref(json);
}

static void expect_time(json_t *value_take, const char *wanted)
{
    json_t *time = lr_normal_time(value_take);
    if (wanted == NULL)
        assert_null(time);
    else
        assert_string_equal(json_string_value(time), wanted);
    json_decref(time);
    json_decref(value_take);
}

static void test_empty_lists_are_objects(void **state)
{
    (void)state;
    expect_object("{\"details\":[]}", "details", "{}");
    expect_object("{\"details\":null}", "details", "{}");
    expect_object("{}", "details", "{}");
    expect_object("{\"details\":{\"a\":[]}}", "details", "{\"a\":[]}");
    expect_object("{\"result\":[1]}", "result", "{\"value\":[1]}");
    expect_object("{\"result\":\"done\"}", "result", "{\"value\":\"done\"}");
}

static void test_times_in_objects(void **state)
{
    (void)state;
    expect_object("{\"result\":{\"timestamp\":0,\"n\":7,\"at\":5}}", "result",
                  "{\"timestamp\":\"2001-01-01T00:00:00.000Z\",\"n\":7,\"at\":5}");
    expect_object("{\"result\":{\"stages\":[{\"completed_at\":784111777}]}}", "result",
                  "{\"stages\":[{\"completed_at\":\"2025-11-06T08:49:37.000Z\"}]}");
    expect_object("{\"result\":{\"completed_at\":\"yesterday\"}}", "result",
                  "{\"completed_at\":\"yesterday\"}");
}

static void test_clocks(void **state)
{
    (void)state;
    expect_time(json_integer(0), "2001-01-01T00:00:00.000Z");
    expect_time(json_real(1.5), "2001-01-01T00:00:01.500Z");
    expect_time(json_integer(1762418977), "2025-11-06T08:49:37.000Z");
    expect_time(json_integer(1762418977123), "2025-11-06T08:49:37.123Z");
    expect_time(json_string("2025-11-06T08:49:37Z"), "2025-11-06T08:49:37Z");
    expect_time(json_integer(-1), NULL);
    expect_time(json_real(1e300), NULL);
    expect_time(json_true(), NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty_lists_are_objects),
        cmocka_unit_test(test_times_in_objects),
        cmocka_unit_test(test_clocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
