/*
 * Listening to a host over WebSocket. Each of these fails the test when what comes is not what must
 * come.
 */
#ifndef HOST_TESTS_LISTEN_H
#define HOST_TESTS_LISTEN_H

#include "ask.h"

#include "client/ws.h"

#define LISTEN_MS 10000

/* Connects, takes the welcome, and subscribes to the channels ("jobs,photos"; NULL: none). */
void listen_open(struct jmt_ws *ws_out, const struct studio *studio, const char *channels);

/* Connects and returns the welcome. */
json_t *listen_welcome(struct jmt_ws *ws_out, const struct studio *studio);

/* Sends a text, and returns the message that comes next. */
json_t *listen_answer(struct jmt_ws *ws, const char *text);

/* Sends a text that must be answered by an error frame with a text that contains `words`. */
void listen_refused(struct jmt_ws *ws, const char *text, const char *words);

/* The next message must be an event of that type on that channel (NULL: for everyone). */
json_t *listen_event(struct jmt_ws *ws, const char *type, const char *channel);

/* The next message of a type; those before it are kept for later calls. */
json_t *listen_for(struct jmt_ws *ws, const char *type);

/*
 * Nothing has come since the last call. What was published before now would be here before the
 * answer to a ping.
 */
void listen_quiet(struct jmt_ws *ws);

/* The envelope of an event: type, timestamp, channel, seq, in this order. */
void expect_envelope(const json_t *event, const char *type, const char *channel);

/* Where an event or a confirmation stands. */
json_int_t seq_of(const json_t *message);

#endif
