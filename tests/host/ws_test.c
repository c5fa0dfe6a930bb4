/* The messages of /ws: each with its exact text and fields, as clients have always seen them. */
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

/* A message must have these members, in this order, and no other. */
static void expect_keys(const json_t *message, const char *const *wanted)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)message, key, value)
    {
        if (!*wanted)
            fail_msg("there is a member \"%s\" too many", key);
        assert_string_equal(key, *wanted);
        wanted++;
    }
    assert_null(*wanted);
}

static void test_welcome(void **state)
{
    struct jmt_ws ws;
    (void)state;
    json_t *welcome = listen_welcome(&ws, &studio);
    expect_keys(welcome, (const char *const[]){"type", "client_id", "server_time", "epoch", "seq",
                                               "cursor", "protocol", NULL});
    assert_in_range(int_of(welcome, "client_id"), 1, (INT64_C(1) << 53) - 1);
    expect_time(welcome, "server_time");
    expect_int(welcome, "protocol", 1);
    assert_true(*text_of(welcome, "epoch") != '\0');
    assert_true(*text_of(welcome, "cursor") != '\0');
    assert_true(seq_of(welcome) >= 0);
    json_decref(welcome);
    assert_int_equal(jmt_ws_close(&ws, 1000), 1000);
    jmt_ws_fini(&ws);
}

static void test_ping(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, NULL);
    json_t *pong = listen_answer(&ws, "{\"type\":\"ping\",\"extra\":[1,2]}");
    expect_keys(pong, (const char *const[]){"type", "timestamp", NULL});
    expect_text(pong, "type", "pong");
    expect_time(pong, "timestamp");
    json_decref(pong);
    jmt_ws_fini(&ws);
}

static void expect_registration(struct jmt_ws *ws, const char *text, const char *type,
                                const char *name)
{
    json_t *answer = listen_answer(ws, text);
    expect_keys(answer, (const char *const[]){"type", "client_type", "client_name", NULL});
    expect_text(answer, "type", "registration_confirmed");
    expect_text(answer, "client_type", type);
    expect_text(answer, "client_name", name);
    json_decref(answer);
}

static void test_register(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, NULL);
    expect_registration(&ws, "{\"type\":\"register\"}", "unknown", "unnamed");
    expect_registration(&ws, "{\"type\":\"register\",\"client_type\":null}", "unknown", "unnamed");
    expect_registration(&ws,
                        "{\"type\":\"register\",\"client_type\":\"lightroom\",\"client_name\":"
                        "\"Lightroom Classic Plugin\",\"version\":\"2.0\"}",
                        "lightroom", "Lightroom Classic Plugin");
    expect_registration(&ws,
                        "{\"type\":\"register\",\"client_type\":\"kiosk\",\"client_name\":"
                        "\"\\u5199\\u771f \\\"A\\\"\"}",
                        "kiosk", "\xe5\x86\x99\xe7\x9c\x9f \"A\"");
    listen_refused(&ws, "{\"type\":\"register\",\"client_type\":7}", "client_type");
    listen_refused(&ws, "{\"type\":\"register\",\"client_name\":{}}", "client_name");
    jmt_ws_fini(&ws);
}

/* "subscribe" of these channels, and what must come back as "channels". */
static json_t *expect_subscription(struct jmt_ws *ws, const char *channels)
{
    char text[512];
    snprintf(text, sizeof text, "{\"type\":\"subscribe\",\"channels\":%s}", channels);
    json_t *answer = listen_answer(ws, text);
    json_t *wanted = json_loads(channels, JSON_DECODE_ANY, NULL);
    expect_text(answer, "type", "subscription_confirmed");
    assert_true(json_equal(list_of(answer, "channels"), wanted));
    assert_null(json_object_get(answer, "timestamp"));
    assert_null(json_object_get(answer, "recovered"));
    assert_null(json_object_get(answer, "missed"));
    (void)seq_of(answer);
    assert_true(*text_of(answer, "epoch") != '\0' && *text_of(answer, "cursor") != '\0');
    json_decref(wanted);
    return answer;
}

