/* The routes of /ws: how a client that cannot speak WebSocket lives. */
#include "darkroom.h"

#include "client/wait.h"

#include <stdlib.h>
#include <string.h>

static struct studio studio;

static int open_studio(void **state)
{
    (void)state;
    darkroom_open(&studio, NULL);
    return 0;
}

static int close_studio(void **state)
{
    (void)state;
    studio_close(&studio);
    return 0;
}

static void end_poller(char *id_take)
{
    json_decref(
        ask(&studio, 200, "POST", "/ws/disconnect", json_pack("{s:s}", "client_id", id_take)));
    free(id_take);
}

static size_t count_of(const json_t *answer)
{
    return json_array_size(list_of(answer, "messages"));
}

static void test_handshake_and_first_poll(void **state)
{
    (void)state;
    char *id = poller_open(&studio, "unknown");
    json_t *answer = poller_poll(&studio, id, "");
    assert_int_equal(count_of(answer), 1);
    const json_t *greeting = json_array_get(list_of(answer, "messages"), 0);
    expect_text(greeting, "type", "connection_established");
    expect_text(greeting, "client_id", id);
    expect_time(greeting, "server_time");
    json_decref(answer);
    answer = poller_poll(&studio, id, "");
    assert_int_equal(count_of(answer), 0);
    json_decref(answer);
    end_poller(id);
}

static void test_bad_requests(void **state)
{
    static const char stranger[] = "{\"client_id\":\"nobody\",\"message\":{\"type\":\"ping\"}}";
    (void)state;
    ask_refused(&studio, 400, "POST", "/ws/handshake", json_object(), "Invalid request");
    json_decref(ask_text(&studio, 400, "POST", "/ws/handshake", NULL, NULL));
    json_decref(ask_text(&studio, 400, "POST", "/ws/handshake", "application/json", "[]"));
    ask_refused(&studio, 400, "POST", "/ws/handshake", json_pack("{s:i}", "client_type", 7),
                "client_type");
    ask_refused(&studio, 400, "GET", "/ws/poll", NULL, "client_id required");
    ask_refused(&studio, 404, "GET", "/ws/poll?client_id=nobody", NULL, "Invalid client_id");
    ask_refused(&studio, 400, "POST", "/ws/send", json_object(), "Invalid request");
    json_decref(ask_text(&studio, 404, "POST", "/ws/send", NULL, stranger));
    ask_refused(&studio, 400, "POST", "/ws/disconnect", json_object(), "Invalid request");
    ask_refused(&studio, 404, "POST", "/ws/disconnect", json_pack("{s:s}", "client_id", "x"),
                "Invalid client_id");
    ask_refused(&studio, 404, "POST", "/ws/send/nobody",
                json_pack("{s:{s:s}}", "message", "type", "x"), "Invalid client_id");
    ask_refused(&studio, 400, "POST", "/ws/broadcast", json_object(), "Message is required");
    ask_refused(&studio, 400, "POST", "/ws/broadcast", json_pack("{s:{s:i}}", "message", "a", 1),
                "Message type is required");
    ask_refused(&studio, 400, "POST", "/ws/notify/job_progress", json_object(),
                "job_id is required");
    ask_refused(&studio, 400, "POST", "/ws/notify/job_complete", json_object(),
                "job_id is required");
    ask_refused(&studio, 400, "POST", "/ws/notify/system_status", json_object(),
                "status is required");
    ask_refused(&studio, 400, "POST", "/ws/cleanup", json_pack("{s:i}", "timeout_minutes", -1),
                "timeout_minutes");
    char *id = poller_open(&studio, "gui");
    char path[128];
    snprintf(path, sizeof path, "/ws/poll?client_id=%s&wait=61", id);
    ask_refused(&studio, 400, "GET", path, NULL, "wait");
    snprintf(path, sizeof path, "/ws/poll?client_id=%s&ack=99999999", id);
    ask_refused(&studio, 400, "GET", path, NULL, "ack");
    end_poller(id);
}

