/* WebSocket frames and handshakes that a server must not fall for. */
#include "victim.h"

#include "client/wait.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct victim victim;

static int set_up(void **state)
{
    (void)state;
    victim_open(&victim, "{\"limits\":{\"message_bytes\":4096,\"clients\":60}}");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    victim_close(&victim);
    return 0;
}

static void expect_reply(struct jmt_ws *ws, const char *type)
{
    json_t *reply;
    must(jmt_ws_receive_json(ws, &reply, JMT_PATIENCE_MS));
    assert_string_equal(json_string_value(json_object_get(reply, "type")), type);
    json_decref(reply);
}

static void open_ws(struct jmt_ws *ws)
{
    must(jmt_ws_open(ws, victim.host.port, NULL));
    expect_reply(ws, "connection_established");
}

static void send_piece(struct jmt_ws *ws, unsigned opcode, bool partial, const char *text,
                       size_t bytes)
{
    must(jmt_ws_send_frame(
        ws, &(struct jmt_frame){
                .opcode = opcode, .partial = partial, .payload = text, .bytes = bytes}));
}

/* Too large is told, once, when all of it has come; the connection stays. */
static void test_too_large(void **state)
{
    (void)state;
    struct jmt_ws ws;
    char *text = malloc(100000);
    memset(text, 'a', 100000);
    open_ws(&ws);
    send_piece(&ws, JMT_OP_TEXT, false, text, 100000);
    expect_reply(&ws, "error");
    send_piece(&ws, JMT_OP_TEXT, true, text, 4000);
    send_piece(&ws, JMT_OP_CONTINUATION, true, text, 4000);
    send_piece(&ws, JMT_OP_CONTINUATION, false, text, 50000);
    expect_reply(&ws, "error");
    must(jmt_ws_send_text(&ws, "{\"type\":\"ping\"}"));
    expect_reply(&ws, "pong");
    must(jmt_ws_close(&ws, 1000));
    jmt_ws_fini(&ws);
    free(text);
    expect_nobody(&victim, 1000);
}

/* Pieces of a message, with a ping between them; binary messages are text, too. */
static void test_pieces(void **state)
{
    (void)state;
    struct jmt_ws ws;
    open_ws(&ws);
    send_piece(&ws, JMT_OP_TEXT, true, "{\"type\":", 8);
    send_piece(&ws, JMT_OP_PING, false, "beat", 4);
    send_piece(&ws, JMT_OP_CONTINUATION, true, "", 0);
    send_piece(&ws, JMT_OP_CONTINUATION, false, "\"ping\"}", 7);
    expect_reply(&ws, "pong");
    send_piece(&ws, JMT_OP_BINARY, false, "{\"type\":\"ping\"}", 15);
    expect_reply(&ws, "pong");
    must(jmt_ws_close(&ws, 1000));
    jmt_ws_fini(&ws);
}

static void test_invalid_utf8(void **state)
{
    (void)state;
    struct jmt_ws ws;
    open_ws(&ws);
    send_piece(&ws, JMT_OP_TEXT, false, "{\"type\":\"\xc3\x28\"}", 13);
    assert_int_equal(jmt_ws_wait_close(&ws, JMT_PATIENCE_MS), 1007);
    jmt_ws_fini(&ws);
    expect_nobody(&victim, 5000);
}

/* What breaks the protocol ends the connection, and nothing else. */
static void test_broken_frames(void **state)
{
    (void)state;
    static const struct jmt_frame broken[] = {
        {.opcode = 3},
        {.opcode = 11},
        {.opcode = JMT_OP_TEXT, .rsv = 4, .payload = "a", .bytes = 1},
        {.opcode = JMT_OP_TEXT, .rsv = 1, .payload = "a", .bytes = 1},
        {.opcode = JMT_OP_CONTINUATION, .payload = "a", .bytes = 1},
        {.opcode = JMT_OP_PING, .partial = true, .payload = "a", .bytes = 1},
    };
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        struct jmt_ws ws;
        open_ws(&ws);
        must(jmt_ws_send_frame(&ws, &broken[i]));
        peer_expect_end(&ws.stream, 8000);
        jmt_ws_fini(&ws);
    }
    struct jmt_ws ws;
    char large[200] = {0};
    open_ws(&ws);
    send_piece(&ws, JMT_OP_PING, false, large, sizeof large);
    peer_expect_end(&ws.stream, 8000);
    jmt_ws_fini(&ws);
    expect_idle(&victim);
    expect_nobody(&victim, 1000);
}

