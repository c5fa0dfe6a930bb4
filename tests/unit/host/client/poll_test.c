/* Clients that fetch what they get: bounded portions, acknowledged or given again. */
#include "bed.h"

#include "host/util/span.h"

#include <stdio.h>
#include <string.h>

static struct bed *bed;
static struct jmh_client *client;
static char taken[8192];

static void flush(struct jmh_client *unused)
{
    (void)unused;
}

static void end(struct jmh_client *unused, uint16_t code, const char *reason)
{
    (void)unused;
    (void)code;
    (void)reason;
}

static const struct jmh_port port = {"poll", JMH_FORM_JSON, flush, end};

static int setup(void **state)
{
    (void)bed_setup(state);
    bed = *state;
    struct jmh_identity *identity = jmh_identity_local(bed->host.clients, jmh_span("127.0.0.1"));
    assert_int_equal(jmh_client_open(bed->host.clients, &port, NULL, identity, &client), JM_OK);
    jmh_identity_unref(identity);
    return 0;
}

static int teardown(void **state)
{
    jmh_client_close(client);
    return bed_teardown(state);
}

/* Keeps what tells one message from another: its type, or its id. */
static void keep(void *user, jm_span json)
{
    struct jmh_json_value message, value;
    size_t len = strlen(taken);
    (void)user;
    assert_true(jmh_json_parse(json, &message));
    assert_true(jmh_json_get(message, "id", &value) || jmh_json_get(message, "type", &value));
    (void)snprintf(taken + len, sizeof taken - len, "%.*s ", (int)value.text.len - 2,
                   value.text.ptr + 1);
}

static uint64_t assert_takes(uint32_t most, const char *expected, int32_t count)
{
    uint64_t ack = 0;
    taken[0] = '\0';
    assert_int_equal(jmh_client_take(client, most, keep, NULL, &ack), count);
    assert_string_equal(taken, expected);
    assert_int_equal(ack, client->cursor.pos);
    return ack;
}

static void receive(const char *message)
{
    jmh_client_receive(client, jmh_span(message));
    bed_end_turn(bed);
}

static void publish(const char *type, unsigned count)
{
    char id[8];
    for (unsigned i = 1; i <= count; i++) {
        (void)snprintf(id, sizeof id, "%u", i);
        bed_publish(bed, type, id);
    }
    bed_end_turn(bed);
}

static void takes_replies_first(void **state)
{
    (void)state;
    receive("{\"type\":\"subscribe\",\"channels\":[\"jobs\"]}");
    publish("made", 3);
    receive("{\"type\":\"ping\"}");
    (void)assert_takes(0, "", 0);
    (void)assert_takes(2, "connection_established subscription_confirmed ", 2);
    (void)assert_takes(3, "pong 1 2 ", 3);
    assert_true(jmh_client_pending(client));
    (void)assert_takes(10, "3 ", 1);
    assert_false(jmh_client_pending(client));
    (void)assert_takes(10, "", 0);
    assert_int_equal(bed->host.clients->delivered, 3);
}

static void gives_again_what_was_not_acknowledged(void **state)
{
    (void)state;
    receive("{\"type\":\"subscribe\",\"channels\":[\"jobs\"]}");
    (void)assert_takes(10, "connection_established subscription_confirmed ", 2);
    uint64_t start = client->cursor.pos;
    publish("made", 4);
    uint64_t second = assert_takes(2, "1 2 ", 2);
    uint64_t fourth = assert_takes(2, "3 4 ", 2);
    assert_int_equal(jmh_client_acknowledge(client, second), JM_OK);
    (void)assert_takes(10, "3 4 ", 2);
    assert_int_equal(jmh_client_acknowledge(client, fourth + 1), JM_EINVAL);
    assert_int_equal(jmh_client_acknowledge(client, fourth), JM_OK);
    (void)assert_takes(10, "", 0);
    /* what it has acknowledged once is not given again, nor is what was before its time */
    assert_int_equal(jmh_client_acknowledge(client, second), JM_OK);
    (void)assert_takes(10, "", 0);
    assert_int_equal(jmh_client_acknowledge(client, 0), JM_OK);
    (void)assert_takes(10, "", 0);
    assert_true(client->cursor.pos >= start);
}

/* 0 is what a client says that has got nothing yet. */
static void does_not_begin_before_its_time(void **state)
{
    (void)state;
    publish("made", 3);
    jmh_client_close(client);
    struct jmh_identity *identity = jmh_identity_local(bed->host.clients, jmh_span("127.0.0.1"));
    assert_int_equal(jmh_client_open(bed->host.clients, &port, NULL, identity, &client), JM_OK);
    jmh_identity_unref(identity);
    receive("{\"type\":\"subscribe\",\"channels\":[\"jobs\"]}");
    assert_int_equal(jmh_client_acknowledge(client, 0), JM_OK);
    (void)assert_takes(10, "connection_established subscription_confirmed ", 2);
}

static void takes_a_replay_and_what_follows(void **state)
{
    char message[128];
    (void)state;
    publish("made", 3);
    (void)assert_takes(10, "connection_established ", 1);
    (void)snprintf(message, sizeof message,
                   "{\"type\":\"subscribe\",\"channels\":[\"jobs\"],\"since\":\"%s:%llu\"}",
                   jmh_store_epoch(bed->host.store),
                   (unsigned long long)jmh_log_head(bed->host.log) - 2);
    receive(message);
    publish("progress", 2);
    (void)assert_takes(10, "subscription_confirmed 2 3 1 2 ", 5);
}

static void tells_a_loss_before_what_follows(void **state)
{
    (void)state;
    receive("{\"type\":\"subscribe\",\"channels\":[\"plain\"]}");
    (void)assert_takes(10, "connection_established subscription_confirmed ", 2);
    publish("seen", 66); /* the ring holds 64 */
    (void)assert_takes(3, "events_missed 3 4 ", 3);
    (void)assert_takes(1, "5 ", 1);
    publish("progress", 65);
    (void)assert_takes(10, "events_missed ", 1);
    (void)assert_takes(10, "", 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(takes_replies_first),
        TEST(gives_again_what_was_not_acknowledged),
        TEST(does_not_begin_before_its_time),
        TEST(takes_a_replay_and_what_follows),
        TEST(tells_a_loss_before_what_follows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
