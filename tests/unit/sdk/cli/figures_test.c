/* Reading what GET /metrics says. */
#include "check.h"

#include "cli/figures.h"

static void test_samples(void **state)
{
    (void)state;
    json_t *figures = jmc_figures_read("# HELP junmai_clients Clients connected.\n"
                                       "# TYPE junmai_clients gauge\n"
                                       "junmai_clients 3\n"
                                       "junmai_commit_seconds_total 0.25\n"
                                       "junmai_tasks_total{result=\"failed\"} 2\n"
                                       "odd{a=\"} b\",c=\"d e\"} 1e3 1395066363000\n"
                                       "\n"
                                       "nothing\n"
                                       "last 7");
    assert_true(jmc_figure(figures, "junmai_clients") == 3);
    assert_true(json_is_integer(json_object_get(figures, "junmai_clients")));
    assert_true(jmc_figure(figures, "junmai_commit_seconds_total") == 0.25);
    assert_true(jmc_figure(figures, "junmai_tasks_total{result=\"failed\"}") == 2);
    assert_true(jmc_figure(figures, "odd{a=\"} b\",c=\"d e\"}") == 1000);
    assert_true(jmc_figure(figures, "last") == 7);
    assert_true(jmc_figure(figures, "nothing") == 0);
    assert_int_equal(json_object_size(figures), 5);
    json_decref(figures);
}

static void test_odd(void **state)
{
    (void)state;
    json_t *figures = jmc_figures_read("a +Inf\nb NaN\nc{unclosed 1\n{x=\"y\"} 2\n");
    assert_null(json_object_get(figures, "a"));
    assert_null(json_object_get(figures, "b"));
    assert_null(json_object_get(figures, "c"));
    json_decref(figures);
    figures = jmc_figures_read("");
    assert_int_equal(json_object_size(figures), 0);
    json_decref(figures);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples),
        cmocka_unit_test(test_odd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
