/* The machine's state, what follows from it, and warnings with hysteresis. */
#include "check.h"

#include "judge.h"

#include <junmai/sdk/span.h>

static const struct limits usual = {{
    [LIMIT_CPU] = 80,
    [LIMIT_CPU_CRITICAL] = 95,
    [LIMIT_CPU_IDLE] = 20,
    [LIMIT_MEMORY] = 85,
    [LIMIT_MEMORY_CRITICAL] = 95,
    [LIMIT_GPU_TEMP] = 75,
    [LIMIT_GPU_TEMP_CRITICAL] = 85,
}};

static void test_state(void **state)
{
    static const struct {
        double cpu, memory, gpu;
        enum machine_state wanted;
    } cases[] = {
        {50, 50, -1, MACHINE_NORMAL},   {20, 50, -1, MACHINE_IDLE},
        {20.1, 50, -1, MACHINE_NORMAL}, {80, 50, -1, MACHINE_BUSY},
        {79.9, 85, -1, MACHINE_BUSY},   {10, 85, -1, MACHINE_BUSY},
        {10, 10, 75, MACHINE_BUSY},     {10, 10, 74, MACHINE_IDLE},
        {95, 10, -1, MACHINE_CRITICAL}, {10, 95, -1, MACHINE_CRITICAL},
        {10, 10, 85, MACHINE_CRITICAL}, {94.9, 94.9, 84, MACHINE_BUSY},
    };
    (void)state;
    for (size_t i = 0; i < JM_COUNT(cases); i++)
        assert_int_equal(judge_state(&usual, cases[i].cpu, cases[i].memory, cases[i].gpu),
                         cases[i].wanted);
}

static void test_consequences(void **state)
{
    (void)state;
    assert_true(judge_speed(MACHINE_CRITICAL) == 0);
    assert_true(judge_speed(MACHINE_BUSY) == 0.5);
    assert_true(judge_speed(MACHINE_IDLE) == 1);
    assert_true(judge_speed(MACHINE_NORMAL) == 0.8);
    assert_string_equal(judge_state_name(MACHINE_CRITICAL), "critical");
    assert_string_equal(judge_state_name(MACHINE_NORMAL), "normal");
    assert_int_equal(judge_concurrency(MACHINE_CRITICAL, 8, 10), 0);
    assert_int_equal(judge_concurrency(MACHINE_BUSY, 8, 10), 2);
    assert_int_equal(judge_concurrency(MACHINE_BUSY, 2, 10), 1);
    assert_int_equal(judge_concurrency(MACHINE_NORMAL, 8, 10), 4);
    assert_int_equal(judge_concurrency(MACHINE_IDLE, 8, 10), 8);
    assert_int_equal(judge_concurrency(MACHINE_IDLE, 8, 3), 3);
    assert_int_equal(judge_concurrency(MACHINE_IDLE, 0, 3), 1);
    assert_true(judge_delay_s(MACHINE_CRITICAL) > judge_delay_s(MACHINE_BUSY));
    assert_true(judge_delay_s(MACHINE_IDLE) == 0);
}

/* Samples as they might come, and how often each may warn. */
static void test_hysteresis(void **state)
{
    static const struct {
        double value;
        int wanted;
    } samples[] = {
        {79, 0}, {80, 1},  {85, 0}, {79, 0}, {81, 0}, /* around the limit: once */
        {75, 0}, {82, 0},                             /* not far enough below it */
        {74, 0}, {80, 1},                             /* far enough */
        {95, 2}, {96, 0},  {94, 0}, {95, 0},          /* the critical limit, once */
        {89, 0}, {95, 2},                             /* below that one alone */
        {60, 0}, {100, 2},                            /* below both, and straight to the top */
        {60, 0}, {80, 1},
    };
    struct warning warning = {0};
    (void)state;
    for (size_t i = 0; i < JM_COUNT(samples); i++)
        assert_int_equal(judge_warning(&warning, samples[i].value, 80, 95, 5), samples[i].wanted);
}

static void test_no_margin(void **state)
{
    struct warning warning = {0};
    (void)state;
    assert_int_equal(judge_warning(&warning, 80, 80, 95, 0), 1);
    assert_int_equal(judge_warning(&warning, 79, 80, 95, 0), 0);
    assert_int_equal(judge_warning(&warning, 80, 80, 95, 0), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_state),
        cmocka_unit_test(test_consequences),
        cmocka_unit_test(test_hysteresis),
        cmocka_unit_test(test_no_margin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
