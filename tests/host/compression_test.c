/* permessage-deflate: who gets it, what is sent so, and what a client may send so. */
#include "check.h"
#include "listen.h"

#include "host/util/deflate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXTENSION "Sec-WebSocket-Extensions"
#define OFFER EXTENSION ": permessage-deflate; client_max_window_bits\r\n"
#define COMPRESSED 4u /* RSV1, as jmt_frame has it */
#define LARGE_BYTES 5000

static struct studio studio;
static struct jmh_deflate *compressor;
static struct jmh_inflate *inflater;

static int open_all(void **state)
{
    (void)state;
    compressor = jmh_deflate_new();
    inflater = jmh_inflate_new();
    studio_open(&studio, json_pack("{s:{s:s}}", "listen", "compression", "always"), NULL);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    studio_close(&studio);
    jmh_deflate_free(compressor);
    jmh_inflate_free(inflater);
    return 0;
}

static void open_compressing(struct jmt_ws *ws)
{
    const struct jmt_ws_options options = {.headers = OFFER};
    must(jmt_ws_open(ws, studio.host.port, &options));
    const char *agreed = jmt_response_header(&ws->handshake, EXTENSION);
    assert_non_null(agreed);
    assert_non_null(strstr(agreed, "permessage-deflate"));
    assert_non_null(strstr(agreed, "server_no_context_takeover"));
    assert_non_null(strstr(agreed, "client_no_context_takeover"));
}

/* The next message, which must have come compressed or not; its bytes on the wire. */
static json_t *receive(struct jmt_ws *ws, bool is_compressed, size_t *bytes_out)
{
    struct jmt_frame frame;
    struct jmh_buf text = {0};
    must(jmt_ws_receive_frame(ws, &frame, LISTEN_MS));
    assert_int_equal(frame.opcode, JMT_OP_TEXT);
    assert_int_equal(frame.rsv, is_compressed ? COMPRESSED : 0);
    jm_span payload = {frame.payload, frame.bytes};
    if (is_compressed)
        assert_int_equal(jmh_inflate_message(inflater, payload, 1 << 20, &text), JMH_INFLATED);
    else
        jmh_buf_add_span(&text, payload);
    json_t *message = json_loadb(text.data, text.len, 0, NULL);
    assert_non_null(message);
    *bytes_out = frame.bytes;
    jmh_buf_fini(&text);
    return message;
}

static void expect_message(struct jmt_ws *ws, const char *type)
{
    size_t bytes;
    json_t *message = receive(ws, false, &bytes);
    expect_text(message, "type", type);
    json_decref(message);
}

/* Send a text compressed, in `pieces` frames. */
static void send_compressed(struct jmt_ws *ws, const char *text, size_t len, size_t pieces)
{
    struct jmh_buf packed = {0};
    assert_true(jmh_deflate_message(compressor, (jm_span){text, len}, &packed));
    size_t step = packed.len / pieces;
    for (size_t i = 0; i < pieces; i++) {
        bool is_last = i + 1 == pieces;
        const struct jmt_frame frame = {.opcode = i == 0 ? JMT_OP_TEXT : JMT_OP_CONTINUATION,
                                        .rsv = i == 0 ? COMPRESSED : 0,
                                        .partial = !is_last,
                                        .payload = packed.data + i * step,
                                        .bytes = is_last ? packed.len - i * step : step};
        must(jmt_ws_send_frame(ws, &frame));
    }
    jmh_buf_fini(&packed);
}

static void send_text(struct jmt_ws *ws, const char *text, size_t pieces)
{
    send_compressed(ws, text, strlen(text), pieces);
}

static void publish(size_t bytes)
{
    char *text = calloc(1, bytes + 1);
    memset(text, 'x', bytes);
    ask_broadcast(&studio, "jobs", "probe", json_pack("{s:s}", "text", text), false);
    free(text);
}

static void subscribe(struct jmt_ws *ws)
{
    expect_message(ws, "connection_established");
    send_text(ws, "{\"type\":\"subscribe\",\"channels\":[\"jobs\"]}", 1);
    expect_message(ws, "subscription_confirmed");
}

