/* A WebSocket client for tests: see ws.h. */
#include "ws.h"

#include "error.h"
#include "sha1.h"
#include "wait.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static int send_upgrade(struct jmt_ws *ws, int port, const struct jmt_ws_options *options,
                        const char *key)
{
    struct jmt_buffer text = {0};
    jmt_buffer_printf(&text, "GET %s HTTP/1.1\r\n", options->path ? options->path : "/ws");
    if (options->host)
        jmt_buffer_printf(&text, "Host: %s\r\n", options->host);
    else
        jmt_buffer_printf(&text, "Host: 127.0.0.1:%d\r\n", port);
    if (options->origin)
        jmt_buffer_printf(&text, "Origin: %s\r\n", options->origin);
    if (options->subprotocol)
        jmt_buffer_printf(&text, "Sec-WebSocket-Protocol: %s\r\n", options->subprotocol);
    jmt_buffer_printf(&text,
                      "%sUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n\r\n",
                      options->headers ? options->headers : "", key);
    int result = jmt_ws_send_raw(ws, text.bytes, text.used);
    jmt_buffer_fini(&text);
    return result;
}

static int check_upgrade(const struct jmt_response *answer, const char *key)
{
    char expected[JMT_ACCEPT_BYTES];
    if (answer->status != 101)
        return jmt_error_set("the server refused the WebSocket with %d", answer->status);
    jmt_accept_key(key, strlen(key), expected);
    const char *accept = jmt_response_header(answer, "Sec-WebSocket-Accept");
    if (!accept || strcmp(accept, expected) != 0)
        return jmt_error_set("Sec-WebSocket-Accept is %s, not %s", accept ? accept : "missing",
                             expected);
    return 0;
}

int jmt_ws_open(struct jmt_ws *ws_out, int port, const struct jmt_ws_options *options)
{
    static const struct jmt_ws_options none;
    struct jmt_body body;
    uint8_t nonce[16];
    char key[25];
    *ws_out = (struct jmt_ws){.held = json_array()};
    if (getrandom(nonce, sizeof nonce, 0) != (ssize_t)sizeof nonce)
        abort();
    jmt_base64_encode(nonce, sizeof nonce, key);
    if (jmt_stream_open(&ws_out->stream, port, JMT_PATIENCE_MS) < 0)
        return -1;
    if (send_upgrade(ws_out, port, options ? options : &none, key) < 0)
        return -1;
    if (jmt_response_receive_head(&ws_out->handshake, &body, &ws_out->stream,
                                  jmt_deadline_after(JMT_PATIENCE_MS)) < 0)
        return -1;
    return check_upgrade(&ws_out->handshake, key);
}

void jmt_ws_fini(struct jmt_ws *ws)
{
    jmt_stream_close(&ws->stream);
    jmt_response_fini(&ws->handshake);
    jmt_buffer_fini(&ws->message);
    json_decref(ws->held);
    ws->held = NULL;
}

int jmt_ws_send_text(struct jmt_ws *ws, const char *text)
{
    return jmt_ws_send_frame(
        ws, &(struct jmt_frame){.opcode = JMT_OP_TEXT, .payload = text, .bytes = strlen(text)});
}

int jmt_ws_send_json(struct jmt_ws *ws, json_t *message_take)
{
    char *text = json_dumps(message_take, JSON_COMPACT);
    json_decref(message_take);
    if (!text)
        return jmt_error_set("the message to send is no JSON document");
    int result = jmt_ws_send_text(ws, text);
    free(text);
    return result;
}

int jmt_ws_send_frame(struct jmt_ws *ws, const struct jmt_frame *frame)
{
    struct jmt_buffer bytes = {0};
    jmt_frame_write(&bytes, frame);
    int result = jmt_ws_send_raw(ws, bytes.bytes, bytes.used);
    jmt_buffer_fini(&bytes);
    return result;
}

int jmt_ws_send_raw(struct jmt_ws *ws, const void *bytes, size_t count)
{
    return jmt_stream_send(&ws->stream, bytes, count, jmt_deadline_after(JMT_PATIENCE_MS));
}

int jmt_ws_receive_frame(struct jmt_ws *ws, struct jmt_frame *frame_out, int timeout_ms)
{
    return jmt_frame_receive(&ws->stream, frame_out, jmt_deadline_after(timeout_ms));
}

static void keep_close(struct jmt_ws *ws, const struct jmt_frame *frame)
{
    const uint8_t *payload = (const uint8_t *)frame->payload;
    ws->close_code = frame->bytes >= 2 ? payload[0] << 8 | payload[1] : 1005;
    size_t reason_bytes = frame->bytes > 2 ? frame->bytes - 2 : 0;
    if (reason_bytes >= sizeof ws->close_reason)
        reason_bytes = sizeof ws->close_reason - 1;
    if (reason_bytes > 0)
        memcpy(ws->close_reason, frame->payload + 2, reason_bytes);
    ws->close_reason[reason_bytes] = '\0';
}

/* Answers a control frame as the protocol asks; -1 when it was the server's close. */
static int answer_control(struct jmt_ws *ws, const struct jmt_frame *frame)
{
    if (frame->opcode == JMT_OP_PONG)
        return 0;
    if (frame->opcode == JMT_OP_PING) {
        struct jmt_frame pong = *frame;
        pong.opcode = JMT_OP_PONG;
        pong.unmasked = false;
        return jmt_ws_send_frame(ws, &pong);
    }
    keep_close(ws, frame);
    if (ws->close_sent)
        return jmt_error_set("the server answered our close with %d", ws->close_code);
    ws->close_sent = true;
    struct jmt_frame echo = {
        .opcode = JMT_OP_CLOSE, .payload = frame->payload, .bytes = frame->bytes < 2 ? 0 : 2};
    jmt_ws_send_frame(ws, &echo);
    return jmt_error_set("the server closed with %d \"%s\"", ws->close_code, ws->close_reason);
}