static void test_subscribe(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, NULL);
    json_t *known = expect_subscription(&ws, "[\"photos\",\"sessions\",\"system\"]");
    assert_null(json_object_get(known, "unknown_channels"));
    json_decref(known);
    json_t *unknown = expect_subscription(&ws, "[\"photos\",\"no.such-channel_1\"]");
    assert_int_equal(json_array_size(list_of(unknown, "unknown_channels")), 1);
    json_decref(unknown);
    json_decref(expect_subscription(&ws, "[\"photos\"]"));
    json_decref(expect_subscription(&ws, "[\"photos\",\"photos\"]"));
    json_decref(expect_subscription(&ws, "[]"));

    json_t *none = listen_answer(&ws, "{\"type\":\"subscribe\"}");
    expect_text(none, "type", "subscription_confirmed");
    assert_int_equal(json_array_size(list_of(none, "channels")), 0);
    json_decref(none);
    jmt_ws_fini(&ws);
}

static void test_unsubscribe(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, "photos,jobs");
    json_t *answer =
        listen_answer(&ws, "{\"type\":\"unsubscribe\",\"channels\":[\"jobs\",\"never\"]}");
    expect_keys(answer, (const char *const[]){"type", "channels", NULL});
    expect_text(answer, "type", "unsubscription_confirmed");
    assert_int_equal(json_array_size(list_of(answer, "channels")), 2);
    json_decref(answer);
    ask_broadcast(&studio, "jobs", "probe", json_object(), false);
    ask_broadcast(&studio, "photos", "probe", json_object(), false);
    json_decref(listen_event(&ws, "probe", "photos"));
    listen_quiet(&ws);
    jmt_ws_fini(&ws);
}

static void test_error_texts(void **state)
{
    static const struct {
        const char *sent;
        const char *error;
    } exact[] = {
        {"not JSON", "Invalid JSON format"},
        {"", "Invalid JSON format"},
        {"{\"type\":\"ping\"} x", "Invalid JSON format"},
        {"{}", "Message type is required"},
        {"{\"type\":null}", "Message type is required"},
        {"{\"type\":\"\"}", "Message type is required"},
        {"{\"type\":0}", "Message type is required"},
        {"{\"type\":false}", "Message type is required"},
        {"{\"type\":\"fly\"}", "Unknown message type: fly"},
        {"{\"type\":\"subscribe_jobs\"}", "Unknown message type: subscribe_jobs"},
    };
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, NULL);
    for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++) {
        json_t *answer = listen_answer(&ws, exact[i].sent);
        expect_keys(answer, (const char *const[]){"type", "error", "timestamp", NULL});
        expect_text(answer, "type", "error");
        expect_text(answer, "error", exact[i].error);
        expect_time(answer, "timestamp");
        json_decref(answer);
    }
    listen_refused(&ws, "[1,2]", "object");
    listen_refused(&ws, "\"ping\"", "object");
    listen_refused(&ws, "{\"type\":[\"ping\"]}", "type");
    listen_refused(&ws, "{\"type\":\"subscribe\",\"channels\":null}", "channels");
    listen_refused(&ws, "{\"type\":\"subscribe\",\"channels\":\"jobs\"}", "channels");
    listen_refused(&ws, "{\"type\":\"unsubscribe\",\"channels\":{}}", "channels");
    listen_quiet(&ws);
    jmt_ws_fini(&ws);
}