/* A large event comes compressed to those who agreed, and to nobody else; a small one never does. */
static void test_events(void **state)
{
    struct jmt_ws first, second, plain;
    size_t bytes;
    (void)state;
    open_compressing(&first);
    open_compressing(&second);
    subscribe(&first);
    subscribe(&second);
    listen_open(&plain, &studio, "jobs");
    assert_null(jmt_response_header(&plain.handshake, EXTENSION));
    publish(LARGE_BYTES);
    publish(10);
    struct jmt_ws *const compressing[] = {&first, &second};
    for (size_t i = 0; i < 2; i++) {
        json_t *event = receive(compressing[i], true, &bytes);
        assert_true(bytes < LARGE_BYTES / 10);
        assert_int_equal(strlen(text_of(event, "text")), LARGE_BYTES);
        json_decref(event);
        expect_message(compressing[i], "probe");
        assert_int_equal(jmt_ws_close(compressing[i], 1000), 1000);
        jmt_ws_fini(compressing[i]);
    }
    json_t *event = listen_event(&plain, "probe", "jobs");
    assert_int_equal(strlen(text_of(event, "text")), LARGE_BYTES);
    json_decref(event);
    jmt_ws_fini(&plain);
}

/* Whole, in pieces, and not compressed at all: a client may choose with each message. */
static void test_messages(void **state)
{
    static const char padded[] = "{\"type\":\"register\",\"client_type\":\"gui\",\"client_name\":"
                                 "\"0123456789abcdefghijklm\"}";
    struct jmt_ws ws;
    (void)state;
    open_compressing(&ws);
    subscribe(&ws);
    for (size_t pieces = 1; pieces < 9; pieces++) {
        send_text(&ws, padded, pieces);
        expect_message(&ws, "registration_confirmed");
    }
    must(jmt_ws_send_text(&ws, "{\"type\":\"ping\"}"));
    expect_message(&ws, "pong");
    send_text(&ws, "", 1);
    expect_message(&ws, "error");
    assert_int_equal(jmt_ws_close(&ws, 1000), 1000);
    jmt_ws_fini(&ws);
}

/* What becomes too large is answered like any message that is, however small it came. */
static void test_bomb(void **state)
{
    size_t len = 10u << 20;
    char *text = calloc(1, len);
    struct jmt_ws ws;
    (void)state;
    open_compressing(&ws);
    subscribe(&ws);
    memset(text, ' ', len);
    send_compressed(&ws, text, len, 3);
    expect_message(&ws, "error");
    send_text(&ws, "{\"type\":\"ping\"}", 1);
    expect_message(&ws, "pong");
    jmt_ws_fini(&ws);
    free(text);
}

static void expect_close(const struct jmt_frame *frames, size_t count, int code)
{
    struct jmt_ws ws;
    open_compressing(&ws);
    subscribe(&ws);
    for (size_t i = 0; i < count; i++)
        must(jmt_ws_send_frame(&ws, &frames[i]));
    assert_int_equal(jmt_ws_wait_close(&ws, LISTEN_MS), code);
    jmt_ws_fini(&ws);
}

static void test_wrong_frames(void **state)
{
    (void)state;
    expect_close(
        &(struct jmt_frame){
            .opcode = JMT_OP_TEXT, .rsv = COMPRESSED, .payload = "\xff\xff\xff", .bytes = 3},
        1, 1007);
    const struct jmt_frame twice[] = {
        {.opcode = JMT_OP_TEXT, .partial = true, .payload = "{", .bytes = 1},
        {.opcode = JMT_OP_CONTINUATION, .rsv = COMPRESSED, .payload = "}", .bytes = 1}};
    expect_close(twice, 2, 1002);
}

/* Who is on the same machine gets no compression of its own accord, nor who did not agree. */
static void test_not_on_this_machine(void **state)
{
    const struct jmt_ws_options options = {.headers = OFFER};
    struct studio usual;
    struct jmt_ws ws;
    (void)state;
    studio_open(&usual, NULL, NULL);
    must(jmt_ws_open(&ws, usual.host.port, &options));
    assert_null(jmt_response_header(&ws.handshake, EXTENSION));
    must(jmt_ws_send_frame(
        &ws,
        &(struct jmt_frame){.opcode = JMT_OP_TEXT, .rsv = COMPRESSED, .payload = "x", .bytes = 1}));
    assert_int_equal(jmt_ws_wait_close(&ws, LISTEN_MS), 1002);
    jmt_ws_fini(&ws);
    studio_close(&usual);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_bomb),
        cmocka_unit_test(test_wrong_frames),
        cmocka_unit_test(test_not_on_this_machine),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
