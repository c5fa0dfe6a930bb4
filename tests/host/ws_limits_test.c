/* The limits of /ws: sizes, names, numbers, frames, and who may connect at all. */
#include "check.h"
#include "listen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX (64 * 1024)

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

/* A ping with so much in it that it has that many bytes; to free(). */
static char *long_ping(size_t bytes)
{
    static const char head[] = "{\"type\":\"ping\",\"x\":\"";
    static const char tail[] = "\"}";
    char *text = malloc(bytes + 1);
    assert_non_null(text);
    memset(text, 'x', bytes);
    memcpy(text, head, sizeof head - 1);
    memcpy(text + bytes - (sizeof tail - 1), tail, sizeof tail);
    return text;
}

static void test_message_size(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, NULL);
    char *largest = long_ping(MESSAGE_MAX);
    json_t *answer = listen_answer(&ws, largest);
    expect_text(answer, "type", "pong");
    json_decref(answer);
    free(largest);

    /* One byte more breaks a rule: the client is told which one, and stays. */
    char *too_long = long_ping(MESSAGE_MAX + 1);
    listen_refused(&ws, too_long, "65536");
    free(too_long);
    listen_quiet(&ws);
    jmt_ws_fini(&ws);
}

static void send_piece(struct jmt_ws *ws, unsigned opcode, bool partial, const char *text)
{
    struct jmt_frame frame = {
        .opcode = opcode, .partial = partial, .payload = text, .bytes = strlen(text)};
    must(jmt_ws_send_frame(ws, &frame));
}

/* A message may come in pieces, with a ping of the protocol between them. */
static void test_fragments(void **state)
{
    struct jmt_ws ws;
    struct jmt_frame pong;
    json_t *answer;
    (void)state;
    listen_open(&ws, &studio, NULL);
    send_piece(&ws, JMT_OP_TEXT, true, "{\"ty");
    send_piece(&ws, JMT_OP_PING, false, "mark");
    send_piece(&ws, JMT_OP_CONTINUATION, true, "pe\":\"pi");
    send_piece(&ws, JMT_OP_CONTINUATION, false, "ng\"}");
    must(jmt_ws_receive_frame(&ws, &pong, LISTEN_MS));
    assert_int_equal(pong.opcode, JMT_OP_PONG);
    assert_int_equal(pong.bytes, 4);
    assert_memory_equal(pong.payload, "mark", 4);
    must(jmt_ws_receive_json(&ws, &answer, LISTEN_MS));
    expect_text(answer, "type", "pong");
    json_decref(answer);
    jmt_ws_fini(&ws);
}

/* The limit is of the message, not of the frame; the rest of one that is too long is passed over. */
static void test_long_fragments(void **state)
{
    struct jmt_ws ws;
    json_t *answer;
    (void)state;
    listen_open(&ws, &studio, NULL);
    char *piece = long_ping(MESSAGE_MAX / 2);
    for (int i = 0; i < 4; i++)
        send_piece(&ws, i == 0 ? JMT_OP_TEXT : JMT_OP_CONTINUATION, i < 3, piece);
    free(piece);
    must(jmt_ws_receive_json(&ws, &answer, LISTEN_MS));
    expect_text(answer, "type", "error");
    json_decref(answer);
    listen_quiet(&ws);
    jmt_ws_fini(&ws);
}

static void test_binary(void **state)
{
    struct jmt_ws ws;
    json_t *answer;
    (void)state;
    listen_open(&ws, &studio, NULL);
    send_piece(&ws, JMT_OP_BINARY, false, "{\"type\":\"ping\"}");
    must(jmt_ws_receive_json(&ws, &answer, LISTEN_MS));
    expect_text(answer, "type", "pong");
    json_decref(answer);
    jmt_ws_fini(&ws);
}

static void test_bad_utf8(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, NULL);
    must(jmt_ws_send_text(&ws, "{\"type\":\"\xff\xfe\"}"));
    assert_int_equal(jmt_ws_wait_close(&ws, LISTEN_MS), 1007);
    jmt_ws_fini(&ws);
}

static void test_bad_opcode(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, NULL);
    send_piece(&ws, 5, false, "x");
    int code = jmt_ws_wait_close(&ws, LISTEN_MS);
    assert_true(code == 1002 || code == JMT_CLOSE_ABNORMAL);
    jmt_ws_fini(&ws);
}

