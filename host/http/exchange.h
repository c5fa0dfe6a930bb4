/* One HTTP request and its answer, free of any transport.
 *
 * The transport fills in what came, hands it to jmh_http_dispatch() and writes what `send` brings.
 * An exchange is answered at once or later; its answer leaves after the turn's commit. [loop] */
#ifndef JMH_HTTP_EXCHANGE_H
#define JMH_HTTP_EXCHANGE_H

#include "host/client/client.h"
#include "host/util/buf.h"

#include <junmai/ext/http.h>

struct jmh_host;
struct jmh_route;
struct jmh_lease;
struct jmh_exchange;

/* An answer, ready to be written. */
struct jmh_answer {
    int status;
    const char *content_type; /* NULL for none */
    jm_span headers;          /* further headers, each "Name: value\r\n" */
    jm_span body;             /* borrowed until send() returns */
    int fd;                   /* or -1: the body is fd_length bytes of this file from fd_offset; the
                                 transport closes it */
    uint64_t fd_offset, fd_length;
    bool close; /* the connection ends behind it */
};

struct jmh_exchange_port {
    /* A request header by lower-case name; valid until the handler returns. */
    bool (*header)(struct jmh_exchange *exchange, const char *name, jm_span *value_out);
    /* Write the answer and end the exchange: calls jmh_exchange_free() when it is done with it. Exactly
     * once, always from the end of a turn. */
    void (*send)(struct jmh_exchange *exchange, const struct jmh_answer *answer);
};

#define JMH_PARAMS_MAX 6

struct jmh_exchange {
    jm_id id;
    struct jmh_host *host;
    const struct jmh_exchange_port *port;
    void *port_data;
    struct jmh_identity *identity;  /* a reference */
    char *method;                   /* upper case */
    char *path;                     /* decoded */
    char *query;                    /* as sent */
    struct jmh_buf body;            /* as sent; JSON is checked by the dispatch */
    const struct jmh_route *route;  /* NULL where none matched */
    jm_span params[JMH_PARAMS_MAX]; /* values, in the order of the route's path */
    struct jmh_kept_text *kept;     /* decoded query values that were handed out */
    struct jmh_buf headers;         /* further headers of the answer */
    size_t cors_at;                 /* where those for the browser begin, once it is answered */
    struct jmh_buf answer_body;
    struct jmh_answer answer;
    bool head_only;          /* HEAD: the answer's body is not written */
    bool answered;           /* an answer was given (it may not have left yet) */
    bool gone;               /* the peer has left: the answer is dropped */
    bool busy;               /* its handler is running */
    bool untrue;             /* what it says was not kept: it becomes a 503 */
    bool sending;            /* the answer waits for the end of the turn */
    struct jmh_lease *lease; /* of the plugin that will answer later */
};

/* An exchange for a request that came; the transport fills method, path, query, body. NULL when out
 * of memory. */
struct jmh_exchange *jmh_exchange_new(struct jmh_host *host, const struct jmh_exchange_port *port,
                                      void *port_data, struct jmh_identity *identity);
void jmh_exchange_free(struct jmh_exchange *exchange);
/* The peer has left before the answer: the transport calls this instead of waiting for send(). */
void jmh_exchange_gone(struct jmh_exchange *exchange);
/* Route it and run its handler. */
void jmh_http_dispatch(struct jmh_exchange *exchange);

/* Answers, for the host's own routes and for ext/http.c. They return JM_EGONE where an answer was
 * given before. */
jm_status jmh_exchange_json(struct jmh_exchange *exchange, int status, jm_span json);
jm_status jmh_exchange_error(struct jmh_exchange *exchange, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
jm_status jmh_exchange_bytes(struct jmh_exchange *exchange, int status, const char *content_type,
                             jm_span body);
jm_status jmh_exchange_file(struct jmh_exchange *exchange, int fd_take, const char *content_type,
                            jm_span etag);
/* false where the name or the value is no legal header. */
bool jmh_exchange_header(struct jmh_exchange *exchange, const char *name, jm_span value);
bool jmh_exchange_param(struct jmh_exchange *exchange, const char *name, jm_span *value_out);
bool jmh_exchange_query(struct jmh_exchange *exchange, const char *name, jm_span *value_out);
/* A copy that lives as long as the exchange; NULL when out of memory. */
const char *jmh_exchange_keep(struct jmh_exchange *exchange, jm_span text);
/* By id, NULL where it has ended. */
struct jmh_exchange *jmh_exchange_get(struct jmh_host *host, jm_id id);

#endif