static void test_replies_are_the_response(void **state)
{
    (void)state;
    char *id = poller_open(&studio, "gui");
    json_t *response = poller_say(&studio, id, json_pack("{s:s}", "type", "ping"));
    expect_text(response, "type", "pong");
    expect_time(response, "timestamp");
    json_decref(response);
    response = poller_say(&studio, id, json_pack("{s:s}", "typ", "ping"));
    expect_text(response, "error", "Message type required");
    json_decref(response);
    response = poller_say(&studio, id, json_pack("{s:s}", "type", "no_such_type"));
    assert_true(json_is_null(response));
    json_decref(response);
    poller_subscribe(&studio, id, "jobs");
    response = poller_say(&studio, id,
                          json_pack("{s:s, s:[s]}", "type", "unsubscribe", "channels", "jobs"));
    expect_text(response, "type", "unsubscription_confirmed");
    json_decref(response);
    response = poller_say(&studio, id,
                          json_pack("{s:s, s:[s]}", "type", "subscribe", "channels", "no such"));
    expect_text(response, "type", "error");
    json_decref(response);
    json_t *answer = poller_poll(&studio, id, "");
    assert_int_equal(count_of(answer), 1); /* the greeting: replies are not queued */
    json_decref(answer);
    end_poller(id);
}

static void test_lists_of_clients(void **state)
{
    (void)state;
    char *id = poller_open(&studio, "mobile");
    poller_subscribe(&studio, id, "photos");
    json_t *answer = ask(&studio, 200, "GET", "/ws/clients", NULL);
    expect_int(answer, "count", 1);
    const json_t *client = json_array_get(list_of(answer, "clients"), 0);
    expect_text(client, "id", id);
    expect_text(client, "client_type", "mobile");
    expect_time(client, "connected_at");
    expect_null(client, "last_poll");
    assert_string_equal(json_string_value(json_array_get(list_of(client, "subscriptions"), 0)),
                        "photos");
    json_decref(answer);
    json_decref(poller_poll(&studio, id, ""));
    answer = ask(&studio, 200, "GET", "/ws/status", NULL);
    assert_true(bool_of(answer, "enabled"));
    expect_int(answer, "client_count", 1);
    expect_time(json_array_get(list_of(answer, "clients"), 0), "last_poll");
    json_decref(answer);
    end_poller(id);
    answer = ask(&studio, 200, "GET", "/ws/clients", NULL);
    expect_int(answer, "count", 0);
    json_decref(answer);
}

/* Fault 1 of the old server: the first of these hung it. */
static void test_messages_from_outside(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, "jobs,system");
    char *id = poller_open(&studio, "gui");
    poller_subscribe(&studio, id, "jobs");
    poller_subscribe(&studio, id, "system");
    json_decref(ask(
        &studio, 200, "POST", "/ws/broadcast",
        json_pack("{s:{s:s, s:i}, s:s}", "message", "type", "hello", "n", 1, "channel", "jobs")));
    json_decref(ask(&studio, 200, "POST", "/ws/notify/job_progress",
                    json_pack("{s:s, s:i}", "job_id", "j", "progress", 40)));
    json_decref(ask(&studio, 200, "POST", "/ws/notify/job_complete",
                    json_pack("{s:s, s:b}", "job_id", "j", "success", 0)));
    json_decref(ask(&studio, 200, "POST", "/ws/notify/system_status",
                    json_pack("{s:{s:s}}", "status", "state", "fine")));
    json_t *answer = poller_poll(&studio, id, "");
    const json_t *messages = list_of(answer, "messages");
    assert_int_equal(json_array_size(messages), 5);
    static const char *const types[] = {"hello", "job_progress", "job_failed", "system_status"};
    for (size_t i = 0; i < 4; i++) {
        json_t *event = listen_event(&ws, types[i], i < 3 ? "jobs" : "system");
        assert_true(json_equal(event, json_array_get(messages, i + 1)));
        json_decref(event);
    }
    expect_text(json_array_get(messages, 2), "stage", "processing");
    json_decref(answer);
    char path[64];
    snprintf(path, sizeof path, "/ws/send/%s", id);
    json_decref(
        ask(&studio, 200, "POST", path, json_pack("{s:{s:s}}", "message", "type", "for_you")));
    json_decref(poller_wait(&studio, id, "for_you"));
    listen_quiet(&ws);
    jmt_ws_fini(&ws);
    end_poller(id);
}

