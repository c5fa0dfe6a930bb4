/* Inside host/transport: a connection over HTTP/1.1, on a socket of its own. [loop] */
#ifndef JMH_TRANSPORT_HTTP_H
#define JMH_TRANSPORT_HTTP_H

#include "host/http/exchange.h"
#include "host/transport/chunks.h"
#include "host/transport/conn.h"
#include "host/transport/head.h"

enum jmh_http_phase {
    JMH_HTTP_IDLE,    /* the next request may come, or is coming */
    JMH_HTTP_BODY,    /* its body is coming */
    JMH_HTTP_WORKING, /* its answer is awaited */
    JMH_HTTP_SENDING, /* its answer is not written whole */
    JMH_HTTP_EVENTS,  /* server-sent events */
    JMH_HTTP_CLOSING, /* what comes is dropped; ends when the peer has seen all */
    JMH_HTTP_DEAD,    /* freed with the next round of the loop */
};

struct jmh_http {
    struct jmh_conn conn; /* first */
    int fd;
    uint32_t watched; /* JM_FD_* */
    enum jmh_http_phase phase;
    struct jmh_watch *watch;
    struct jmh_identity *identity;
    struct jmh_exchange *exchange;
    struct jmh_head *head; /* of the present request */
    struct jmh_buf in;     /* its bytes, and what came behind it */
    size_t looked_at;      /* by the parser */
    bool is_chunked;
    bool must_close; /* no request may follow the present one */
    bool at_end;     /* the peer sends no more */
    bool is_processing;
    uint64_t body_left;
    struct jmh_chunks chunks;
    struct jmh_buf unsent; /* what the peer has not taken yet, from unsent_at */
    size_t unsent_at;
    int file; /* being sent behind it, or -1 */
    uint64_t file_at, file_left;
    TAILQ_ENTRY(jmh_http) in_dead;
};

/* http.c. A connection was accepted; takes `fd` in every case. */
void jmh_http_begin(struct jmh_transport *transport, int fd_take, struct jmh_identity *identity);
/* The peer has left, or must: no ceremony. The struct stays until the next round of the loop. */
void jmh_http_end(struct jmh_http *http);
bool jmh_http_is(const struct jmh_conn *conn);
/* Free those that have ended. */
void jmh_http_sweep(struct jmh_transport *transport);
/* Say goodbye: all that is written will be read, then it ends. */
void jmh_http_close(struct jmh_http *http);
/* The present request is answered: on to the next. */
void jmh_http_next(struct jmh_http *http);
void jmh_http_watch(struct jmh_http *http);
/* A header of the present request. */
bool jmh_http_header(const struct jmh_http *http, const char *name, jm_span *value_out);
/* What a page may, and whether there is room for a client: for what the transport decides itself. A
 * stream of events is judged like a WebSocket. */
bool jmh_http_admits_client(const struct jmh_http *http, struct jmh_head_fault *fault_out);

/* answer.c */
extern const struct jmh_exchange_port jmh_answer_port;
/* Refuse the present request with {"error": sentence} and end the connection behind it; `headers` are
 * further headers, "Name: value\r\n" each. */
void jmh_answer_refuse(struct jmh_http *http, const struct jmh_head_fault *fault,
                       const char *headers);

/* out.c: bytes and files to the peer. */
enum jmh_out {
    JMH_OUT_DONE,  /* all is written */
    JMH_OUT_WAITS, /* the peer takes no more; jmh_out_go_on() when it is writable */
    JMH_OUT_DEAD,
};
enum jmh_out jmh_out_send(struct jmh_http *http, jm_span head, jm_span body);
enum jmh_out jmh_out_send_file(struct jmh_http *http, jm_span head, int fd_take, uint64_t offset,
                               uint64_t length);
enum jmh_out jmh_out_go_on(struct jmh_http *http);
bool jmh_out_has_more(const struct jmh_http *http);
/* More of the answer has left, or all of it (answer.c). */
void jmh_answer_progress(struct jmh_http *http, enum jmh_out out);

/* sse.c: begin server-sent events for a GET of /events; takes the exchange. */
void jmh_sse_begin(struct jmh_http *http, struct jmh_exchange *exchange_take);
void jmh_sse_writable(struct jmh_http *http, enum jmh_out out);
void jmh_sse_ping(struct jmh_http *http);

#endif
