/* junmai.http/1 - HTTP routes of a plugin.
 *
 * A handler answers with one of the respond functions, at once or later: the request's id stays
 * valid until it is answered or its client leaves. An answer leaves after the turn's commit; where
 * the commit fails the client gets 503 instead. A handler that returns a negative status has its
 * writes and events taken back (plugin.h); unless it has answered already (that answer stays), the host
 * answers:
 *   JM_EINVAL 400, JM_EACCES 403, JM_ENOENT 404, JM_EEXIST 409, JM_EBUSY and JM_ENOSPC 503,
 *   anything else 500; the body is the sentence of junmai.error/1 in the route's error form. */
#ifndef JUNMAI_EXT_HTTP_H
#define JUNMAI_EXT_HTTP_H

#include <junmai/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JM_EXT_HTTP "junmai.http/1"

/* Flags of a route. */
#define JM_ROUTE_SUCCESS_FORM 1u /* errors are {"success":false,"error":…}, not {"error":…} */
#define JM_ROUTE_BODY_OPTIONAL \
    2u /* of POST, PUT, PATCH: the documentation says that it may be missing */
#define JM_ROUTE_BODY_ANY 4u      /* the body may be any JSON value, not only an object */
#define JM_ROUTE_CHANGES_STATE 8u /* a GET that changes state: refused to foreign web pages */

typedef struct jm_request {
    uint32_t size; /* sizeof(jm_request) of the host */
    uint32_t reserved;
    jm_id id;       /* for the answer */
    jm_span method; /* upper case */
    jm_span path;   /* decoded, without the query */
    jm_span query;  /* as sent, without the "?" */
    jm_span body; /* JSON, checked to parse and to be an object (unless BODY_ANY); "{}" where it is
                          missing, empty, null or [] */
    const jm_caller *caller;
} jm_request;

/* Handles a request, borrowed until it returns. [loop & (active | draining)] */
typedef jm_status (*jm_route_fn)(void *user, const jm_request *request);

typedef struct jm_route {
    uint32_t size;      /* sizeof(jm_route) */
    uint32_t flags;     /* JM_ROUTE_* */
    const char *method; /* GET, POST, PUT, PATCH, DELETE; HEAD and OPTIONS come by themselves */
    const char *path; /* "/api/photos/{id:int}/thumbnail"; {name} is one segment, {name:int} is 1 to
                            18 digits. A fixed segment wins over a parameter. */
    const char *help; /* one sentence for the generated documentation */
    const char
        *query; /* for the documentation alone: "limit:int=100|status:text", each NAME:TYPE or
                            NAME:TYPE=DEFAULT with type int, number, bool or text; NULL: none */
    jm_route_fn fn;
    void *user;
    /* For the documentation alone, and never checked by the host. NULL: not said. Both are lists of
     * NAME:TYPE with type int, number, bool, text, object or any, "[]" behind it for a list of them, "?"
     * for what may be missing or null, "=DEFAULT" for what then holds:
     * "file_path:text|tags:text[]?|mode:text=copy". */
    const char *body;   /* what a request may bring; "" is nothing at all */
    const char *answer; /* what a success brings; with "[]" in front a list of such objects; or a
                           content type where it is no JSON: "image/jpeg" */
} jm_route;

typedef struct jm_host_http {
    uint32_t size;
    /* Register a route; everything in `route` is copied. [loop & loaded]
     * Returns JM_OK, JM_EINVAL (path, method), JM_EEXIST (the sentence names the owner). */
    jm_status (*add_route)(const jm_host *host, const jm_route *route);
    /* A path parameter, a query parameter (decoded; the first of its name; "" where it has no "="), a
     * header (any case). Valid until the handler returns. Only in the handler. [loop]
     * Return JM_OK, JM_ENOENT. */
    jm_status (*get_param)(const jm_host *host, jm_id request, const char *name,
                           jm_span *value_out);
    jm_status (*get_query)(const jm_host *host, jm_id request, const char *name,
                           jm_span *value_out);
    jm_status (*get_header)(const jm_host *host, jm_id request, const char *name,
                            jm_span *value_out);
    /* Add a header to the answer; refused with JM_EINVAL where a name or value has control
     * characters. Before the respond call. [loop & (active | draining)] */
    jm_status (*set_header)(const jm_host *host, jm_id request, const char *name, jm_span value);
    /* Answer with a status from 200 to 599 and a JSON document, copied. [loop & (active | draining)]
     * Returns JM_OK, JM_EGONE (the client has left or the answer was given), JM_EINVAL. */
    jm_status (*respond)(const jm_host *host, jm_id request, int32_t status, jm_span json);
    /* Answer with an error in the route's form; `sentence` becomes "error". [loop & (active | draining)] */
    jm_status (*respond_error)(const jm_host *host, jm_id request, int32_t status,
                               jm_span sentence);
    /* Answer with any body, copied. [loop & (active | draining)] */
    jm_status (*respond_bytes)(const jm_host *host, jm_id request, int32_t status,
                               const char *content_type, jm_span body);
    /* Answer 200, 206, 304 or 416 with a regular file, streamed from `fd_take` (closed by the host
     * in every case), with ETag, Last-Modified, Range and the conditional headers. `etag` is absent
     * for one made from size and time. [loop & (active | draining)] */
    jm_status (*respond_file)(const jm_host *host, jm_id request, int fd_take,
                              const char *content_type, jm_span etag);
} jm_host_http;

#ifdef __cplusplus
}
#endif
#endif
