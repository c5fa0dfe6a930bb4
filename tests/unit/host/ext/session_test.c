/* junmai.client/1: a session registers, subscribes, is woken once, takes, goes back, and ends. */
#include "host/ext/ext.h"
#include "host/util/span.h"
#include "small_host.h"

#include <junmai/ext/client.h>
#include <junmai/ext/error.h>
#include <junmai/ext/event.h>
#include <junmai/ext/message.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct small_host small;
static const jm_host *host;
static jm_id session;
static int wakes;
static bool woken;

static void on_wake(void *user, jm_id client)
{
    (void)user;
    assert_int_equal(client, session);
    wakes++;
    woken = true;
}

static int start(void **state)
{
    (void)state;
    small_host_prepare(&small, NULL);
    if (small_host_start(&small, "good", NULL) != JM_OK)
        return -1;
    host = &small_host_plugin(&small, "good")->host_api;
    const jm_client_desc desc = {.size = sizeof desc, .transport = "test", .wake = on_wake};
    wakes = 0;
    woken = false;
    return jmh_ext_client.open(host, &desc, &session) == JM_OK ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    small_host_stop(&small);
    small_host_remove(&small);
    return 0;
}

/* What was handed out, one line each. */
static char taken[4096];

static void keep(void *user, jm_span json)
{
    (void)user;
    size_t len = strlen(taken);
    snprintf(taken + len, sizeof taken - len, "%.*s\n", JMH_ARG(json));
}

static int32_t take(uint32_t most, uint64_t *ack_out)
{
    taken[0] = '\0';
    return jmh_ext_client.take(host, session, most, keep, NULL, ack_out);
}

static void receive(const char *json)
{
    taken[0] = '\0';
    assert_int_equal(jmh_ext_client.receive(host, session, jmh_span(json), keep, NULL), JM_OK);
}

/* Publish number `i`, as from a handler. */
static void publish(int i)
{
    char fields[32];
    snprintf(fields, sizeof fields, "{\"i\":%d}", i);
    jmh_plugin_enter(jmh_plugin_of(host), "a test");
    assert_int_equal(jmh_ext_event.inject(host, jmh_span("numbered"), jmh_span("numbers"),
                                          jmh_span(fields), JM_RETAIN_MEMORY),
                     JM_OK);
    (void)jmh_plugin_leave(jmh_plugin_of(host), JM_OK);
}

static void it_is_woken_once(void **state)
{
    (void)state;
    uint64_t ack;
    assert_true(small_host_run_until(&small, &woken)); /* connection_established waits */
    receive("{\"type\":\"subscribe\",\"channels\":[\"numbers\"]}");
    assert_non_null(strstr(taken, "subscription_confirmed"));
    publish(1);
    jmh_turn_end(small.host.turn);
    jmh_clients_flush(small.host.clients);
    assert_int_equal(wakes, 1); /* nothing was taken: no second wake */
    assert_int_equal(take(10, &ack), 2);
    assert_non_null(strstr(taken, "connection_established"));
    assert_non_null(strstr(taken, "\"i\":1"));
    assert_int_equal(take(10, &ack), 0);
    publish(2);
    woken = false;
    assert_true(small_host_run_until(&small, &woken));
    assert_int_equal(wakes, 2);
}

static void it_goes_back(void **state)
{
    (void)state;
    uint64_t first, second, ahead;
    receive("{\"type\":\"subscribe\",\"channels\":[\"numbers\"]}");
    for (int i = 1; i <= 3; i++)
        publish(i);
    jmh_turn_end(small.host.turn);
    assert_int_equal(take(2, &first), 2); /* connection_established and 1 */
    assert_int_equal(take(10, &second), 2);
    assert_null(strstr(taken, "\"i\":1"));
    assert_non_null(strstr(taken, "\"i\":3"));
    assert_int_equal(jmh_ext_client.acknowledge(host, session, first), JM_OK);
    assert_int_equal(take(10, &ahead), 2); /* the lost answer again */
    assert_non_null(strstr(taken, "\"i\":2"));
    assert_int_equal(ahead, second);
    assert_int_equal(jmh_ext_client.acknowledge(host, session, ahead + 1), JM_EINVAL);
}

static void replies_go_to_the_sink(void **state)
{
    (void)state;
    uint64_t ack;
    receive("{\"type\":\"ping\"}");
    assert_non_null(strstr(taken, "\"pong\""));
    assert_null(strstr(taken, "connection_established"));
    receive("{\"type\":\"no such thing\"}");
    assert_non_null(strstr(taken, "Unknown message type: no such thing"));
    assert_int_equal(jmh_ext_client.receive(host, session, jmh_span("[]"), keep, NULL), JM_EINVAL);
    assert_int_equal(
        jmh_ext_client.receive(host, session, jmh_span("{\"type\":\"ping\"}"), NULL, NULL), JM_OK);
    assert_int_equal(take(10, &ack), 2);
    assert_non_null(strstr(taken, "connection_established"));
    assert_non_null(strstr(taken, "\"pong\""));
}

/* A message in several lines stays one message. */
static void a_message_in_lines(void **state)
{
    (void)state;
    uint64_t ack;
    jmh_plugin_enter(jmh_plugin_of(host), "a test");
    assert_int_equal(
        jmh_ext_message.send(host, session, jmh_span("{\n  \"type\": \"hello\",\r\n  \"i\": 1\n}")),
        JM_OK);
    (void)jmh_plugin_leave(jmh_plugin_of(host), JM_OK);
    jmh_turn_end(small.host.turn);
    assert_int_equal(take(10, &ack), 2);
    assert_non_null(strstr(taken, "{   \"type\": \"hello\","));
}

static void it_ends(void **state)
{
    (void)state;
    uint64_t ack;
    assert_int_equal(jmh_clients_count(small.host.clients), 1);
    assert_int_equal(jmh_ext_client.close(host, session), JM_OK);
    assert_int_equal(jmh_clients_count(small.host.clients), 0);
    assert_int_equal(take(1, &ack), JM_EGONE);
    assert_int_equal(jmh_ext_client.close(host, session), JM_EGONE);
}

/* The host ends it: the plugin's next call says so, and a moment later it is gone. */
static void it_is_ended(void **state)
{
    (void)state;
    uint64_t ack;
    jmh_client_end(jmh_clients_get(small.host.clients, session), 1001, "away");
    assert_int_equal(take(1, &ack), JM_EGONE);
    assert_int_equal(jmh_clients_count(small.host.clients), 1);
    jmh_turn_end(small.host.turn);
    while (jmh_clients_count(small.host.clients) > 0)
        jmh_loop_step(small.host.loop);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_woken_once),   TEST(it_goes_back), TEST(replies_go_to_the_sink),
        TEST(a_message_in_lines), TEST(it_ends),      TEST(it_is_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
