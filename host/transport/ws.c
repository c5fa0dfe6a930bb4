/* WebSocket connections: messages in, runs of frames out. [loop]
 *
 * Frames come whole from the client layer and leave raw: the library neither frames nor copies them.
 * A message may come in pieces, which are put together only then. */
#include "host/transport/ws.h"

#include "host/client/client.h"
#include "host/host.h"
#include "host/transport/guards.h"
#include "host/util/span.h"
#include "host/util/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLOSE_REASON_MAX 123
#define CLOSE_INVALID_DATA 1007
#define CLOSE_PROTOCOL 1002
#define COMPRESSED 0x40 /* RSV1 */

/* It stays in its list: the library may set its own timeouts and so miss the first attempt. */
static void kill_now(struct jmh_ws *ws)
{
    ws->conn.ending = true;
    jmh_conn_move(&ws->conn, JMH_CONN_ENDING, JMH_LINGER_S);
    jmh_guard_kill(ws->wsi);
}

/* A peer that takes nothing cannot have read the ping: that is the stall timeout's, which says so. */
static void late(struct jmh_conn *conn)
{
    if (conn->stalled && !conn->ending) {
        jmh_conn_move(conn, JMH_CONN_QUIET, 0);
    } else {
        kill_now((struct jmh_ws *)conn);
    }
}

/* With a payload: the library does not tell of an empty pong. */
static void ping(struct jmh_conn *conn)
{
    static const uint8_t frame[] = {0x89, 0x01, '.'};
    struct jmh_ws *ws = (struct jmh_ws *)conn;
    if (!jmh_guard_may_write(ws->wsi)) {
        return; /* who takes nothing is the stall timeout's */
    }
    if (jmh_guard_write(ws->wsi, frame, sizeof frame)) {
        jmh_conn_move(conn, JMH_CONN_PINGED,
                      (uint32_t)conn->transport->host->config.limits.ping_timeout_s);
    } else {
        kill_now(ws);
    }
}

static const struct jmh_conn_kind kind = {.ping = ping, .late = late};

struct jmh_ws *jmh_ws_new(struct jmh_transport *transport)
{
    struct jmh_ws *ws = calloc(1, sizeof *ws);
    if (ws != NULL) {
        jmh_conn_init(&ws->conn, &kind, transport);
    }
    return ws;
}

static void drop_message(struct jmh_ws *ws)
{
    if (ws->message != NULL) {
        jmh_buf_fini(ws->message);
        free(ws->message);
        ws->message = NULL;
    }
}

void jmh_ws_free(struct jmh_ws *ws)
{
    jmh_conn_fini(&ws->conn);
    drop_message(ws);
    free(ws);
}

static struct jmh_buf *message_of(struct jmh_ws *ws)
{
    if (ws->message == NULL) {
        ws->message = calloc(1, sizeof *ws->message);
    }
    return ws->message;
}

static void flush(struct jmh_client *client)
{
    struct jmh_ws *ws = client->port_data;
    struct jmh_run run = {.more = true};
    while (run.more && !ws->conn.ending && !ws->conn.stalled && jmh_guard_may_write(ws->wsi)) {
        if (jmh_client_next(client, JMH_RUN_BYTES, &run) != JM_OK || run.len == 0) {
            return;
        }
        if (!jmh_guard_write(ws->wsi, run.bytes, run.len)) {
            kill_now(ws);
        } else if (!jmh_guard_may_write(ws->wsi)) {
            jmh_guard_pause(ws->wsi);
            jmh_conn_stalled(&ws->conn, true);
        }
    }
}

/* The close frame waits where the peer takes nothing, and does not wait for long. */
static void end(struct jmh_client *client, uint16_t code, const char *reason)
{
    struct jmh_ws *ws = client->port_data;
    if (ws->conn.ending) {
        return;
    }
    size_t len = strlen(reason);
    len = len > CLOSE_REASON_MAX ? CLOSE_REASON_MAX : len;
    uint8_t frame[4 + CLOSE_REASON_MAX] = {0x88, (uint8_t)(2 + len), (uint8_t)(code >> 8),
                                           (uint8_t)code};
    memcpy(frame + 4, reason, len);
    ws->conn.ending = true;
    drop_message(ws);
    jmh_conn_move(&ws->conn, JMH_CONN_ENDING, JMH_LINGER_S);
    if (!jmh_guard_may_write(ws->wsi)) {
        if (message_of(ws) != NULL) {
            jmh_buf_add(ws->message, frame, 4 + len);
        }
    } else if (!jmh_guard_write(ws->wsi, frame, 4 + len)) {
        kill_now(ws);
    }
}

static const struct jmh_port port = {.name = "ws", .form = JMH_FORM_WS, .flush = flush, .end = end};
static const struct jmh_port compressing_port = {
    .name = "ws", .form = JMH_FORM_WS_DEFLATE, .flush = flush, .end = end};

int jmh_ws_opened(struct jmh_ws *ws)
{
    struct jmh_transport *transport = ws->conn.transport;
    if (jmh_client_open(transport->host->clients, ws->compresses ? &compressing_port : &port, ws,
                        transport->opening_identity, &ws->conn.client) != JM_OK) {
        return -1;
    }
    jmh_conn_move(&ws->conn, JMH_CONN_QUIET, 0);
    jmh_loop_mark(transport->host->loop, 0);
    return 0;
}

