/* GET /events: the same events, in the same order, over server-sent events. */
#include "check.h"
#include "listen.h"

#include "client/buffer.h"
#include "client/sse.h"
#include "client/wait.h"

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

/* The next JSON document of the stream, of whatever type. */
static json_t *receive(struct jmt_sse *sse, char *id_out, size_t id_bytes)
{
    struct jmt_sse_event event;
    must(jmt_sse_receive(sse, &event, LISTEN_MS));
    json_t *message = json_loads(event.data, 0, NULL);
    if (!message)
        fail_msg("the data of an event is no JSON: %s", event.data);
    assert_string_equal(event.event, "message");
    if (id_out)
        snprintf(id_out, id_bytes, "%s", event.id);
    jmt_sse_event_fini(&event);
    return message;
}

/* The next event; what the host says to the client itself is passed over. */
static json_t *receive_event(struct jmt_sse *sse, const char *type, const char *channel,
                             char *id_out, size_t id_bytes)
{
    json_t *message = receive(sse, id_out, id_bytes);
    while (!json_object_get(message, "seq") ||
           strcmp(text_of(message, "type"), "connection_established") == 0 ||
           strcmp(text_of(message, "type"), "subscription_confirmed") == 0) {
        json_decref(message);
        message = receive(sse, id_out, id_bytes);
    }
    expect_envelope(message, type, channel);
    return message;
}

static void expect_n(struct jmt_sse *sse, const char *channel, int n, char *id_out, size_t id_bytes)
{
    json_t *event = receive_event(sse, "probe", channel, id_out, id_bytes);
    expect_int(event, "n", n);
    json_decref(event);
}

static void publish(const char *channel, const char *type, int n)
{
    ask_broadcast(&studio, channel, type, json_pack("{s:i}", "n", n), true);
}

/* Opens /events with a query of the test's own. */
static void open_with(struct jmt_sse *sse_out, const char *query, const char *headers)
{
    struct jmt_buffer path = {0};
    *sse_out = (struct jmt_sse){0};
    jmt_buffer_printf(&path, "/events?%s", query);
    struct jmt_request request = {.path = path.bytes, .headers = headers};
    must(jmt_http_open(&sse_out->http, studio.host.port));
    must(jmt_http_send(&sse_out->http, &request));
    must(jmt_response_receive_head(&sse_out->head, &sse_out->body, &sse_out->http.stream,
                                   jmt_deadline_after(LISTEN_MS)));
    jmt_buffer_fini(&path);
}

static void test_events(void **state)
{
    struct jmt_sse sse;
    char first[128];
    char second[128];
    (void)state;
    must(jmt_sse_open(&sse, studio.host.port, "jobs,photos", NULL));
    assert_non_null(strstr(jmt_response_header(&sse.head, "Cache-Control"), "no-"));
    publish("jobs", "probe", 1);
    publish("unheard", "probe", 2);
    publish(NULL, "probe", 3);
    publish("photos", "probe", 4);
    expect_n(&sse, "jobs", 1, first, sizeof first);
    expect_n(&sse, NULL, 3, NULL, 0);
    expect_n(&sse, "photos", 4, second, sizeof second);
    assert_true(first[0] != '\0' && strcmp(first, second) != 0);
    jmt_sse_close(&sse);
}

/* Data with line ends inside must not break the lines of the stream. */
static void test_line_ends(void **state)
{
    struct jmt_sse sse;
    (void)state;
    must(jmt_sse_open(&sse, studio.host.port, "jobs", NULL));
    json_decref(ask_text(&studio, 200, "POST", "/websocket/broadcast", "application/json",
                         "{\"type\":\"probe\",\n\"channel\":\"jobs\",\r\n"
                         "\"data\":{\n\"n\":\n7,\r\"text\":\"a\\nb\"}}"));
    json_t *event = receive_event(&sse, "probe", "jobs", NULL, 0);
    expect_int(event, "n", 7);
    expect_text(event, "text", "a\nb");
    json_decref(event);
    jmt_sse_close(&sse);
}

