/* Inside host/transport: the HTTP side of a connection. [loop] */
#ifndef JMH_TRANSPORT_HTTP_H
#define JMH_TRANSPORT_HTTP_H

#include "host/http/exchange.h"

#include <sys/queue.h>

struct jmh_conn;

enum jmh_http_phase {
    JMH_HTTP_IDLE,    /* the next request may come */
    JMH_HTTP_BODY,    /* the body of a request is coming */
    JMH_HTTP_WORKING, /* its answer is awaited */
    JMH_HTTP_SENDING, /* its answer is not written whole */
    JMH_HTTP_CLOSING, /* ends when all is written and what was announced has come */
    JMH_HTTP_EVENTS,  /* server-sent events */
};

struct jmh_http {
    struct jmh_conn *conn;
    struct jmh_exchange *exchange;
    LIST_ENTRY(jmh_http) in_fresh;
    enum jmh_http_phase phase;
    bool is_fresh;       /* in the list of requests of this round */
    bool is_paused;      /* input is held back until the answer is written */
    bool is_pipelined;   /* bytes behind the last request wait in the library */
    bool is_http10;
    bool must_close;     /* no request may follow this one */
    bool body_to_come;   /* CLOSING: the rest of a body is read and dropped */
    int file;            /* being sent, or -1 */
    uint64_t file_at, file_left;
    struct jmh_buf unsent;   /* what the peer has not taken yet, from unsent_at */
    size_t unsent_at;
    size_t unproven_bytes;   /* written since the peer was last seen to read */
};

/* http.c: the library's callbacks; -1 closes the connection. */
int jmh_http_request(struct jmh_conn *conn);
int jmh_http_body(struct jmh_conn *conn, jm_span piece);
int jmh_http_body_end(struct jmh_conn *conn);
int jmh_http_writable(struct jmh_conn *conn);
void jmh_http_gone(struct jmh_conn *conn);
void jmh_http_free(struct jmh_http *http);
/* The HTTP side of a connection, made when it is first needed; NULL when out of memory. */
struct jmh_http *jmh_http_of(struct jmh_conn *conn);

/* header.c. A header of the present request by lower-case name. */
bool jmh_header_get(struct jmh_conn *conn, const char *name, jm_span *value_out);
/* Method, decoded path and query of the present request into an exchange; false when out of memory. */
bool jmh_header_fill(struct jmh_conn *conn, struct jmh_exchange *exchange);
/* Method (a literal) and path; false where there is none. */
bool jmh_header_target(struct jmh_conn *conn, const char **method_out, jm_span *path_out);

/* answer.c */
extern const struct jmh_exchange_port jmh_answer_port;
/* Refuse the present request with {"error": sentence} and end the connection behind it; `headers` are
 * further headers, "Name: value\r\n" each. The callback's result. */
int jmh_answer_refuse(struct jmh_conn *conn, int status, const char *headers, const char *sentence);
/* The answer is written: on to the next request, or the end. */
void jmh_answer_written(struct jmh_conn *conn);

/* out.c */
enum jmh_out {
    JMH_OUT_DONE,  /* all is written */
    JMH_OUT_WAITS, /* the peer takes no more for now: go on when it is writable */
    JMH_OUT_DEAD,
};
enum jmh_out jmh_out_send(struct jmh_conn *conn, jm_span head, jm_span body);
enum jmh_out jmh_out_send_file(struct jmh_conn *conn, jm_span head, int fd_take, uint64_t offset,
                               uint64_t length);
enum jmh_out jmh_out_go_on(struct jmh_conn *conn);

#endif
