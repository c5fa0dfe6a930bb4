/* The messages of a client, word for word: section 1 of the wire contract. */
#include "bed.h"

#include "host/util/span.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct bed *bed;
static struct peer peer;

static int setup(void **state)
{
    (void)bed_setup(state);
    bed = *state;
    peer_open(bed, &peer);
    bed_end_turn(bed);
    return 0;
}

static int teardown(void **state)
{
    peer_close(&peer);
    return bed_teardown(state);
}

static void assert_answers(const char *message, const char *expected)
{
    char line[2048];
    (void)snprintf(line, sizeof line, "%s\n", expected);
    assert_string_equal(peer_ask(bed, &peer, message), line);
}

static void assert_error(const char *message, const char *sentence)
{
    char line[2048];
    (void)snprintf(line, sizeof line, "{\"type\":\"error\",\"error\":\"%s\",\"timestamp\":\"T\"}\n",
                   sentence);
    assert_string_equal(peer_ask(bed, &peer, message), line);
    assert_false(peer.client->ending);
}

static void welcomes(void **state)
{
    char expected[512];
    (void)state;
    const char *epoch = jmh_store_epoch(bed->host.store);
    unsigned long long head = (unsigned long long)jmh_log_head(bed->host.log);
    (void)snprintf(expected, sizeof expected,
                   "{\"type\":\"connection_established\",\"client_id\":%llu,\"server_time\":\"T\","
                   "\"epoch\":\"%s\",\"seq\":%llu,\"cursor\":\"%s:%llu\",\"protocol\":1}\n",
                   (unsigned long long)peer.client->id, epoch, head, epoch, head);
    assert_string_equal(peer_got(&peer), expected);
    assert_true(peer.client->id < UINT64_C(1) << 53);
    assert_string_equal(jmh_client_type(peer.client), "unknown");
    assert_string_equal(jmh_client_name(peer.client), "unnamed");
}

static void pongs(void **state)
{
    (void)state;
    (void)peer_got(&peer);
    peer.client->last_ping_utc_ms = 0;
    assert_answers("{\"type\":\"ping\",\"extra\":[1]}", "{\"type\":\"pong\",\"timestamp\":\"T\"}");
    assert_true(peer.client->last_ping_utc_ms > 0);
}

static void registers(void **state)
{
    char message[512], expected[512], name[300];
    (void)state;
    (void)peer_got(&peer);
    assert_answers("{\"type\":\"register\"}",
                   "{\"type\":\"registration_confirmed\",\"client_type\":\"unknown\","
                   "\"client_name\":\"unnamed\"}");
    assert_answers("{\"type\":\"register\",\"client_type\":\"lightroom\",\"version\":\"2.0\","
                   "\"client_name\":\"Lightroom \\u5199\\\"\\n\"}",
                   "{\"type\":\"registration_confirmed\",\"client_type\":\"lightroom\","
                   "\"client_name\":\"Lightroom \xe5\x86\x99\\\"\\n\"}");
    assert_string_equal(jmh_client_name(peer.client), "Lightroom \xe5\x86\x99\"\n");
    assert_answers("{\"type\":\"register\",\"client_type\":null,\"client_name\":\"\"}",
                   "{\"type\":\"registration_confirmed\",\"client_type\":\"unknown\","
                   "\"client_name\":\"\"}");
    memset(name, 'n', sizeof name);
    (void)snprintf(message, sizeof message,
                   "{\"type\":\"register\",\"client_type\":\"%.64s\",\"client_name\":\"%.256s\"}",
                   name, name);
    (void)snprintf(expected, sizeof expected,
                   "{\"type\":\"registration_confirmed\",\"client_type\":\"%.64s\","
                   "\"client_name\":\"%.256s\"}",
                   name, name);
    assert_answers(message, expected);
    (void)snprintf(message, sizeof message, "{\"type\":\"register\",\"client_type\":\"%.65s\"}",
                   name);
    assert_error(message, "client_type must be a string of at most 64 bytes");
    (void)snprintf(message, sizeof message, "{\"type\":\"register\",\"client_name\":\"%.257s\"}",
                   name);
    assert_error(message, "client_name must be a string of at most 256 bytes");
    assert_error("{\"type\":\"register\",\"client_type\":5}",
                 "client_type must be a string of at most 64 bytes");
    assert_int_equal(strlen(jmh_client_type(peer.client)), 64); /* as it was before */
}