/* One answer for each message, in the order of the messages, however fast they come. */
static void test_order_of_answers(void **state)
{
    enum { MESSAGES = 300 };
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, NULL);
    for (int i = 0; i < MESSAGES; i++) {
        json_t *message = i % 2 == 0 ? json_pack("{s:s}", "type", "ping")
                                     : json_pack("{s:s, s:o}", "type", "register", "client_name",
                                                 json_sprintf("number %d", i));
        must(jmt_ws_send_json(&ws, message));
    }
    for (int i = 0; i < MESSAGES; i++) {
        json_t *answer;
        char name[32];
        must(jmt_ws_receive_json(&ws, &answer, LISTEN_MS));
        snprintf(name, sizeof name, "number %d", i);
        expect_text(answer, "type", i % 2 == 0 ? "pong" : "registration_confirmed");
        if (i % 2 == 1)
            expect_text(answer, "client_name", name);
        json_decref(answer);
    }
    jmt_ws_fini(&ws);
}

/* What the old clients do: no channel, no events but those for everyone. */
static void test_who_gets_what(void **state)
{
    struct jmt_ws none;
    struct jmt_ws jobs;
    struct jmt_ws all;
    (void)state;
    listen_open(&none, &studio, NULL);
    listen_open(&jobs, &studio, "jobs");
    listen_open(&all, &studio, NULL);
    json_decref(listen_answer(&all, "{\"type\":\"subscribe\",\"channels\":[\"*\"],"
                                    "\"types\":[\"probe\"]}"));
    ask_broadcast(&studio, "jobs", "probe", json_pack("{s:i}", "n", 1), false);
    ask_broadcast(&studio, "unheard", "probe", json_pack("{s:i}", "n", 2), false);
    ask_broadcast(&studio, NULL, "probe", json_pack("{s:i}", "n", 3), false);

    json_decref(listen_event(&none, "probe", NULL));
    listen_quiet(&none);
    json_decref(listen_event(&jobs, "probe", "jobs"));
    json_decref(listen_event(&jobs, "probe", NULL));
    listen_quiet(&jobs);
    json_decref(listen_event(&all, "probe", "jobs"));
    json_decref(listen_event(&all, "probe", "unheard"));
    json_decref(listen_event(&all, "probe", NULL));
    listen_quiet(&all);
    jmt_ws_fini(&none);
    jmt_ws_fini(&jobs);
    jmt_ws_fini(&all);
}

static void test_types_filter(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, NULL);
    json_decref(listen_answer(&ws, "{\"type\":\"subscribe\",\"channels\":[\"jobs\"],"
                                   "\"types\":[\"wanted\",\"never_seen\"]}"));
    ask_broadcast(&studio, "jobs", "unwanted", json_object(), false);
    ask_broadcast(&studio, "jobs", "wanted", json_object(), false);
    json_decref(listen_event(&ws, "wanted", "jobs"));
    listen_quiet(&ws);
    listen_refused(&ws, "{\"type\":\"subscribe\",\"channels\":[\"a\"],\"types\":\"x\"}", "types");
    jmt_ws_fini(&ws);
}

static json_int_t new_id(void)
{
    struct jmt_ws ws;
    json_t *welcome = listen_welcome(&ws, &studio);
    json_int_t id = int_of(welcome, "client_id");
    json_decref(welcome);
    jmt_ws_fini(&ws);
    return id;
}

/* Also over restarts, of both kinds. */
static void test_ids_are_never_reused(void **state)
{
    json_int_t before = 0;
    (void)state;
    for (int i = 0; i < 9; i++) {
        json_int_t id = new_id();
        assert_true(id > before && id < INT64_C(1) << 53);
        before = id;
        if (i == 2)
            must(jmt_host_stop(&studio.host));
        if (i == 5)
            jmt_host_kill(&studio.host);
        if (i == 2 || i == 5)
            must(jmt_host_restart(&studio.host));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_welcome),          cmocka_unit_test(test_ping),
        cmocka_unit_test(test_register),         cmocka_unit_test(test_subscribe),
        cmocka_unit_test(test_unsubscribe),      cmocka_unit_test(test_error_texts),
        cmocka_unit_test(test_order_of_answers), cmocka_unit_test(test_who_gets_what),
        cmocka_unit_test(test_types_filter),     cmocka_unit_test(test_ids_are_never_reused),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
