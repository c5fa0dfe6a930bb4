/* Registrations are one transaction: whichever of them fails, nothing remains of the others. */
#include "zoo.h"

#include <stdlib.h>
#include <string.h>

/* What the host says of each spoiled registration, in the order of the plugin's. */
static const char *const faults[] = {
    "without migrations",
    "channel 'Partial'",
    "partial_done",
    "with the method",
    "GET /healthz of 'partial'",
    "message 'partial_message'",
    "service test.other/1",
    "metric 'rows'",
    "rows_total",
};
#define FAULTS (sizeof faults / sizeof faults[0])

static bool text_has(const char *path, const struct zoo *zoo, const char *words)
{
    char *text = zoo_text(zoo, path);
    bool found = strstr(text, words) != NULL;
    free(text);
    return found;
}

static void expect_message(const struct zoo *zoo, bool handled)
{
    struct jmt_ws ws;
    listen_open(&ws, &zoo->studio, NULL);
    if (handled) {
        must(jmt_ws_send_text(&ws, "{\"type\":\"partial_message\"}"));
        listen_quiet(&ws);
    } else {
        listen_refused(&ws, "{\"type\":\"partial_message\"}", "Unknown message type");
    }
    jmt_ws_fini(&ws);
}

static void expect_traces(const struct zoo *zoo, bool there)
{
    int status = there ? 200 : 404;
    json_decref(ask(&zoo->studio, status, "GET", "/partial", NULL));
    json_decref(ask(&zoo->studio, status, "GET", "/partial/second", NULL));
    assert_int_equal(text_has("/openapi.json", zoo, "\"/partial\""), there);
    assert_int_equal(text_has("/asyncapi.json", zoo, "partial_done"), there);
    assert_int_equal(text_has("/metrics", zoo, "junmai_partial_rows_total"), there);
    assert_int_equal(text_has("/metrics", zoo, "junmai_partial_rows "), there);
    json_t *plugin = zoo_plugin(zoo, "partial");
    assert_int_equal(json_object_get(plugin, "registered") != NULL, there);
    json_decref(plugin);
    expect_message(zoo, there);
}

static json_t *spoil(size_t number)
{
    return zoo_option("partial", "spoiled", json_integer((json_int_t)number));
}

static void test_each(void **state)
{
    struct zoo zoo;
    (void)state;
    zoo_open(&zoo, "partial neighbour good", spoil(1));
    for (size_t number = 1; number <= FAULTS; number++) {
        if (number > 1)
            zoo_restart(&zoo, spoil(number));
        zoo_expect(&zoo, "partial", "refused", faults[number - 1]);
        zoo_expect(&zoo, "neighbour", "refused", "of plugin 'partial', which was refused");
        zoo_expect(&zoo, "good", "active", NULL);
        expect_traces(&zoo, false);
    }
    /* And nothing is left that would be in the way of one that is right. */
    zoo_restart(&zoo, NULL);
    zoo_expect(&zoo, "partial", "active", NULL);
    zoo_expect(&zoo, "neighbour", "active", NULL);
    expect_traces(&zoo, true);
    zoo_close(&zoo);
}

/* The same for what is done in activate(): no row, no event, no client, and no call afterwards. */
static void test_activate(void **state)
{
    struct zoo zoo;
    struct jmt_ws ws;
    (void)state;
    zoo_open(&zoo, "regrets everything", NULL);
    zoo_expect(&zoo, "regrets", "refused", "activate() failed: there is no camera");
    zoo_expect(&zoo, "everything", "active", NULL);
    assert_true(zoo_metric(&zoo, "junmai_clients") == 0);
    assert_false(text_has("/asyncapi.json", &zoo, "regrets_started"));
    json_decref(ask(&zoo.studio, 201, "POST", "/everything/notes", json_pack("{s:i}", "n", 1)));
    assert_true(zoo_log_has(&zoo, "called before its end"));
    assert_false(zoo_log_has(&zoo, "called after its end"));

    zoo_restart(&zoo, zoo_option("regrets", "courage", json_true()));
    json_t *answer = ask(&zoo.studio, 200, "GET", "/regrets", NULL);
    expect_int(answer, "rows", 0);
    json_decref(answer);
    json_t *welcome = listen_welcome(&ws, &zoo.studio);
    must(jmt_ws_subscribe_with(&ws,
                               json_pack("{s:s, s:[s, s], s:i, s:O}", "type", "subscribe",
                                         "channels", "regrets", "everything", "since", 0, "epoch",
                                         json_object_get(welcome, "epoch")),
                               NULL));
    json_decref(welcome);
    json_decref(listen_event(&ws, "everything_stored", "everything"));
    listen_quiet(&ws);
    jmt_ws_fini(&ws);
    zoo_close(&zoo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each),
        cmocka_unit_test(test_activate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
