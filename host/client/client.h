/* Clients: whoever listens, over whichever transport.
 *
 * A client is a cursor with a name. It owns no queue of events, only the few replies to its own
 * messages that have not left yet. A transport gives it a port: how to wake it and how to end it.
 * [loop] */
#ifndef JMH_CLIENT_CLIENT_H
#define JMH_CLIENT_CLIENT_H

#include "host/log/cursor.h"
#include "host/util/idmap.h"

struct jmh_host;
struct jmh_client;

/* Who is calling, owned. */
struct jmh_identity {
    uint32_t refs;
    struct jm_caller caller; /* its spans point behind this struct */
};

/* How a transport serves its clients. */
struct jmh_port {
    const char *name; /* "ws", "sse", "poll" */
    enum jmh_form form;
    /* There is something to send: take it with jmh_client_next() and write it, as much as the peer
     * takes without blocking. */
    void (*flush)(struct jmh_client *client);
    /* End it: `code` is a WebSocket close code, `reason` at most 120 bytes. The transport calls
     * jmh_client_close() when the connection is gone. */
    void (*end)(struct jmh_client *client, uint16_t code, const char *reason);
};

/* 128 bytes or so: ten thousand idle clients must stay cheap. */
struct jmh_client {
    jm_id id; /* below 2^53, never reused within an epoch */
    struct jmh_cursor cursor;
    uint64_t acked; /* of a poller: it has what was handed out up to here */
    TAILQ_ENTRY(jmh_client) in_set;
    struct jmh_clients *clients;
    const struct jmh_port *port;
    void *port_data;
    struct jmh_profile *profile; /* what it registered as; NULL: unknown, unnamed */
    struct jmh_identity *identity;
    struct jmh_buf *replies; /* in the port's form; NULL while there is none */
    int64_t connected_utc_ms;
    int64_t last_ping_utc_ms;
    uint32_t stalled_since_s; /* monotonic second since which nothing could be sent; 0: flowing */
    uint16_t parcels;         /* replies that wait for the end of the turn */
    bool ending;              /* a close has been asked for */
    bool resumed;             /* it has asked for what it missed once */
    bool woken;               /* in the list of clients with replies */
    bool unread;              /* its events could not be read: it is tried again */
    TAILQ_ENTRY(jmh_client) in_woken;
};

/* Type and name, as registered. */
struct jmh_profile {
    char *type;
    char *name;
};
const char *jmh_client_type(const struct jmh_client *client);
const char *jmh_client_name(const struct jmh_client *client);

struct jmh_clients;
struct jmh_clients *jmh_clients_new(struct jmh_host *host);
void jmh_clients_free(struct jmh_clients *clients);

struct jmh_identity *jmh_identity_new(const struct jm_caller *caller);
/* A local program at that address; connections from the same address share it. */
struct jmh_identity *jmh_identity_local(struct jmh_clients *clients, jm_span address);
struct jmh_identity *jmh_identity_ref(struct jmh_identity *identity);
void jmh_identity_unref(struct jmh_identity *identity);

/* A client is there; its first reply is connection_established. JM_ENOMEM: limits.clients reached. */
jm_status jmh_client_open(struct jmh_clients *clients, const struct jmh_port *port, void *port_data,
                          struct jmh_identity *identity, struct jmh_client **client_out);
/* It is gone. Frees it. */
void jmh_client_close(struct jmh_client *client);
/* One message from it (client/protocol.c); its replies are queued. */
void jmh_client_receive(struct jmh_client *client, jm_span message);
/* Queue one JSON message for it, behind the replies and before further events. It leaves with the
 * turn. JM_ENOMEM where its replies exceed limits.client_buffer_bytes: it is being ended (4408). */
jm_status jmh_client_reply(struct jmh_client *client, jm_span json);
/* What is to be sent next: the replies, then events; len 0 when there is nothing. `run_out->bytes`
 * is valid until the next call of any client and counts as sent. */
jm_status jmh_client_next(struct jmh_client *client, size_t max_bytes, struct jmh_run *run_out);
/* Queue one JSON message that is true only once the turn is committed; if it is not, the client gets
 * an error frame instead. */
jm_status jmh_client_send(struct jmh_client *client, jm_span json);
/* For a port of form JSON, in place of jmh_client_next(): hand out at most `max_messages`, replies
 * first, and one more where the loss of others must be told; their number, or a negative status.
 * `ack_out` is the cursor's place behind them. */
int32_t jmh_client_take(struct jmh_client *client, uint32_t max_messages,
                        void (*sink)(void *user, jm_span json), void *user, uint64_t *ack_out);
/* Go on behind `ack`, or behind what was acknowledged before where that is later; JM_EINVAL ahead of
 * the cursor. */
jm_status jmh_client_acknowledge(struct jmh_client *client, uint64_t ack);
/* Queue an error frame: {"type":"error","error":…,"timestamp":…}. */
void jmh_client_error(struct jmh_client *client, const char *sentence);
/* Whether jmh_client_next() would bring anything. */
bool jmh_client_pending(const struct jmh_client *client);
/* Told by the transport: the peer takes nothing more, or takes again. */
void jmh_client_stalled(struct jmh_client *client, bool stalled);
/* Ask for its end. */
void jmh_client_end(struct jmh_client *client, uint16_t code, const char *reason);

struct jmh_client *jmh_clients_get(const struct jmh_clients *clients, jm_id id);
/* Walk over all; see jmh_idmap_next(). */
struct jmh_client *jmh_clients_next(const struct jmh_clients *clients, size_t *cursor);
size_t jmh_clients_count(const struct jmh_clients *clients);
/* The end of a turn: every client of a set that has news, and every client with replies, is
 * flushed. */
void jmh_clients_flush(struct jmh_clients *clients);
/* Once a second: end the clients that have not drained for limits.stall_timeout_s, and try again where
 * events could not be read. */
void jmh_clients_tick(struct jmh_clients *clients);
/* Tell all that the host goes away (1001, "retry_ms=N", N spread). */
void jmh_clients_drain(struct jmh_clients *clients);

#endif
