/* Events from outside: /websocket/broadcast, and the routes that show and end clients. */
#include "check.h"
#include "listen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    studio_open(&studio, NULL, NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static void test_broadcast(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, "jobs");
    json_t *answer = ask(&studio, 200, "POST", "/websocket/broadcast",
                         json_pack("{s:s, s:{s:i, s:{s:[n]}}, s:s}", "type", "job_progress", "data",
                                   "progress", 50, "deep", "list", "channel", "jobs"));
    assert_true(bool_of(answer, "success"));
    expect_text(answer, "message", "Message broadcasted successfully");
    json_decref(answer);
    json_t *event = listen_event(&ws, "job_progress", "jobs");
    expect_int(event, "progress", 50);
    assert_int_equal(json_array_size(list_of(object_of(event, "deep"), "list")), 1);
    assert_int_equal(json_object_size(event), 6);
    json_decref(event);

    /* Without data; and null is as good as absent. */
    json_decref(
        ask(&studio, 200, "POST", "/websocket/broadcast",
            json_pack("{s:s, s:n, s:n, s:n}", "type", "bare", "data", "channel", "durable")));
    event = listen_event(&ws, "bare", NULL);
    assert_int_equal(json_object_size(event), 3);
    json_decref(event);
    jmt_ws_fini(&ws);
}

/* What the host itself says of an event cannot be forged from outside. */
static void test_own_fields_win(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, "jobs");
    json_t *data = json_pack("{s:s, s:s, s:s, s:i, s:i}", "type", "forged", "timestamp", "never",
                             "channel", "system", "seq", 1, "kept", 2);
    ask_broadcast(&studio, "jobs", "true_type", data, false);
    json_t *event = listen_event(&ws, "true_type", "jobs");
    assert_true(seq_of(event) > 1);
    expect_int(event, "kept", 2);
    assert_int_equal(json_object_size(event), 5);
    json_decref(event);
    jmt_ws_fini(&ws);
}

static void expect_refused(const char *body, const char *words)
{
    json_t *answer =
        ask_text(&studio, 400, "POST", "/websocket/broadcast", "application/json", body);
    assert_false(bool_of(answer, "success"));
    if (!strstr(text_of(answer, "error"), words))
        fail_msg("%s: \"%s\" does not say \"%s\"", body, text_of(answer, "error"), words);
    json_decref(answer);
}

static void test_refused(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, "jobs");
    expect_refused("{}", "Message type is required");
    expect_refused("{\"type\":\"\"}", "Message type is required");
    expect_refused("{\"type\":null}", "Message type is required");
    expect_refused("{\"type\":7}", "type");
    expect_refused("{\"type\":\"a-type-of-more-than-sixty-four-bytes-is-longer-than-any-event-that-"
                   "we-know\"}",
                   "type");
    expect_refused("{\"type\":\"a\",\"data\":[1]}", "data");
    expect_refused("{\"type\":\"a\",\"data\":\"x\"}", "data");
    expect_refused("{\"type\":\"a\",\"channel\":7}", "channel");
    expect_refused("{\"type\":\"a\",\"channel\":\"Bad\"}", "channel");
    expect_refused("{\"type\":\"a\",\"durable\":1}", "durable");
    ask_refused(&studio, 400, "POST", "/api/websocket/broadcast", json_object(),
                "message is required");
    ask_refused(&studio, 400, "POST", "/api/websocket/broadcast", json_pack("{s:{}}", "message"),
                "type");
    listen_quiet(&ws);
    jmt_ws_fini(&ws);
}

static void test_api_broadcast(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, "jobs");
    json_t *answer = ask(&studio, 200, "POST", "/api/websocket/broadcast",
                         json_pack("{s:{s:s, s:s, s:i}, s:s}", "message", "type", "note",
                                   "timestamp", "2001", "n", 1, "channel", "jobs"));
    expect_text(answer, "message", "Message broadcasted successfully");
    expect_text(answer, "channel", "jobs");
    json_decref(answer);
    json_t *event = listen_event(&ws, "note", "jobs");
    expect_int(event, "n", 1);
    json_decref(event);

    answer = ask(&studio, 200, "POST", "/api/websocket/broadcast",
                 json_pack("{s:{s:s}}", "message", "type", "note"));
    expect_null(answer, "channel");
    json_decref(answer);
    json_decref(listen_event(&ws, "note", NULL));
    jmt_ws_fini(&ws);
}

/* Any text must arrive as it was sent. */
static void test_texts(void **state)
{
    static const char *const texts[] = {
        "",         "\"quoted\\\"", "line\nend\r\t", "\xe5\x86\x99\xe7\x9c\x9f", "\xf0\x9f\x93\xb7",
        "\x01\x1f", "</script>",    "\xe2\x80\xa8"};
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, "jobs");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        ask_broadcast(&studio, "jobs", "text", json_pack("{s:s}", "text", texts[i]), false);
        json_t *event = listen_event(&ws, "text", "jobs");
        expect_text(event, "text", texts[i]);
        json_decref(event);
    }
    jmt_ws_fini(&ws);
}

static json_t *subscribe_since(const json_t *cursor)
{
    return json_pack("{s:s, s:[s], s:O}", "type", "subscribe", "channels", "jobs", "since",
                     json_object_get(cursor, "cursor"));
}

