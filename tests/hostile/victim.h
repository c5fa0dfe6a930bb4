/* The host that is attacked, and what must be true of it afterwards. Every function fails the test when
 * it is not. */
#ifndef HOSTILE_VICTIM_H
#define HOSTILE_VICTIM_H

#include "client/error.h"
#include "client/host.h"
#include "client/ws.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define must(call)                                       \
    do {                                                 \
        if ((call) < 0)                                  \
            fail_msg("%s: %s", #call, jmt_error_text()); \
    } while (0)

struct victim {
    struct jmt_host host;
    long sockets; /* that it had open when nobody was connected */
    char folder[64];
};

/* Starts it with the plugin "burden" and this configuration (JSON text; NULL: the defaults). */
void victim_open(struct victim *victim_out, const char *config);
/* It must be well, and end properly. */
void victim_close(struct victim *victim);

/* It answers a request within a second. */
void expect_alive(const struct victim *victim);
/* It does nothing while nothing is asked. */
void expect_idle(const struct victim *victim);
/* It has let go of every connection, soon. */
void expect_nobody(const struct victim *victim, int timeout_ms);

/* A connection that takes only `receive_bytes` at a time (0: as usual). */
void peer_open(struct jmt_stream *peer_out, const struct victim *victim, int receive_bytes);
void peer_send(struct jmt_stream *peer, const void *bytes, size_t count);
void peer_say(struct jmt_stream *peer, const char *text);
/* The status of the next answer, whose body is JSON or text; 0 where the connection ended instead. */
int peer_hear(struct jmt_stream *peer);
/* The connection ends within that time; what still comes is dropped. */
void peer_expect_end(struct jmt_stream *peer, int timeout_ms);

/* One event on the channel "jobs" with so many bytes of data. */
void publish(const struct victim *victim, size_t bytes);
/* A WebSocket client that listens to "jobs". */
void listen_to_jobs(struct jmt_ws *ws_out, const struct victim *victim);

#define HEADERS "Host: localhost\r\n"
#define POST_EVENT \
    "POST /websocket/broadcast HTTP/1.1\r\n" HEADERS "Content-Length: 29\r\n\r\n" EVENT_BODY
#define EVENT_BODY "{\"type\":\"x\",\"channel\":\"jobs\"}"
#define GET_NOTHING "GET /nothing HTTP/1.1\r\n" HEADERS "\r\n"

#endif