static void answers_mistakes(void **state)
{
    static const struct {
        const char *message, *sentence;
    } cases[] = {
        {"", "Invalid JSON format"},
        {"{", "Invalid JSON format"},
        {"{\"type\":\"ping\"}x", "Invalid JSON format"},
        {"[]", "A message must be a JSON object"},
        {"\"ping\"", "A message must be a JSON object"},
        {"{}", "Message type is required"},
        {"{\"type\":null}", "Message type is required"},
        {"{\"type\":\"\"}", "Message type is required"},
        {"{\"type\":0}", "Message type is required"},
        {"{\"type\":false}", "Message type is required"},
        {"{\"type\":5}", "Message type must be a string of at most 255 bytes"},
        {"{\"type\":[1]}", "Message type must be a string of at most 255 bytes"},
        {"{\"type\":\"disconnect\"}", "Unknown message type: disconnect"},
        {"{\"type\":\"Ping\"}", "Unknown message type: Ping"},
        {"{\"type\":\"subscribe_jobs\"}", "Unknown message type: subscribe_jobs"},
        {"{\"type\":\"a\\\"b\\u5199\"}", "Unknown message type: a\\\"b\xe5\x86\x99"},
    };
    (void)state;
    (void)peer_got(&peer);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_error(cases[i].message, cases[i].sentence);
    }
    assert_int_equal(bed->host.clients->received, sizeof cases / sizeof cases[0]);
}

static void answers_in_order(void **state)
{
    (void)state;
    (void)peer_got(&peer);
    jmh_client_receive(peer.client, jmh_span("{\"type\":\"ping\"}"));
    jmh_client_receive(peer.client, jmh_span("{\"type\":\"register\",\"client_type\":\"gui\"}"));
    jmh_client_receive(peer.client, jmh_span("{\"type\":\"x\"}"));
    bed_end_turn(bed);
    assert_string_equal(peer_got(&peer),
                        "{\"type\":\"pong\",\"timestamp\":\"T\"}\n"
                        "{\"type\":\"registration_confirmed\",\"client_type\":\"gui\","
                        "\"client_name\":\"unnamed\"}\n"
                        "{\"type\":\"error\",\"error\":\"Unknown message type: x\","
                        "\"timestamp\":\"T\"}\n");
}

static jm_status handle(void *user, const jm_message *message)
{
    (void)user;
    assert_int_equal(message->client, peer.client->id);
    assert_true(jmh_span_is(message->client_type, "lightroom"));
    assert_true(jmh_span_is(message->type, "job_progress"));
    assert_int_equal(message->caller->kind, JM_CALLER_LOCAL);
    bool fails = strstr(message->json.ptr, "\"fail\"") != NULL;
    bed_publish(bed, "made", fails ? "lost" : "kept");
    assert_int_equal(jmh_client_send(peer.client, jmh_span("{\"type\":\"noted\"}")), JM_OK);
    if (fails) {
        return jmh_err_set(&bed->plugin.last_error, JM_ENOENT, "There is no job");
    }
    return strstr(message->json.ptr, "\"mute\"") != NULL ? JM_EINVAL : JM_OK;
}

static void hands_messages_to_their_plugin(void **state)
{
    struct jmh_err err;
    (void)state;
    assert_int_equal(
        jmh_regset_add_message(bed->of_plugin, "job_progress", "help", handle, NULL, &err), JM_OK);
    bed_index(bed);
    (void)peer_ask(bed, &peer, "{\"type\":\"register\",\"client_type\":\"lightroom\"}");
    uint64_t head = jmh_log_head(bed->host.log);
    assert_answers("{\"type\":\"job_progress\"}", "{\"type\":\"noted\"}");
    assert_int_equal(jmh_log_head(bed->host.log), head + 1);
    /* what the handler has published is taken back; its answers stay, in their order */
    assert_string_equal(peer_ask(bed, &peer, "{\"type\":\"job_progress\",\"x\":\"fail\"}"),
                        "{\"type\":\"noted\"}\n"
                        "{\"type\":\"error\",\"error\":\"There is no job\",\"timestamp\":\"T\"}\n");
    assert_string_equal(peer_ask(bed, &peer, "{\"type\":\"job_progress\",\"x\":\"mute\"}"),
                        "{\"type\":\"noted\"}\n{\"type\":\"error\",\"error\":"
                        "\"The message could not be handled\",\"timestamp\":\"T\"}\n");
    assert_int_equal(jmh_log_head(bed->host.log), head + 1);
}

static void tells_when_nothing_was_stored(void **state)
{
    (void)state;
    (void)peer_got(&peer);
    bed_break_turn(bed);
    assert_int_equal(jmh_client_send(peer.client, jmh_span("{\"type\":\"noted\"}")), JM_OK);
    bed_end_turn(bed);
    assert_string_equal(
        peer_got(&peer),
        "{\"type\":\"error\",\"error\":\"The change could not be stored; nothing of "
        "it was kept. Try again later.\",\"timestamp\":\"T\"}\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(welcomes),
        TEST(pongs),
        TEST(registers),
        TEST(answers_mistakes),
        TEST(answers_in_order),
        TEST(hands_messages_to_their_plugin),
        TEST(tells_when_nothing_was_stored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
