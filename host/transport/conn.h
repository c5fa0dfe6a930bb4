/* Inside host/transport: a connection, and what the files ask of each other. [loop] */
#ifndef JMH_TRANSPORT_CONN_H
#define JMH_TRANSPORT_CONN_H

#include "host/http/browser.h"
#include "host/loop/loop.h"
#include "host/transport/http.h"
#include "host/transport/transport.h"

#include <libwebsockets.h>
#include <sys/queue.h>

struct jmh_client;
struct jmh_identity;

#define JMH_PROTOCOL "junmai"    /* the only subprotocol that may be asked for */
#define JMH_RUN_BYTES 65536u     /* most of what one write takes */
#define JMH_HEADERS_BYTES 16384u /* of a request, altogether */
#define JMH_LINGER_S 3u          /* how long a connection that ends may take for it */

/* Each connection is in one list. */
enum jmh_conn_list_id {
    JMH_CONN_HTTP,   /* waits for a request, or for its answer */
    JMH_CONN_BODY,   /* a body is coming; ended after `deadline_s` */
    JMH_CONN_QUIET,  /* a client; pinged in turn */
    JMH_CONN_PINGED, /* a client that owes a sign of life until `deadline_s`, in that order */
    JMH_CONN_ENDING, /* ended after `deadline_s`, in that order */
    JMH_CONN_DEAD,   /* the library has been told to end it */
    JMH_CONN_LISTS
};

/* The library's user pointer of a connection. A thousand idle clients are a thousand of these: no
 * more in here than it takes. */
struct jmh_conn {
    struct lws *wsi;
    struct jmh_transport *transport;
    TAILQ_ENTRY(jmh_conn) in_list;
    struct jmh_identity *identity;
    struct jmh_client *client;  /* over WebSocket or server-sent events */
    struct jmh_http *http;      /* NULL over WebSocket */
    struct jmh_buf *message;    /* WebSocket: the pieces of a message, or the close frame that waits */
    uint32_t deadline_s;        /* monotonic */
    uint8_t list;               /* enum jmh_conn_list_id */
    bool ending;                /* nothing more is sent or taken */
    bool skipping;              /* the rest of a message that is too large */
    bool stalled;               /* the peer takes nothing for now */
};

TAILQ_HEAD(jmh_conn_list, jmh_conn);

struct jmh_listener {
    int fd;
    struct jmh_watch *watch;
};

#define JMH_LISTENERS_MAX 16

struct jmh_transport {
    struct jmh_host *host;
    struct lws_context *context;
    struct lws_vhost *vhost;
    struct jmh_listener listeners[JMH_LISTENERS_MAX];
    size_t listener_count;
    struct jmh_timer *rest;   /* accepting pauses: out of descriptors */
    struct jmh_timer *tick;
    int port;
    bool draining;
    bool has_new_timeouts;    /* the library has set timeouts that its timer does not know of yet */
    size_t connections, connections_max;
    uint32_t to_ping;         /* share of a client of the next second, in 1/interval */
    struct jmh_conn_list lists[JMH_CONN_LISTS];
    size_t quiet_count;
    LIST_HEAD(, jmh_http) fresh; /* requests that came in this round and are not answered */
    struct jmh_identity *arriving;
    char *scratch;               /* JMH_SCRATCH_BYTES for header values, used as a ring */
    size_t scratch_used;
};

#define JMH_SCRATCH_BYTES (4 * JMH_HEADERS_BYTES)

uint32_t jmh_conn_now_s(void);
/* A connection was accepted; -1 to refuse it. */
int jmh_conn_begin(struct jmh_transport *transport, struct lws *wsi);
/* Its peer has left: client and exchange are told. May be called more than once. */
void jmh_conn_gone(struct jmh_conn *conn);
void jmh_conn_free(struct jmh_conn *conn);
void jmh_conn_move(struct jmh_conn *conn, enum jmh_conn_list_id list, uint32_t deadline_s);
/* End it without ceremony, soon; safe everywhere. */
void jmh_conn_kill(struct jmh_conn *conn);
/* Once a second: deadlines and pings. */
void jmh_conn_tick(struct jmh_transport *transport);

/* Start to accept (listen.c); the port is known then. */
jm_status jmh_listen_open(struct jmh_transport *transport,
                          const struct jmh_transport_options *options, struct jmh_err *err);
void jmh_listen_close(struct jmh_transport *transport);

/* The library's callback (serve.c). */
int jmh_serve(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len);

/* WebSocket (ws.c, upgrade.c). Results are the callback's: -1 closes the connection. */
int jmh_upgrade_judge(struct jmh_conn *conn);
int jmh_ws_opened(struct jmh_conn *conn);
int jmh_ws_received(struct jmh_conn *conn, jm_span piece);
int jmh_ws_writable(struct jmh_conn *conn);
int jmh_ws_peer_closes(struct jmh_conn *conn);
void jmh_ws_alive(struct jmh_conn *conn);
void jmh_ws_ping(struct jmh_conn *conn);

/* Server-sent events (sse.c): begin them for a GET of /events that is not answered yet. */
int jmh_sse_begin(struct jmh_conn *conn, struct jmh_exchange *exchange);
int jmh_sse_writable(struct jmh_conn *conn);
void jmh_sse_ping(struct jmh_conn *conn);

/* Whether a page may do this, and whether there is room: 0, or the status and sentence to refuse
 * with. For what the transport decides itself: WebSocket and server-sent events. */
int jmh_conn_admit(struct jmh_conn *conn, bool is_websocket, const char **sentence_out);
struct jmh_browser_rules jmh_conn_rules(const struct jmh_conn *conn);

#endif
