/* The order in which tasks begin. */
#include "host/worker/waiting.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void order_is_priority_then_age(void **state)
{
    (void)state;
    static const int32_t priorities[] = {5, 0, 10, 5, 10, 0, 7};
    static const size_t order[] = {2, 4, 6, 0, 3, 1, 5};
    struct jmh_waiting waiting = {0};
    struct jmh_task tasks[7] = {0};
    for (size_t i = 0; i < 7; i++) {
        tasks[i].priority = priorities[i];
        jmh_waiting_add(&waiting, &tasks[i]);
    }
    assert_int_equal(waiting.count, 7);
    struct jmh_task *task = jmh_waiting_first(&waiting);
    for (size_t i = 0; i < 7; i++) {
        assert_ptr_equal(task, &tasks[order[i]]);
        task = jmh_waiting_next(&waiting, task);
    }
    assert_null(task);
}

static void a_task_that_is_put_back_is_the_next_of_its_priority(void **state)
{
    (void)state;
    struct jmh_waiting waiting = {0};
    struct jmh_task urgent = {.priority = 10};
    struct jmh_task old = {.priority = 5};
    struct jmh_task back = {.priority = 5};
    jmh_waiting_add(&waiting, &old);
    jmh_waiting_add(&waiting, &urgent);
    jmh_waiting_put_back(&waiting, &back);
    assert_ptr_equal(jmh_waiting_first(&waiting), &urgent);
    assert_ptr_equal(jmh_waiting_next(&waiting, &urgent), &back);
    assert_ptr_equal(jmh_waiting_next(&waiting, &back), &old);
}

static void any_task_can_be_taken_out(void **state)
{
    (void)state;
    for (size_t gone = 0; gone < 3; gone++) {
        struct jmh_waiting waiting = {0};
        struct jmh_task tasks[3] = {0};
        for (size_t i = 0; i < 3; i++) {
            jmh_waiting_add(&waiting, &tasks[i]);
        }
        jmh_waiting_remove(&waiting, &tasks[gone]);
        assert_int_equal(waiting.count, 2);
        struct jmh_task *task = jmh_waiting_first(&waiting);
        for (size_t i = 0; i < 3; i++) {
            if (i != gone) {
                assert_ptr_equal(task, &tasks[i]);
                task = jmh_waiting_next(&waiting, task);
            }
        }
        assert_null(task);
    }
}

static void the_last_one_leaves_an_empty_list(void **state)
{
    (void)state;
    struct jmh_waiting waiting = {0};
    struct jmh_task task = {.priority = 3};
    for (int round = 0; round < 2; round++) {
        jmh_waiting_add(&waiting, &task);
        jmh_waiting_remove(&waiting, &task);
        assert_null(jmh_waiting_first(&waiting));
        assert_int_equal(waiting.count, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_is_priority_then_age),
        cmocka_unit_test(a_task_that_is_put_back_is_the_next_of_its_priority),
        cmocka_unit_test(any_task_can_be_taken_out),
        cmocka_unit_test(the_last_one_leaves_an_empty_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
