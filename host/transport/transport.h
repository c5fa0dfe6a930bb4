/* The transport: libwebsockets on the host's loop. Bytes, requests and clients cross this line and
 * nothing else, so that another library could take its place.
 *
 *   transport.c  start and stop: the library's context, the tick
 *   listen.c     sockets that accept
 *   conn.c       what every connection has, and the lists that watch over it
 *   serve.c      the library's callbacks, each to its file
 *   guards.c     what Debian's libwebsockets 4.1.6 needs to be safe; each guard has its test
 *   ws.c         WebSocket connections: messages in, runs of frames out
 *   upgrade.c    which requests become one
 *   http.c       requests in
 *   header.c     what a request says: path, query, headers
 *   answer.c     answers out
 *   out.c        bytes and files to an HTTP connection, as far as it takes them
 *   sse.c        GET /events: a client over server-sent events */
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

/* Listen. On success the port is known. JM_EBUSY with address and port where one is taken. */
struct jmh_transport *jmh_transport_open(struct jmh_host *host,
                                         const struct jmh_transport_options *options,
                                         struct jmh_err *err);
int jmh_transport_port(const struct jmh_transport *transport);
/* Accept nothing more; what is open stays. */
void jmh_transport_stop_listening(struct jmh_transport *transport);
/* Whether a connection is still open, to wait for before the end. */
size_t jmh_transport_connections(const struct jmh_transport *transport);
/* End everything; runs the loop until libwebsockets has let go. */
void jmh_transport_close(struct jmh_transport *transport);

#endif
