/* Inside host/transport: what every connection has, over HTTP (http.h) or WebSocket (ws.h), and the
 * lists that watch over it. [loop] */
#ifndef JMH_TRANSPORT_CONN_H
#define JMH_TRANSPORT_CONN_H

#include "host/http/browser.h"
#include "host/loop/loop.h"
#include "host/transport/transport.h"
#include "host/util/buf.h"
#include "host/util/deflate.h"

#include <sys/queue.h>

struct jmh_client;
struct jmh_identity;
struct lws_context;
struct lws_vhost;

#define JMH_SUBPROTOCOL "junmai"
#define JMH_RUN_BYTES 65536u /* most of what one write takes */
#define JMH_LINGER_S 3u      /* how long a connection that ends may take for it */
#define JMH_KEEP_ALIVE_S 75u /* how long an HTTP connection may wait for its next request */

/* Each connection is in one list. Those marked "in order" are sorted by deadline, because all in them
 * have the same time. */
enum jmh_conn_list_id {
    JMH_CONN_WAITING, /* HTTP: for its next request; in order */
    JMH_CONN_WORKING, /* HTTP: for an answer of ours; no deadline */
    JMH_CONN_TIMED,   /* HTTP: a request is coming, or a large answer leaving; any deadline */
    JMH_CONN_QUIET,   /* a client; pinged in turn */
    JMH_CONN_PINGED,  /* a client that owes a sign of life; in order */
    JMH_CONN_ENDING,  /* in order */
    JMH_CONN_LISTS
};

struct jmh_conn;

/* How the two kinds do what the lists ask for. */
struct jmh_conn_kind {
    void (*ping)(struct jmh_conn *conn);
    void (*late)(struct jmh_conn *conn); /* its deadline is over */
};

/* Embedded first. Ten thousand idle clients are ten thousand of these: nothing more in here. */
struct jmh_conn {
    const struct jmh_conn_kind *kind;
    struct jmh_transport *transport;
    TAILQ_ENTRY(jmh_conn) in_list;
    struct jmh_client *client; /* over WebSocket or server-sent events */
    uint32_t deadline_s;       /* monotonic */
    uint8_t list;              /* enum jmh_conn_list_id */
    bool ending;               /* nothing more is sent */
    bool stalled;              /* the peer takes nothing more */
};

TAILQ_HEAD(jmh_conn_list, jmh_conn);

struct jmh_http;

TAILQ_HEAD(jmh_http_list, jmh_http);

struct jmh_listener {
    struct jmh_transport *transport;
    int fd;
    struct jmh_watch *watch;
};

#define JMH_LISTENERS_MAX 16

struct jmh_transport {
    struct jmh_host *host;
    struct lws_context *context;
    struct lws_vhost *vhost;
    struct jmh_inflate *inflate; /* for messages of all connections; NULL before the first */
    struct jmh_listener listeners[JMH_LISTENERS_MAX];
    size_t listener_count;
    struct jmh_timer *rest; /* accepting pauses: out of descriptors */
    struct jmh_timer *tick;
    int port;
    bool draining;
    uint32_t now_s; /* monotonic, of the last tick */
    size_t connections, connections_max;
    struct jmh_conn_list lists[JMH_CONN_LISTS];
    size_t client_count; /* in QUIET and PINGED */
    size_t ping_credit;  /* of clients, in seconds of the interval */
    struct jmh_http_list dead;
    struct jmh_buf head;    /* of the answer that is being written */
    struct jmh_ws *opening; /* given to the library, which has not taken it yet */
    struct jmh_identity *opening_identity;
};

void jmh_conn_init(struct jmh_conn *conn, const struct jmh_conn_kind *kind,
                   struct jmh_transport *transport);
/* Closes its client, if any. */
void jmh_conn_fini(struct jmh_conn *conn);
/* Into a list; its deadline is `after_s` from now. */
void jmh_conn_move(struct jmh_conn *conn, enum jmh_conn_list_id list, uint32_t after_s);
/* The client's connection takes nothing more, or takes again. */
void jmh_conn_stalled(struct jmh_conn *conn, bool stalled);
/* Once a second: deadlines and pings. */
void jmh_conn_tick(struct jmh_transport *transport);

/* listen.c: take the port, which is known then; who connects waits until accepting has started. */
jm_status jmh_listen_open(struct jmh_transport *transport,
                          const struct jmh_transport_options *options, struct jmh_err *err);
jm_status jmh_listen_start(struct jmh_transport *transport, struct jmh_err *err);
void jmh_listen_close(struct jmh_transport *transport);

#endif