static int check_data(const struct jmt_ws *ws, const struct jmt_frame *frame)
{
    bool continues = frame->opcode == JMT_OP_CONTINUATION;
    if (frame->rsv != 0 || frame->opcode > JMT_OP_BINARY)
        return jmt_error_set("the server sent a frame with opcode %u and reserved bits %u",
                             frame->opcode, frame->rsv);
    if (continues != ws->in_message)
        return jmt_error_set(continues ? "the server continued a message that never began"
                                       : "the server began a message within another");
    return 0;
}

/* Receives frames until ws->message holds a whole message. */
static int receive_message(struct jmt_ws *ws, int64_t deadline_ms)
{
    struct jmt_frame frame;
    if (!ws->in_message)
        ws->message.used = 0;
    do {
        if (jmt_frame_receive(&ws->stream, &frame, deadline_ms) < 0)
            return -1;
        if (frame.opcode & 8) {
            if (answer_control(ws, &frame) < 0)
                return -1;
        } else {
            if (check_data(ws, &frame) < 0)
                return -1;
            jmt_buffer_append(&ws->message, frame.payload, frame.bytes);
            ws->in_message = frame.partial;
        }
    } while (frame.opcode & 8 || frame.partial);
    return 0;
}

static int receive_from_server(struct jmt_ws *ws, json_t **message_out, int64_t deadline_ms)
{
    if (receive_message(ws, deadline_ms) < 0)
        return -1;
    json_error_t error;
    *message_out = json_loadb(ws->message.bytes, ws->message.used, JSON_DECODE_ANY, &error);
    int result = 0;
    if (!*message_out)
        result = jmt_error_set("the server sent no JSON (%s): \"%.200s\"", error.text,
                               ws->message.bytes);
    return result;
}

static int receive_by(struct jmt_ws *ws, json_t **message_out, int64_t deadline_ms)
{
    json_t *oldest = json_array_get(ws->held, 0);
    *message_out = NULL;
    if (!oldest)
        return receive_from_server(ws, message_out, deadline_ms);
    *message_out = json_incref(oldest);
    json_array_remove(ws->held, 0);
    return 0;
}

int jmt_ws_receive_json(struct jmt_ws *ws, json_t **message_out, int timeout_ms)
{
    return receive_by(ws, message_out, jmt_deadline_after(timeout_ms));
}

static bool has_type(json_t *message, const char *type)
{
    const char *own = json_string_value(json_object_get(message, "type"));
    return own && strcmp(own, type) == 0;
}

int jmt_ws_wait(struct jmt_ws *ws, const char *type, json_t **message_out, json_t *skipped,
                int timeout_ms)
{
    int64_t deadline_ms = jmt_deadline_after(timeout_ms);
    json_t *passed = skipped ? json_incref(skipped) : json_array();
    int result = receive_by(ws, message_out, deadline_ms);
    while (result == 0 && !has_type(*message_out, type)) {
        json_array_append_new(passed, *message_out);
        result = receive_by(ws, message_out, deadline_ms);
    }
    if (!skipped) {
        json_array_extend(passed, ws->held);
        json_decref(ws->held);
        ws->held = json_incref(passed);
    }
    json_decref(passed);
    if (result < 0) {
        char why[256];
        strncpy(why, jmt_error_text(), sizeof why - 1);
        why[sizeof why - 1] = '\0';
        return jmt_error_set("no message of type %s came: %s", type, why);
    }
    return 0;
}

int jmt_ws_subscribe(struct jmt_ws *ws, const char *channels, json_t **confirmation_out)
{
    json_t *names = json_array();
    while (*channels != '\0') {
        size_t length = strcspn(channels, ",");
        json_array_append_new(names, json_stringn(channels, length));
        channels += length + (channels[length] == ',');
    }
    return jmt_ws_subscribe_with(
        ws, json_pack("{s:s, s:o}", "type", "subscribe", "channels", names), confirmation_out);
}

int jmt_ws_subscribe_with(struct jmt_ws *ws, json_t *message_take, json_t **confirmation_out)
{
    json_t *confirmation = NULL;
    int result = jmt_ws_send_json(ws, message_take);
    if (result == 0)
        result = jmt_ws_wait(ws, "subscription_confirmed", &confirmation, NULL, JMT_PATIENCE_MS);
    if (confirmation_out)
        *confirmation_out = confirmation;
    else
        json_decref(confirmation);
    return result;
}

int jmt_ws_wait_close(struct jmt_ws *ws, int timeout_ms)
{
    int64_t deadline_ms = jmt_deadline_after(timeout_ms);
    while (ws->close_code == JMT_CLOSE_NONE) {
        if (receive_message(ws, deadline_ms) == 0 || ws->close_code != JMT_CLOSE_NONE)
            continue;
        if (jmt_clock_ms() >= deadline_ms)
            return jmt_error_set("the server did not close within %d ms", timeout_ms);
        ws->close_code = JMT_CLOSE_ABNORMAL;
    }
    return ws->close_code;
}

int jmt_ws_close(struct jmt_ws *ws, unsigned code)
{
    char payload[2] = {(char)(code >> 8 & 255), (char)(code & 255)};
    struct jmt_frame frame = {.opcode = JMT_OP_CLOSE, .payload = payload, .bytes = 2};
    ws->close_sent = true;
    if (jmt_ws_send_frame(ws, &frame) < 0)
        return -1;
    return jmt_ws_wait_close(ws, JMT_PATIENCE_MS);
}
