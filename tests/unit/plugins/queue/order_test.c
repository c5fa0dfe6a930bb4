/* Scheduling order and aging with a virtual clock, the priority formula, the back-off. */
#include "order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <junmai/sdk/span.h>
#include <stdlib.h>

#define STEP_MS 3600000
#define HOUR_MS INT64_C(3600000)

struct waiting {
    int64_t created_ms;
    int32_t priority;
    int64_t rank;
};

static int by_rank(const void *a, const void *b)
{
    const struct waiting *left = a;
    const struct waiting *right = b;
    return (left->rank > right->rank) - (left->rank < right->rank);
}

/* What a job is worth at a time, as the rule says it: its priority and one more for each step. */
static double worth(const struct waiting *job, int64_t now_ms)
{
    return job->priority + (double)(now_ms - job->created_ms) / STEP_MS;
}

static void higher_first_then_oldest(void **unused)
{
    (void)unused;
    assert_true(order_rank(1000, 6, STEP_MS) < order_rank(0, 5, STEP_MS));
    assert_true(order_rank(0, 5, STEP_MS) < order_rank(1, 5, STEP_MS));
    assert_true(order_rank(0, 10, STEP_MS) < order_rank(0, 1, STEP_MS));
}

/* The constant rank gives the order that the growing worth gives, at any time. */
static void the_order_is_that_of_aging(void **unused)
{
    struct waiting jobs[500];
    (void)unused;
    srand(7);
    for (size_t i = 0; i < JM_COUNT(jobs); i++) {
        jobs[i].created_ms = rand() % (48 * HOUR_MS);
        jobs[i].priority = 1 + rand() % 10;
        jobs[i].rank = order_rank(jobs[i].created_ms, jobs[i].priority, STEP_MS);
    }
    qsort(jobs, JM_COUNT(jobs), sizeof(jobs[0]), by_rank);
    for (int64_t now = 48 * HOUR_MS; now < 200 * HOUR_MS; now += 7 * HOUR_MS) {
        for (size_t i = 1; i < JM_COUNT(jobs); i++)
            assert_true(worth(&jobs[i - 1], now) >= worth(&jobs[i], now) - 1e-9);
    }
}

/* A stream of the most urgent jobs passes the least urgent one for nine steps, and no longer. */
static void nothing_starves(void **unused)
{
    int64_t lowest = order_rank(0, PRIORITY_MIN, STEP_MS);
    int64_t now = 0;
    (void)unused;
    while (order_rank(now, PRIORITY_MAX, STEP_MS) < lowest)
        now += 60000;
    assert_int_equal(now, 9 * HOUR_MS);
}

static int32_t formula(double score, const char *tag, double age_hours, bool user)
{
    const struct order_photo photo = {score, jm_span_of(tag),
                                      (int64_t)(age_hours * (double)HOUR_MS), user};
    return order_formula(&photo);
}

static void the_formula(void **unused)
{
    (void)unused;
    assert_int_equal(formula(-1, NULL, 0, false), 2);         /* 2 + 0.5 */
    assert_int_equal(formula(4.5, "wedding", 0, true), 6);    /* 4 + 1.8 + 0.9 */
    assert_int_equal(formula(4.5, "wedding", 240, true), 7);  /* and 0.72 */
    assert_int_equal(formula(4.0, "event", 0, false), 4);     /* 3.2 + 0.8: a whole number */
    assert_int_equal(formula(3.5, "portrait", 0, false), 3);  /* 2.4 + 0.7 */
    assert_int_equal(formula(3.0, "landscape", 0, false), 2); /* 2 + 0.5 */
    assert_int_equal(formula(2.0, "odd", 0, false), 1);       /* 1.2 + 0.5 */
    assert_int_equal(formula(1.0, "odd", 0, false), 1);       /* 0.4 + 0.5, and at least 1 */
}

static void back_off_doubles_and_ends(void **unused)
{
    (void)unused;
    assert_int_equal(order_back_off_ms(1, 1000, 60000, 0.0), 500);
    assert_true(order_back_off_ms(1, 1000, 60000, 0.999) <= 1000);
    assert_int_equal(order_back_off_ms(2, 1000, 60000, 0.0), 1000);
    assert_int_equal(order_back_off_ms(4, 1000, 60000, 0.0), 4000);
    assert_int_equal(order_back_off_ms(40, 1000, 60000, 0.0), 30000);
    assert_int_equal(order_back_off_ms(3, 0, 60000, 0.5), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(higher_first_then_oldest),  cmocka_unit_test(the_order_is_that_of_aging),
        cmocka_unit_test(nothing_starves),           cmocka_unit_test(the_formula),
        cmocka_unit_test(back_off_doubles_and_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