static void test_names(void **state)
{
    static const char *const bad_channels[] = {
        "\"Jobs\"",
        "\"a b\"",
        "\"\"",
        "\"\\u00e9\"",
        "7",
        "null",
        "\"0123456789012345678901234567890123456789012345678901234567890123x\""};
    char text[512];
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, NULL);
    for (size_t i = 0; i < sizeof bad_channels / sizeof bad_channels[0]; i++) {
        snprintf(text, sizeof text, "{\"type\":\"subscribe\",\"channels\":[%s]}", bad_channels[i]);
        listen_refused(&ws, text, "channel");
    }
    json_decref(listen_answer(
        &ws, "{\"type\":\"subscribe\",\"channels\":"
             "[\"0123456789012345678901234567890123456789012345678901234567.a_b-\"]}"));

    snprintf(text, sizeof text, "{\"type\":\"register\",\"client_type\":\"%065d\"}", 0);
    listen_refused(&ws, text, "64");
    snprintf(text, sizeof text, "{\"type\":\"register\",\"client_name\":\"%0257d\"}", 0);
    listen_refused(&ws, text, "256");
    snprintf(text, sizeof text,
             "{\"type\":\"register\",\"client_type\":\"%064d\",\"client_name\":\"%0256d\"}", 0, 0);
    json_t *answer = listen_answer(&ws, text);
    expect_text(answer, "type", "registration_confirmed");
    json_decref(answer);
    jmt_ws_fini(&ws);
}

static json_t *subscribe_numbered(int first, int count)
{
    json_t *channels = json_array();
    for (int i = first; i < first + count; i++)
        json_array_append_new(channels, json_sprintf("channel.%d", i));
    return json_pack("{s:s, s:o}", "type", "subscribe", "channels", channels);
}

static void expect_numbered(struct jmt_ws *ws, int first, int count, const char *type)
{
    json_t *answer;
    must(jmt_ws_send_json(ws, subscribe_numbered(first, count)));
    must(jmt_ws_receive_json(ws, &answer, LISTEN_MS));
    expect_text(answer, "type", type);
    json_decref(answer);
}

/* 64 at most, however they were asked for; a refused request subscribes to nothing. */
static void test_subscriptions(void **state)
{
    struct jmt_ws ws;
    (void)state;
    listen_open(&ws, &studio, NULL);
    expect_numbered(&ws, 0, 65, "error");
    expect_numbered(&ws, 0, 60, "subscription_confirmed");
    expect_numbered(&ws, 58, 7, "error");
    ask_broadcast(&studio, "channel.61", "probe", json_object(), false);
    listen_quiet(&ws);
    expect_numbered(&ws, 58, 6, "subscription_confirmed");
    ask_broadcast(&studio, "channel.61", "probe", json_object(), false);
    json_decref(listen_event(&ws, "probe", "channel.61"));
    jmt_ws_fini(&ws);
}

static void expect_handshake(const struct jmt_ws_options *options, int status)
{
    struct jmt_ws ws;
    int result = jmt_ws_open(&ws, studio.host.port, options);
    if (ws.handshake.status != status)
        fail_msg("the handshake was answered with %d, not %d (%s)", ws.handshake.status, status,
                 jmt_error_text());
    assert_int_equal(result, status == 101 ? 0 : -1);
    jmt_ws_fini(&ws);
}

static void test_who_may_connect(void **state)
{
    (void)state;
    expect_handshake(&(struct jmt_ws_options){.origin = "http://localhost:3000"}, 101);
    expect_handshake(&(struct jmt_ws_options){.origin = "http://127.0.0.1"}, 101);
    expect_handshake(&(struct jmt_ws_options){.host = "localhost:5100"}, 101);
    expect_handshake(&(struct jmt_ws_options){.path = "/ws?token=1"}, 101);
    expect_handshake(&(struct jmt_ws_options){.origin = "http://localhost.evil.example"}, 403);
    expect_handshake(&(struct jmt_ws_options){.origin = "https://evil.example"}, 403);
    expect_handshake(&(struct jmt_ws_options){.origin = "null"}, 403);
    expect_handshake(&(struct jmt_ws_options){.host = "evil.example"}, 403);
    expect_handshake(&(struct jmt_ws_options){.host = "192.168.1.5"}, 403);
}

static void test_plain_get(void **state)
{
    (void)state;
    json_t *answer = ask(&studio, 400, "GET", "/ws", NULL);
    assert_true(*text_of(answer, "error") != '\0');
    json_decref(answer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_message_size),    cmocka_unit_test(test_fragments),
        cmocka_unit_test(test_long_fragments),  cmocka_unit_test(test_binary),
        cmocka_unit_test(test_bad_utf8),        cmocka_unit_test(test_bad_opcode),
        cmocka_unit_test(test_names),           cmocka_unit_test(test_subscriptions),
        cmocka_unit_test(test_who_may_connect), cmocka_unit_test(test_plain_get),
    };
    return cmocka_run_group_tests(tests, open_studio, close_studio);
}
