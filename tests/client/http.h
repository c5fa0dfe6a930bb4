/*
 * HTTP/1.1 for tests: requests as a client would send them, raw bytes as an attacker would, and
 * responses taken apart. One `jmt_http` is one connection; it may carry many exchanges.
 */
#ifndef JMT_HTTP_H
#define JMT_HTTP_H

#include "body.h"
#include "stream.h"

#include <jansson.h>
#include <stdbool.h>

struct jmt_http {
    struct jmt_stream stream;
    int port;
    bool head_request; /* the last request was HEAD: its response has no body */
};

struct jmt_request {
    const char *method;       /* NULL: GET */
    const char *path;         /* with its query */
    const char *host;         /* NULL: 127.0.0.1:PORT */
    const char *headers;      /* further lines, each ending in CR LF; NULL: none */
    const char *content_type; /* NULL: no such header */
    const char *body;         /* NULL: no body and no Content-Length */
    size_t body_bytes;        /* 0: the body is a C string */
    bool close;               /* ask the server to close afterwards */
};

struct jmt_response {
    int status;
    char *lines; /* the status line and the headers, each ending in NUL; an empty one ends them */
    char *body;  /* followed by a NUL that body_bytes does not count; NULL: not received */
    size_t body_bytes;
};

int jmt_http_open(struct jmt_http *http_out, int port);
void jmt_http_close(struct jmt_http *http);

int jmt_http_send(struct jmt_http *http, const struct jmt_request *request);
int jmt_http_send_raw(struct jmt_http *http, const void *bytes, size_t count);
int jmt_http_receive(struct jmt_http *http, struct jmt_response *response_out, int timeout_ms);

/* Sends and receives on an open connection. */
int jmt_http_exchange(struct jmt_http *http, const struct jmt_request *request,
                      struct jmt_response *response_out);

/* The same on a connection of its own. */
int jmt_http_once(int port, const struct jmt_request *request, struct jmt_response *response_out);

/*
 * One JSON exchange on a connection of its own: the status, or -1. `body_take` may be NULL.
 * `reply_out` may be NULL; otherwise a response that is no JSON document is a failure.
 */
int jmt_http_json(int port, const char *method, const char *path, json_t *body_take,
                  json_t **reply_out);

/* A header's value by its name in any case, or NULL. */
const char *jmt_response_header(const struct jmt_response *response, const char *name);
void jmt_response_fini(struct jmt_response *response);

/* Receives the status line and the headers alone, and says how the body is delimited. */
int jmt_response_receive_head(struct jmt_response *response_out, struct jmt_body *body_out,
                              struct jmt_stream *stream, int64_t deadline_ms);

#endif