/* Pongs fall between frames, however many are asked for while events stream. */
static void test_pings_under_load(void **state)
{
    (void)state;
    struct jmt_ws ws;
    listen_to_jobs(&ws, &victim);
    for (int i = 0; i < 100; i++) {
        for (int k = 0; k < 20; k++)
            send_piece(&ws, JMT_OP_PING, false, "are you there", 13);
        publish(&victim, 2000);
    }
    for (int i = 0; i < 100; i++) {
        json_t *event;
        must(jmt_ws_wait(&ws, "x", &event, NULL, JMT_PATIENCE_MS));
        json_decref(event);
    }
    must(jmt_ws_close(&ws, 1000));
    jmt_ws_fini(&ws);
    expect_nobody(&victim, 1000);
}

static void expect_refusal(const char *request, int status)
{
    struct jmt_stream peer;
    peer_open(&peer, &victim, 0);
    peer_say(&peer, request);
    int got = peer_hear(&peer);
    if (got != status)
        fail_msg("%d, not %d, for %s", got, status, request);
    jmt_stream_close(&peer);
}

#define SHAKE(path, host, connection, version, key, more)                                      \
    "GET " path " HTTP/1.1\r\nHost: " host "\r\nUpgrade: websocket\r\nConnection: " connection \
    "\r\nSec-WebSocket-Version: " version "\r\nSec-WebSocket-Key: " key "\r\n" more "\r\n"
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="

static void test_handshakes(void **state)
{
    (void)state;
    expect_refusal(SHAKE("/ws", "localhost", "Upgrade", "13", KEY, ""), 101);
    expect_refusal(SHAKE("/ws?a=b", "127.0.0.1", "keep-alive, upgrade", "13", KEY, ""), 101);
    expect_refusal(SHAKE("/ws", "localhost", "Upgrade", "13", KEY,
                         "Sec-WebSocket-Protocol: chat, superchat\r\n"),
                   101);
    expect_refusal(SHAKE("/ws", "localhost", "Upgrade", "13", KEY,
                         "Sec-WebSocket-Extensions: permessage-deflate\r\n"),
                   101);
    expect_refusal(SHAKE("/other", "localhost", "Upgrade", "13", KEY, ""), 404);
    expect_refusal(SHAKE("/ws", "localhost", "Upgrade", "12", KEY, ""), 426);
    expect_refusal(SHAKE("/ws", "localhost", "keep-alive", "13", KEY, ""), 400);
    expect_refusal(SHAKE("/ws", "localhost", "Upgrade", "13", "short", ""), 400);
    expect_refusal(SHAKE("/ws", "localhost", "Upgrade", "13", "%%%%%%%%%%%%%%%%%%%%%%==", ""), 400);
    expect_refusal(SHAKE("/ws", "evil.example", "Upgrade", "13", KEY, ""), 403);
    expect_refusal(
        SHAKE("/ws", "localhost", "Upgrade", "13", KEY, "Origin: http://evil.example\r\n"), 403);
    expect_refusal(SHAKE("/ws", "localhost", "Upgrade", "13", KEY, "Origin: null\r\n"), 403);
    expect_refusal(SHAKE("/ws", "localhost", "Upgrade", "13", KEY, "") "\x81\x80zzzz", 400);
    expect_refusal("GET /ws HTTP/1.1\r\n" HEADERS "\r\n", 400);
    expect_idle(&victim);
    expect_nobody(&victim, 5000);
}

static void test_too_many(void **state)
{
    (void)state;
    struct jmt_ws clients[60], refused;
    for (int i = 0; i < 60; i++)
        open_ws(&clients[i]);
    assert_int_equal(jmt_ws_open(&refused, victim.host.port, NULL), -1);
    assert_int_equal(refused.handshake.status, 503);
    assert_non_null(jmt_response_header(&refused.handshake, "Retry-After"));
    jmt_ws_fini(&refused);
    expect_refusal("GET /events HTTP/1.1\r\n" HEADERS "\r\n", 503);
    for (int i = 0; i < 60; i++)
        jmt_ws_fini(&clients[i]);
    expect_nobody(&victim, 5000);
    open_ws(&refused);
    jmt_ws_fini(&refused);
}

static void test_noise(void **state)
{
    (void)state;
    srandom(2);
    for (int i = 0; i < 600; i++) {
        struct jmt_ws ws;
        char noise[300];
        open_ws(&ws);
        for (size_t k = 0; k < sizeof noise; k++)
            noise[k] = (char)random();
        noise[0] = (char)(0x80 | (random() % 16));
        noise[1] = (char)(0x80 | (random() % 128));
        must(jmt_ws_send_raw(&ws, noise, (size_t)random() % sizeof noise));
        jmt_ws_fini(&ws);
    }
    expect_alive(&victim);
    expect_idle(&victim);
    expect_nobody(&victim, 8000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_too_large),        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_invalid_utf8),     cmocka_unit_test(test_broken_frames),
        cmocka_unit_test(test_pings_under_load), cmocka_unit_test(test_handshakes),
        cmocka_unit_test(test_too_many),         cmocka_unit_test(test_noise),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
