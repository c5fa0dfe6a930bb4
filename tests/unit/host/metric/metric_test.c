/* Metrics: names, printing, whose they are. */
#include "host/metric/metric.h"

#include "host/util/span.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct jmh_metrics *metrics;
static struct jmh_err err;

static int setup(void **state)
{
    (void)state;
    metrics = jmh_metrics_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    jmh_metrics_free(metrics);
    jmh_metrics_free(NULL);
    return 0;
}

static struct jmh_metric *declare(const char *owner, bool counter, const char *name,
                                  const char *label)
{
    return jmh_metric_declare(metrics, owner, counter, name, label, "What it counts.", &err);
}

static void assert_prints(const char *expected)
{
    struct jmh_buf out = {0};
    jmh_metrics_print(metrics, &out);
    jmh_buf_add(&out, "", 1);
    assert_string_equal(out.data, expected);
    jmh_buf_fini(&out);
}

static void prints_those_of_a_name_together(void **state)
{
    (void)state;
    jmh_metric_add(declare(NULL, true, "tasks_total", "result=\"ok\""), 3);
    jmh_metric_set(declare(NULL, false, "clients", NULL), 0.25);
    jmh_metric_add(declare(NULL, true, "tasks_total", "result=\"failed\""), 1);
    jmh_metric_add(declare(NULL, true, "tasks_total", "result=\"ok\""), 4);
    assert_prints("# HELP tasks_total What it counts.\n# TYPE tasks_total counter\n"
                  "tasks_total{result=\"ok\"} 7\ntasks_total{result=\"failed\"} 1\n"
                  "# HELP clients What it counts.\n# TYPE clients gauge\nclients 0.25\n");
}

static void prints_numbers(void **state)
{
    (void)state;
    struct jmh_metric *metric = declare(NULL, false, "x", NULL);
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0, "0"},     {-5, "-5"},      {1234567890123, "1234567890123"},
                 {0.1, "0.1"}, {1e18, "1e+18"}, {INFINITY, "inf"},
                 {NAN, "nan"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char expected[96];
        (void)strcpy(expected, "# HELP x What it counts.\n# TYPE x gauge\nx ");
        (void)strcat(strcat(expected, cases[i].text), "\n");
        jmh_metric_set(metric, cases[i].value);
        assert_prints(expected);
    }
}

/* A text of several lines must not begin lines of its own. */
static void escapes_help(void **state)
{
    (void)state;
    assert_non_null(jmh_metric_declare(metrics, "p", false, "x", NULL, "a\\b\nforged 1", &err));
    assert_prints("# HELP x a\\\\b\\nforged 1\n# TYPE x gauge\nx 0\n");
}

static void refuses_illegal_names(void **state)
{
    static const struct {
        bool counter;
        const char *name, *label;
    } bad[] = {
        {false, "", NULL},          {false, "1x", NULL},
        {false, "a-b", NULL},       {false, "A", NULL},
        {false, "x\n", NULL},       {false, "x_total", NULL},
        {true, "x", NULL},          {true, "_total", NULL},
        {false, "x", ""},           {false, "x", "k"},
        {false, "x", "k=v"},        {false, "x", "k=\""},
        {false, "x", "k=\"a\"b\""}, {false, "x", "k=\"a\\\""},
        {false, "x", "k=\"a\n\""},  {false, "x", "k=\"a\",l=\"b\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        err.text[0] = '\0';
        assert_null(declare(NULL, bad[i].counter, bad[i].name, bad[i].label));
        assert_non_null(strstr(err.text, bad[i].name));
    }
    assert_non_null(declare(NULL, false, "_x9", "k=\"\""));
}

static void goes_with_its_plugin(void **state)
{
    (void)state;
    jm_id mine = jmh_metric_id(declare("p", true, "p_total", NULL));
    jm_id other = jmh_metric_id(declare("q", false, "q", NULL));
    assert_true(jmh_metric_is_counter(jmh_metric_by_id(metrics, mine)));
    assert_false(jmh_metric_is_counter(jmh_metric_by_id(metrics, other)));
    jmh_metrics_forget(metrics, "p");
    assert_null(jmh_metric_by_id(metrics, mine));
    assert_non_null(jmh_metric_by_id(metrics, other));
    assert_true(jmh_metric_id(declare("p", true, "p_total", NULL)) != mine);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(prints_those_of_a_name_together), TEST(prints_numbers),       TEST(escapes_help),
        TEST(refuses_illegal_names),           TEST(goes_with_its_plugin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
