/* The transport: connections in, on the host's loop. Bytes, requests and clients cross this line and
 * nothing else, so that another library could take its place.
 *
 *   transport.c  start and stop
 *   listen.c     sockets that accept
 *   conn.c       what every connection has, and the lists that watch over it
 *   http.c       HTTP/1.1: requests in; head.c and chunks.c read them, answer.c and out.c write
 *   sse.c        GET /events: a client over server-sent events
 *   offer.c      which extensions of a WebSocket a client offers
 *   upgrade.c    a request becomes a WebSocket connection, which libwebsockets holds from then on
 *   ws.c         messages in, runs of frames out
 *   library.c    libwebsockets and its callback
 *   guards.c     what Debian's libwebsockets 4.1.6 needs to be safe */
#ifndef JMH_TRANSPORT_TRANSPORT_H
#define JMH_TRANSPORT_TRANSPORT_H

#include "host/util/err.h"

#include <stdbool.h>

struct jmh_host;
struct jmh_transport;

struct jmh_transport_options {
    const char *const *binds; /* numeric addresses, NULL-terminated; default 127.0.0.1 and ::1 */
    bool binds_required;      /* an address that cannot be bound is an error (given by the user);
                                 otherwise ::1 may be missing */
    int port;                 /* 0: one free number for all addresses */
};

/* Take the port, so that nobody else can; who connects waits until jmh_transport_start(). On success
 * the port is known. JM_EBUSY with address and port where one is taken. */
struct jmh_transport *jmh_transport_open(struct jmh_host *host,
                                         const struct jmh_transport_options *options,
                                         struct jmh_err *err);
/* Accept: everything that answers is there now. */
jm_status jmh_transport_start(struct jmh_transport *transport, struct jmh_err *err);
int jmh_transport_port(const struct jmh_transport *transport);
/* Accept nothing more; what is open stays. */
void jmh_transport_stop_listening(struct jmh_transport *transport);
/* Whether a connection is still open, to wait for before the end. */
size_t jmh_transport_connections(const struct jmh_transport *transport);
/* End everything; runs the loop until libwebsockets has let go. */
void jmh_transport_close(struct jmh_transport *transport);

#endif
