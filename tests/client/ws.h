/*
 * A WebSocket client for tests. It speaks the protocol properly by itself (answers pings and the
 * server's close, reassembles fragments) and breaks it only where the test says so, through
 * jmt_ws_send_frame() and jmt_ws_send_raw().
 */
#ifndef JMT_WS_H
#define JMT_WS_H

#include "http.h"
#include "ws_frame.h"

/* Close codes that no peer sends: none has come yet; the connection ended without one. */
#define JMT_CLOSE_NONE 0
#define JMT_CLOSE_ABNORMAL 1006

struct jmt_ws {
    struct jmt_stream stream;
    struct jmt_response handshake; /* the server's answer; its status also when it refused */
    struct jmt_buffer message;     /* of a message, what its fragments have brought so far */
    bool in_message;               /* a fragment has come and its last one has not */
    bool close_sent;
    json_t *held;   /* messages received while another was waited for */
    int close_code; /* from the server: its code, or one of the two above */
    char close_reason[124];
};

struct jmt_ws_options {
    const char *path;        /* NULL: /ws */
    const char *host;        /* NULL: 127.0.0.1:PORT */
    const char *origin;      /* NULL: no such header */
    const char *subprotocol; /* NULL: no such header */
    const char *headers;     /* further lines, each ending in CR LF; NULL: none */
};

/*
 * Connects and shakes hands; `options` may be NULL. A refusal is -1, with handshake.status set.
 * jmt_ws_fini() is due in either case.
 */
int jmt_ws_open(struct jmt_ws *ws_out, int port, const struct jmt_ws_options *options);
void jmt_ws_fini(struct jmt_ws *ws);

int jmt_ws_send_text(struct jmt_ws *ws, const char *text);
int jmt_ws_send_json(struct jmt_ws *ws, json_t *message_take);
int jmt_ws_send_frame(struct jmt_ws *ws, const struct jmt_frame *frame);
int jmt_ws_send_raw(struct jmt_ws *ws, const void *bytes, size_t count);

/* The next frame of any kind, with nothing answered. */
int jmt_ws_receive_frame(struct jmt_ws *ws, struct jmt_frame *frame_out, int timeout_ms);

/* The next message as JSON. A close of the server is a failure; it sets close_code. */
int jmt_ws_receive_json(struct jmt_ws *ws, json_t **message_out, int timeout_ms);

/*
 * The next message of a type. Those before it are appended to the array `skipped`, in order; when
 * that is NULL they are held, and the next receiving call sees them first.
 */
int jmt_ws_wait(struct jmt_ws *ws, const char *type, json_t **message_out, json_t *skipped,
                int timeout_ms);

/* Subscribes to channels ("jobs,photos") and waits for the confirmation, which may be NULL. */
int jmt_ws_subscribe(struct jmt_ws *ws, const char *channels, json_t **confirmation_out);

/* The same with a whole subscribe message of the test's own (since, types, cursor). */
int jmt_ws_subscribe_with(struct jmt_ws *ws, json_t *message_take, json_t **confirmation_out);

/* Waits until the server closes, passing over all else: its code, or -1 when it stays open. */
int jmt_ws_wait_close(struct jmt_ws *ws, int timeout_ms);

/* Closes properly and waits for the server's answer: its code, or -1. */
int jmt_ws_close(struct jmt_ws *ws, unsigned code);

#endif
