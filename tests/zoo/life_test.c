/* What a plugin keeps over the end of a host, and what it shows of itself while it runs. */
#include "zoo.h"

#include <stdlib.h>
#include <string.h>

static json_int_t count_of(const struct zoo *zoo, const char *what)
{
    json_t *counts = ask(&zoo->studio, 200, "GET", "/everything/counts", NULL);
    json_int_t count = int_of(counts, what);
    json_decref(counts);
    return count;
}

/* The saved state is of the last proper end; what is in tables survives a kill as well. */
static void test_restarts(void **state)
{
    struct zoo zoo;
    (void)state;
    zoo_open(&zoo, "everything", NULL);
    assert_int_equal(count_of(&zoo, "starts"), 1);
    json_decref(ask(&zoo.studio, 201, "POST", "/everything/notes", json_pack("{s:i}", "n", 1)));
    zoo_restart(&zoo, NULL);
    assert_int_equal(count_of(&zoo, "starts"), 2);
    assert_int_equal(count_of(&zoo, "notes"), 1);
    must(jmt_host_log_wait(&zoo.studio.host, "everything is destroyed", ZOO_MS));

    json_decref(ask(&zoo.studio, 201, "POST", "/everything/notes", json_pack("{s:i}", "n", 2)));
    jmt_host_kill(&zoo.studio.host);
    must(jmt_host_restart(&zoo.studio.host));
    assert_int_equal(count_of(&zoo, "starts"), 2);
    assert_int_equal(count_of(&zoo, "notes"), 2);

    /* A host without it keeps what is its own. */
    zoo_restart(&zoo, zoo_option("everything", "enabled", json_false()));
    zoo_expect(&zoo, "everything", "disabled", NULL);
    zoo_restart(&zoo, NULL);
    assert_int_equal(count_of(&zoo, "starts"), 3);
    assert_int_equal(count_of(&zoo, "notes"), 2);
    zoo_close(&zoo);
}

static void test_metrics(void **state)
{
    struct zoo zoo;
    (void)state;
    zoo_open(&zoo, "everything", NULL);
    for (int i = 0; i < 3; i++)
        json_decref(ask(&zoo.studio, 200, "GET", "/everything/echo/x", NULL));
    assert_true(zoo_metric(&zoo, "junmai_everything_calls_total{kind=\"echo\"}") == 3);
    json_decref(ask(&zoo.studio, 201, "POST", "/everything/notes", json_object()));
    assert_true(zoo_metric(&zoo, "junmai_everything_notes") == 0);
    assert_int_equal(count_of(&zoo, "notes"), 1);
    assert_true(zoo_metric(&zoo, "junmai_everything_notes") == 1);
    char *text = zoo_text(&zoo, "/metrics");
    assert_non_null(strstr(text, "# HELP junmai_everything_calls_total Calls of"));
    assert_non_null(strstr(text, "# TYPE junmai_everything_calls_total counter\n"));
    assert_non_null(strstr(text, "# TYPE junmai_everything_notes gauge\n"));
    free(text);
    zoo_close(&zoo);
}

/* What is registered, and what is under way. */
static void test_shown(void **state)
{
    struct zoo zoo;
    (void)state;
    zoo_open(&zoo, "everything", NULL);
    json_t *plugin = zoo_plugin(&zoo, "everything");
    const json_t *registered = object_of(plugin, "registered");
    assert_int_equal(json_array_size(list_of(registered, "events")), 3);
    assert_int_equal(json_array_size(list_of(registered, "messages")), 2);
    assert_int_equal(json_array_size(list_of(registered, "channels")), 3);
    assert_true(json_array_size(list_of(registered, "routes")) > 20);
    assert_string_equal(json_string_value(json_array_get(list_of(plugin, "provides"), 0)),
                        "test.everything/1");
    assert_int_equal(json_array_size(list_of(plugin, "leases")), 2);
    expect_text(json_array_get(list_of(plugin, "leases"), 0), "label", "ticker");
    expect_text(json_array_get(list_of(plugin, "leases"), 1), "label", "pipe");
    expect_text(plugin, "version", "1.0.0");
    expect_int(plugin, "generation", 1);
    json_decref(plugin);
    zoo_close(&zoo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_restarts),
        cmocka_unit_test(test_metrics),
        cmocka_unit_test(test_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