static void test_a_long_poll_answers_at_once_when_there_is_something(void **state)
{
    struct jmt_http http;
    struct jmt_response response;
    char path[128];
    (void)state;
    char *id = poller_open(&studio, "gui");
    poller_subscribe(&studio, id, "jobs");
    json_decref(poller_poll(&studio, id, ""));
    snprintf(path, sizeof path, "/ws/poll?client_id=%s&wait=60", id);
    must(jmt_http_open(&http, studio.host.port));
    must(jmt_http_send(&http, &(struct jmt_request){.path = path}));
    /* Whichever of the two arrives first: the poll has the news. */
    ask_broadcast(&studio, "jobs", "news", json_object(), false);
    int64_t began_ms = jmt_clock_ms();
    must(jmt_http_receive(&http, &response, 50000));
    assert_true(jmt_clock_ms() - began_ms < 50000);
    assert_int_equal(response.status, 200);
    assert_non_null(strstr(response.body, "\"news\""));
    jmt_response_fini(&response);
    /* A second poll takes the place of the first, which is answered with nothing. */
    must(jmt_http_send(&http, &(struct jmt_request){.path = path}));
    json_t *answer = poller_poll(&studio, id, "&wait=0.2");
    assert_int_equal(count_of(answer), 0);
    json_decref(answer);
    end_poller(id);
    must(jmt_http_receive(&http, &response, 50000));
    assert_int_equal(response.status, 200);
    assert_non_null(strstr(response.body, "\"messages\":[]"));
    jmt_response_fini(&response);
    jmt_http_close(&http);
}

/* Fault 6: an answer that was lost took its messages with it. */
static void test_an_answer_that_was_lost_is_given_again(void **state)
{
    char more[64];
    (void)state;
    char *id = poller_open(&studio, "gui");
    poller_subscribe(&studio, id, "jobs");
    json_t *answer = poller_poll(&studio, id, "");
    json_int_t ack = int_of(answer, "ack");
    json_decref(answer);
    for (int i = 0; i < 250; i++)
        ask_broadcast(&studio, "jobs", "counted", json_pack("{s:i}", "n", i), false);
    for (int attempt = 0; attempt < 3; attempt++) {
        snprintf(more, sizeof more, "&ack=%lld", (long long)ack);
        answer = poller_poll(&studio, id, more);
        const json_t *messages = list_of(answer, "messages");
        assert_int_equal(json_array_size(messages), 250);
        for (int i = 0; i < 250; i++)
            expect_int(json_array_get(messages, (size_t)i), "n", i);
        json_int_t next = int_of(answer, "ack");
        json_decref(answer);
        if (attempt == 2)
            ack = next;
    }
    snprintf(more, sizeof more, "&ack=%lld", (long long)ack);
    answer = poller_poll(&studio, id, more);
    assert_int_equal(count_of(answer), 0);
    json_decref(answer);
    end_poller(id);
}

/* Polls with that ack; the answer's own. `wanted` messages must come. */
static json_int_t poll_with(const char *id, json_int_t ack, size_t wanted)
{
    char more[64];
    snprintf(more, sizeof more, "&ack=%lld", (long long)ack);
    json_t *answer = poller_poll(&studio, id, more);
    assert_int_equal(count_of(answer), wanted);
    if (wanted > 0)
        expect_text(json_array_get(list_of(answer, "messages"), 0), "type",
                    "connection_established");
    json_int_t told = int_of(answer, "ack");
    json_decref(answer);
    return told;
}

/* Without it the client would never subscribe again. Here it comes back with the ack of the very event
 * where its new session begins. */
static void test_a_greeting_that_was_lost_is_given_again(void **state)
{
    (void)state;
    char *id = poller_open(&studio, "gui");
    poller_subscribe(&studio, id, "jobs");
    json_decref(poller_poll(&studio, id, ""));
    ask_broadcast(&studio, "jobs", "counted", json_object(), false);
    json_t *event = poller_wait(&studio, id, "counted");
    json_int_t seen = seq_of(event);
    json_decref(event);
    json_decref(ask(&studio, 200, "POST", "/ws/cleanup", json_pack("{s:i}", "timeout_minutes", 0)));
    (void)poll_with(id, seen, 1);
    json_int_t told = poll_with(id, seen, 1);
    assert_int_not_equal(told, seen);
    told = poll_with(id, told, 0);
    (void)poll_with(id, told, 0);
    end_poller(id);
}