static int deliver(struct jmh_ws *ws, jm_span message)
{
    if (!jmh_utf8_is_valid(message)) {
        jmh_client_end(ws->conn.client, CLOSE_INVALID_DATA, "A message is not UTF-8");
        return 0;
    }
    jmh_client_receive(ws->conn.client, message);
    jmh_loop_mark(ws->conn.transport->host->loop, message.len);
    return 0;
}

static size_t limit_of(const struct jmh_ws *ws)
{
    return (size_t)ws->conn.transport->host->config.limits.message_bytes;
}

static void tell_too_large(struct jmh_ws *ws)
{
    char sentence[80];
    (void)snprintf(sentence, sizeof sentence, "A message may have at most %zu bytes", limit_of(ws));
    jmh_client_error(ws->conn.client, sentence);
}

/* A message that is too large is passed over to its end. */
static int skip(struct jmh_ws *ws, bool is_end)
{
    drop_message(ws);
    ws->skipping = !is_end;
    if (is_end) {
        tell_too_large(ws);
    }
    return 0;
}

/* A whole message as it came. */
static int take_message(struct jmh_ws *ws, jm_span message)
{
    struct jmh_transport *transport = ws->conn.transport;
    struct jmh_buf plain = {0};
    if (!ws->is_compressed) {
        return deliver(ws, message);
    }
    if (transport->inflate == NULL && (transport->inflate = jmh_inflate_new()) == NULL) {
        return -1;
    }
    switch (jmh_inflate_message(transport->inflate, message, limit_of(ws), &plain)) {
    case JMH_INFLATED:
        (void)deliver(ws, jmh_buf_span(&plain));
        break;
    case JMH_INFLATED_TOO_LARGE:
        tell_too_large(ws);
        break;
    case JMH_INFLATED_WRONG:
        jmh_client_end(ws->conn.client, CLOSE_INVALID_DATA, "A message cannot be inflated");
        break;
    }
    jmh_buf_fini(&plain);
    return 0;
}

/* Whether a message is compressed its first frame says, and no other may say anything. */
static bool read_first_bits(struct jmh_ws *ws)
{
    bool is_marked = (lws_get_reserved_bits(ws->wsi) & COMPRESSED) != 0;
    bool is_first = lws_is_first_fragment(ws->wsi) != 0;
    bool is_right = !is_marked || is_first || ws->in_frame;
    if (is_first) {
        ws->is_compressed = is_marked;
    }
    ws->in_frame = lws_remaining_packet_payload(ws->wsi) > 0;
    return is_right;
}

int jmh_ws_received(struct jmh_ws *ws, jm_span piece)
{
    if (ws->conn.ending || ws->conn.client == NULL) {
        return 0;
    }
    jmh_ws_alive(ws);
    bool is_end = lws_is_final_fragment(ws->wsi) != 0;
    size_t before = ws->message != NULL ? ws->message->len : 0;
    if (!read_first_bits(ws)) {
        jmh_client_end(ws->conn.client, CLOSE_PROTOCOL, "A continuation cannot be compressed");
        return 0;
    }
    if (ws->skipping || before + piece.len > limit_of(ws)) {
        return skip(ws, is_end);
    }
    if (is_end && before == 0) {
        drop_message(ws);
        return take_message(ws, piece);
    }
    if (message_of(ws) == NULL) {
        return -1;
    }
    jmh_buf_add_span(ws->message, piece);
    if (ws->message->failed) {
        return -1;
    }
    if (is_end) {
        struct jmh_buf message = *ws->message;
        *ws->message = (struct jmh_buf){0};
        drop_message(ws);
        int result = take_message(ws, jmh_buf_span(&message));
        jmh_buf_fini(&message);
        return result;
    }
    return 0;
}

int jmh_ws_writable(struct jmh_ws *ws)
{
    if (ws->conn.client == NULL || !jmh_guard_may_write(ws->wsi)) {
        return 0;
    }
    if (ws->conn.stalled) {
        jmh_guard_resume(ws->wsi);
        jmh_conn_stalled(&ws->conn, false);
    }
    if (ws->conn.ending) {
        struct jmh_buf *farewell = ws->message;
        bool written = farewell == NULL ||
                       jmh_guard_write(ws->wsi, (const uint8_t *)farewell->data, farewell->len);
        drop_message(ws);
        return written ? 0 : -1;
    }
    flush(ws->conn.client);
    return 0;
}

/* Where we have closed first, this is the peer's answer: the library would write a second close frame.
 * Else it writes its own, for which it has no timeout. */
int jmh_ws_closing(struct jmh_ws *ws)
{
    if (ws->conn.ending) {
        return -1;
    }
    ws->conn.ending = true;
    jmh_conn_move(&ws->conn, JMH_CONN_ENDING, JMH_LINGER_S);
    return 0;
}

void jmh_ws_gone(struct jmh_ws *ws)
{
    struct jmh_client *client = ws->conn.client;
    ws->conn.ending = true;
    ws->conn.client = NULL;
    if (client != NULL) {
        jmh_client_close(client);
    }
}

void jmh_ws_alive(struct jmh_ws *ws)
{
    if (ws->conn.list == JMH_CONN_PINGED) {
        jmh_conn_move(&ws->conn, JMH_CONN_QUIET, 0);
    }
}