/* A restart keeps what was asked to be kept, and only that. */
static void test_durable(void **state)
{
    struct jmt_ws ws;
    json_t *confirmation;
    (void)state;
    json_t *place = listen_welcome(&ws, &studio);
    jmt_ws_fini(&ws);
    ask_broadcast(&studio, "jobs", "kept", json_pack("{s:i}", "n", 1), true);
    ask_broadcast(&studio, "jobs", "passing", json_pack("{s:i}", "n", 2), false);
    ask_broadcast(&studio, NULL, "kept", json_pack("{s:i}", "n", 3), true);
    must(jmt_host_stop(&studio.host));
    must(jmt_host_restart(&studio.host));

    listen_open(&ws, &studio, NULL);
    must(jmt_ws_subscribe_with(&ws, subscribe_since(place), &confirmation));
    assert_true(bool_of(confirmation, "recovered"));
    assert_null(json_object_get(confirmation, "missed"));
    json_decref(confirmation);
    json_t *event = listen_event(&ws, "kept", "jobs");
    expect_int(event, "n", 1);
    json_decref(event);
    event = listen_event(&ws, "kept", NULL);
    expect_int(event, "n", 3);
    json_decref(event);
    listen_quiet(&ws);
    json_decref(place);
    jmt_ws_fini(&ws);
}

static const json_t *find_client(const json_t *answer, json_int_t id)
{
    size_t i;
    json_t *client;
    json_array_foreach(list_of(answer, "clients"), i, client)
    {
        if (int_of(client, "id") == id)
            return client;
    }
    return NULL;
}

static void test_clients(void **state)
{
    static const char *const paths[] = {"/websocket/clients", "/api/websocket/clients"};
    struct jmt_ws ws;
    struct jmt_ws other;
    (void)state;
    json_t *welcome = listen_welcome(&ws, &studio);
    json_int_t id = int_of(welcome, "client_id");
    json_decref(welcome);
    listen_open(&other, &studio, NULL);
    json_decref(listen_answer(&ws, "{\"type\":\"register\",\"client_type\":\"mobile\","
                                   "\"client_name\":\"Phone\"}"));
    must(jmt_ws_subscribe(&ws, "jobs,photos", NULL));
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        json_t *answer = ask(&studio, 200, "GET", paths[i], NULL);
        assert_true(i == 1 || bool_of(answer, "success"));
        expect_int(answer, "count", 2);
        assert_int_equal(json_array_size(list_of(answer, "clients")), 2);
        const json_t *client = find_client(answer, id);
        expect_text(client, "client_type", "mobile");
        expect_text(client, "client_name", "Phone");
        expect_time(client, "connected_at");
        expect_time(client, "last_ping");
        assert_int_equal(json_array_size(list_of(client, "subscriptions")), 2);
        json_decref(answer);
    }
    jmt_ws_fini(&ws);
    jmt_ws_fini(&other);
}

/* Until that many clients are left: one that has gone is noticed in a turn of its own. */
static void wait_for_clients(json_int_t count)
{
    json_int_t there;
    do {
        json_t *answer = ask(&studio, 200, "GET", "/websocket/stats", NULL);
        there = int_of(object_of(answer, "stats"), "total_clients");
        json_decref(answer);
    } while (there != count);
}

static void test_stats(void **state)
{
    struct jmt_ws first;
    struct jmt_ws second;
    (void)state;
    wait_for_clients(0);
    listen_open(&first, &studio, "jobs,photos");
    listen_open(&second, &studio, "jobs");
    json_decref(listen_answer(&first, "{\"type\":\"register\",\"client_type\":\"lightroom\"}"));
    json_t *answer = ask(&studio, 200, "GET", "/websocket/stats", NULL);
    const json_t *stats = object_of(answer, "stats");
    expect_int(stats, "total_clients", 2);
    expect_int(object_of(stats, "clients_by_type"), "lightroom", 1);
    expect_int(object_of(stats, "clients_by_type"), "unknown", 1);
    assert_int_equal(json_array_size(list_of(stats, "active_channels")),
                     int_of(stats, "channel_count"));
    json_decref(answer);

    answer = ask(&studio, 200, "GET", "/websocket/status", NULL);
    assert_true(bool_of(answer, "running"));
    expect_int(answer, "connected_clients", 1);
    const json_t *lightroom = json_array_get(list_of(answer, "clients"), 0);
    assert_true(int_of(lightroom, "id") > 0);
    assert_true(*text_of(lightroom, "connected_at") != '\0');
    json_decref(answer);

    jmt_ws_fini(&first);
    assert_int_equal(jmt_ws_close(&second, 1000), 1000);
    jmt_ws_fini(&second);
    wait_for_clients(0);
}

static void test_disconnect(void **state)
{
    static const char *const prefixes[] = {"/websocket/disconnect", "/api/websocket/disconnect"};
    (void)state;
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        struct jmt_ws ws;
        struct jmt_ws other;
        char path[96];
        json_t *welcome = listen_welcome(&ws, &studio);
        json_int_t id = int_of(welcome, "client_id");
        json_decref(welcome);
        listen_open(&other, &studio, NULL);
        snprintf(path, sizeof path, "%s/%lld", prefixes[i], (long long)id);
        json_t *answer = ask(&studio, 200, "POST", path, json_object());
        assert_non_null(strstr(text_of(answer, "message"), "disconnected"));
        if (i == 1)
            expect_int(answer, "client_id", id);
        json_decref(answer);
        assert_int_equal(jmt_ws_wait_close(&ws, LISTEN_MS), 1000);
        assert_string_equal(ws.close_reason, "");
        jmt_ws_fini(&ws);
        listen_quiet(&other);
        jmt_ws_fini(&other);
        wait_for_clients(0);
        ask_refused(&studio, 404, "POST", path, NULL, "client");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_broadcast),  cmocka_unit_test(test_own_fields_win),
        cmocka_unit_test(test_refused),    cmocka_unit_test(test_api_broadcast),
        cmocka_unit_test(test_texts),      cmocka_unit_test(test_durable),
        cmocka_unit_test(test_clients),    cmocka_unit_test(test_stats),
        cmocka_unit_test(test_disconnect),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
