/* A request without a transport, and what was answered. */
#ifndef HTTP_CORE_CALL_H
#define HTTP_CORE_CALL_H

#include "../client/bed.h"

#include "host/http/exchange.h"

#define CALL_HEADERS_MAX 8

struct call {
    struct jmh_exchange *exchange; /* NULL once it has ended */
    jm_id id;
    const char *headers[CALL_HEADERS_MAX][2]; /* of the request: lower-case name, value */
    unsigned sends;
    int status;
    char type[64]; /* "" for none */
    char sent_headers[1024];
    char body[4096]; /* of a file: the part that was to be sent */
    bool is_file;
};

/* A request that came, not dispatched yet. NULL for no query, or no body. */
void call_open(struct bed *bed, struct call *call, const char *method, const char *path,
               const char *query, const char *body);
/* One more header of the request. */
void call_header(struct call *call, const char *name, const char *value);
/* Dispatch it, and end the turn. */
void call_run(struct bed *bed, struct call *call);
/* All of it, for a request with at most one header (NULL for none). */
void call(struct bed *bed, struct call *call, const char *method, const char *path,
          const char *query, const char *body, const char *header, const char *value);
void assert_answer(const struct call *call, int status, const char *body);
/* Whether a header "Name: value" was sent. */
bool call_has(const struct call *call, const char *line);

void call_add_route(struct bed *bed, struct jmh_regset *set, const char *method, const char *path,
                    uint32_t flags, jm_route_fn fn);

#endif
