/* The ring of samples, and means over it. */
#include "check.h"

#include "history.h"

#include <junmai/sdk/span.h>

static struct history history;

static int empty(void **state)
{
    (void)state;
    history = (struct history){.count = 0};
    return 0;
}

static void add(int64_t at_ms, double cpu)
{
    history_add(&history, &(struct history_point){.at_ms = at_ms, .cpu_percent = cpu});
}

static void test_ring(void **state)
{
    (void)state;
    assert_null(history_at(&history, 0));
    for (int i = 0; i < LIMITS_HISTORY_MAX + 5; i++)
        add(i, i);
    assert_int_equal(history_at(&history, 0)->at_ms, LIMITS_HISTORY_MAX + 4);
    assert_int_equal(history_at(&history, LIMITS_HISTORY_MAX - 1)->at_ms, 5);
    assert_null(history_at(&history, LIMITS_HISTORY_MAX));
    json_t *list = history_json(&history, 3);
    assert_int_equal(json_array_size(list), 3);
    assert_true(json_real_value(json_object_get(json_array_get(list, 2), "cpu_percent")) ==
                LIMITS_HISTORY_MAX + 4);
    assert_true(json_real_value(json_object_get(json_array_get(list, 0), "cpu_percent")) ==
                LIMITS_HISTORY_MAX + 2);
    json_decref(list);
}

static void expect_average(int64_t now_ms, int64_t minutes, double mean, json_int_t count)
{
    json_t *averages = history_averages(&history, now_ms, minutes);
    assert_true(json_real_value(json_object_get(averages, "avg_cpu_percent")) == mean);
    assert_int_equal(json_integer_value(json_object_get(averages, "sample_count")), count);
    assert_int_equal(json_integer_value(json_object_get(averages, "duration_minutes")), minutes);
    json_decref(averages);
}

static void test_averages(void **state)
{
    (void)state;
    expect_average(0, 5, 0, 0);
    add(0, 90);
    add(60000, 10);
    add(120000, 20);
    expect_average(120000, 2, 15, 2);
    expect_average(120000, 5, 40, 3);
    expect_average(1000000, 5, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_ring, empty),
        cmocka_unit_test_setup(test_averages, empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