/* A browser comes back with the last id that it has seen, also after a restart. */
static void test_resume(void **state)
{
    struct jmt_sse sse;
    char id[128];
    (void)state;
    must(jmt_sse_open(&sse, studio.host.port, "jobs", NULL));
    publish("jobs", "probe", 1);
    expect_n(&sse, "jobs", 1, id, sizeof id);
    jmt_sse_close(&sse);
    for (int round = 0; round < 3; round++) {
        int n = 10 * (round + 1);
        publish("jobs", "probe", n);
        publish("photos", "probe", n + 1);
        publish("jobs", "probe", n + 2);
        if (round > 0) {
            if (round == 1)
                must(jmt_host_stop(&studio.host));
            else
                jmt_host_kill(&studio.host);
            must(jmt_host_restart(&studio.host));
        }
        must(jmt_sse_open(&sse, studio.host.port, "jobs", id));
        expect_n(&sse, "jobs", n, NULL, 0);
        expect_n(&sse, "jobs", n + 2, NULL, 0);
        publish("jobs", "probe", n + 3);
        expect_n(&sse, "jobs", n + 3, id, sizeof id);
        jmt_sse_close(&sse);
    }
}

/* For clients that cannot set a header. */
static void test_since(void **state)
{
    struct jmt_sse sse;
    struct jmt_ws ws;
    char query[256];
    (void)state;
    json_t *welcome = listen_welcome(&ws, &studio);
    jmt_ws_fini(&ws);
    publish("jobs", "probe", 1);
    snprintf(query, sizeof query, "channels=jobs&since=%s", text_of(welcome, "cursor"));
    open_with(&sse, query, NULL);
    assert_int_equal(sse.head.status, 200);
    expect_n(&sse, "jobs", 1, NULL, 0);
    jmt_sse_close(&sse);
    json_decref(welcome);
}

static void test_types(void **state)
{
    struct jmt_sse sse;
    (void)state;
    open_with(&sse, "channels=jobs&types=probe", NULL);
    assert_int_equal(sse.head.status, 200);
    publish("jobs", "other", 1);
    publish("jobs", "probe", 2);
    expect_n(&sse, "jobs", 2, NULL, 0);
    jmt_sse_close(&sse);
}

static void expect_status(const char *query, const char *headers, int status)
{
    struct jmt_sse sse;
    open_with(&sse, query, headers);
    if (sse.head.status != status)
        fail_msg("/events?%s was answered with %d, not %d", query, sse.head.status, status);
    jmt_sse_close(&sse);
}

/* What cannot be subscribed is told in the stream, as over WebSocket. */
static void expect_error(const char *query)
{
    struct jmt_sse sse;
    open_with(&sse, query, NULL);
    json_t *message = receive(&sse, NULL, 0);
    expect_text(message, "type", "connection_established");
    json_decref(message);
    message = receive(&sse, NULL, 0);
    expect_text(message, "type", "error");
    json_decref(message);
    jmt_sse_close(&sse);
}

static void test_refused(void **state)
{
    (void)state;
    expect_error("channels=Bad%20Name");
    expect_error("channels=jobs&since=nonsense");
    expect_status("channels=jobs", "Origin: https://evil.example\r\n", 403);
    expect_status("channels=jobs", "Origin: null\r\n", 403);
    expect_status("channels=jobs", "Origin: http://localhost:3000\r\n", 200);
}

/* The stream of a client is a client: it is shown, and it can be ended. */
static void test_shown_and_ended(void **state)
{
    struct jmt_sse sse;
    struct jmt_sse_event event;
    char path[96];
    (void)state;
    must(jmt_sse_open(&sse, studio.host.port, "jobs,photos", NULL));
    json_t *answer = ask(&studio, 200, "GET", "/websocket/clients", NULL);
    const json_t *client = NULL;
    size_t i;
    json_t *each;
    json_array_foreach(list_of(answer, "clients"), i, each)
    {
        if (json_array_size(list_of(each, "subscriptions")) == 2)
            client = each;
    }
    assert_non_null(client);
    expect_text(client, "transport", "sse");
    snprintf(path, sizeof path, "/websocket/disconnect/%lld", (long long)int_of(client, "id"));
    json_decref(answer);
    json_decref(ask(&studio, 200, "POST", path, NULL));
    while (jmt_sse_receive(&sse, &event, LISTEN_MS) == 0)
        jmt_sse_event_fini(&event);
    assert_non_null(strstr(jmt_error_text(), "ended"));
    jmt_sse_close(&sse);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_events),          cmocka_unit_test(test_line_ends),
        cmocka_unit_test(test_resume),          cmocka_unit_test(test_since),
        cmocka_unit_test(test_types),           cmocka_unit_test(test_refused),
        cmocka_unit_test(test_shown_and_ended),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