static void test_foreign_pages_may_not_poll(void **state)
{
    struct jmt_response response;
    (void)state;
    char *id = poller_open(&studio, "gui");
    char path[128];
    snprintf(path, sizeof path, "/ws/poll?client_id=%s", id);
    ask_raw(&studio,
            &(struct jmt_request){.path = path, .headers = "Sec-Fetch-Site: cross-site\r\n"},
            &response);
    assert_int_equal(response.status, 403);
    jmt_response_fini(&response);
    ask_raw(&studio,
            &(struct jmt_request){.path = "/job/next", .headers = "Sec-Fetch-Site: cross-site\r\n"},
            &response);
    assert_int_equal(response.status, 403);
    jmt_response_fini(&response);
    end_poller(id);
}

static void test_cleanup(void **state)
{
    (void)state;
    free(poller_open(&studio, "gui"));
    free(poller_open(&studio, "gui"));
    json_t *answer = ask_text(&studio, 200, "POST", "/ws/cleanup", NULL, NULL);
    expect_int(answer, "removed_count", 0);
    expect_text(answer, "message", "Removed 0 stale clients");
    json_decref(answer);
    answer = ask(&studio, 200, "POST", "/ws/cleanup", json_pack("{s:i}", "timeout_minutes", 0));
    expect_int(answer, "removed_count", 2);
    json_decref(answer);
}

static void test_m9_an_unknown_id_begins_anew(void **state)
{
    (void)state;
    char *id = lightroom_open(&studio);
    must(jmt_host_stop(&studio.host));
    must(jmt_host_restart(&studio.host));
    json_t *greeting = poller_wait(&studio, id, "connection_established");
    expect_text(greeting, "client_id", id);
    json_decref(greeting);
    poller_subscribe(&studio, id, "jobs");
    ask_broadcast(&studio, "jobs", "after_restart", json_object(), false);
    json_decref(poller_wait(&studio, id, "after_restart"));
    end_poller(id);
}

/* When the one client has polled last, to free(). */
static char *last_poll(void)
{
    json_t *answer = ask(&studio, 200, "GET", "/ws/clients", NULL);
    char *when = strdup(text_of(json_array_get(list_of(answer, "clients"), 0), "last_poll"));
    json_decref(answer);
    return when;
}

/* A long poll on a connection of its own, which has come to the host and waits there. */
static void begin_to_wait(struct jmt_http *http_out, const char *id)
{
    char path[128];
    snprintf(path, sizeof path, "/ws/poll?client_id=%s&wait=60", id);
    json_decref(poller_poll(&studio, id, ""));
    json_decref(poller_poll(&studio, id, "&wait=0.05"));
    char *before = last_poll();
    must(jmt_http_open(http_out, studio.host.port));
    must(jmt_http_send(http_out, &(struct jmt_request){.path = path}));
    int64_t deadline_ms = jmt_deadline_after(DARKROOM_MS);
    char *now = last_poll();
    while (strcmp(now, before) == 0 && jmt_clock_ms() < deadline_ms) {
        free(now);
        now = last_poll();
    }
    assert_string_not_equal(now, before);
    free(before);
    free(now);
}

/* Whoever waits when the host stops is answered, and comes back to the next one. */
static void test_a_poll_that_waits_is_answered_when_the_host_stops(void **state)
{
    struct jmt_http http;
    struct jmt_response response;
    (void)state;
    char *id = poller_open(&studio, "gui");
    begin_to_wait(&http, id);
    must(jmt_host_stop(&studio.host));
    must(jmt_http_receive(&http, &response, 50000));
    assert_int_equal(response.status, 200);
    jmt_response_fini(&response);
    jmt_http_close(&http);
    must(jmt_host_restart(&studio.host));
    json_decref(poller_wait(&studio, id, "connection_established"));
    end_poller(id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_handshake_and_first_poll),
        cmocka_unit_test(test_bad_requests),
        cmocka_unit_test(test_replies_are_the_response),
        cmocka_unit_test(test_lists_of_clients),
        cmocka_unit_test(test_messages_from_outside),
        cmocka_unit_test(test_a_long_poll_answers_at_once_when_there_is_something),
        cmocka_unit_test(test_an_answer_that_was_lost_is_given_again),
        cmocka_unit_test(test_a_greeting_that_was_lost_is_given_again),
        cmocka_unit_test(test_foreign_pages_may_not_poll),
        cmocka_unit_test(test_cleanup),
        cmocka_unit_test(test_m9_an_unknown_id_begins_anew),
        cmocka_unit_test(test_a_poll_that_waits_is_answered_when_the_host_stops),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
