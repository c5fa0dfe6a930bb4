/* Requests of the tests; see call.h. */
#include "call.h"

#include "host/util/span.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool header(struct jmh_exchange *exchange, const char *name, jm_span *value_out)
{
    const struct call *call = exchange->port_data;
    for (size_t i = 0; i < CALL_HEADERS_MAX && call->headers[i][0] != NULL; i++) {
        if (strcmp(call->headers[i][0], name) == 0) {
            *value_out = jmh_span(call->headers[i][1]);
            return true;
        }
    }
    return false;
}

static void keep(char *out, size_t cap, jm_span span)
{
    assert_true(span.len < cap);
    (void)snprintf(out, cap, "%.*s", JMH_ARG(span));
    assert_int_equal(strlen(out), span.len);
}

static void keep_file(struct call *call, const struct jmh_answer *answer)
{
    assert_true(answer->fd_length < sizeof call->body);
    ssize_t len = pread(answer->fd, call->body, answer->fd_length, (off_t)answer->fd_offset);
    assert_int_equal(len, answer->fd_length);
    call->body[len] = '\0';
    call->is_file = true;
    assert_int_equal(close(answer->fd), 0);
}

static void send_answer(struct jmh_exchange *exchange, const struct jmh_answer *answer)
{
    struct call *call = exchange->port_data;
    call->sends++;
    call->status = answer->status;
    keep(call->type, sizeof call->type, jmh_span(answer->content_type));
    keep(call->sent_headers, sizeof call->sent_headers, answer->headers);
    if (answer->fd >= 0) {
        keep_file(call, answer);
    } else {
        keep(call->body, sizeof call->body, answer->body);
    }
    jmh_exchange_free(exchange);
    call->exchange = NULL;
}

static const struct jmh_exchange_port port = {header, send_answer};

void call_open(struct bed *bed, struct call *call, const char *method, const char *path,
               const char *query, const char *body)
{
    struct jmh_identity *identity = jmh_identity_local(bed->host.clients, jmh_span("127.0.0.1"));
    memset(call, 0, sizeof *call);
    call->exchange = jmh_exchange_new(&bed->host, &port, call, identity);
    jmh_identity_unref(identity);
    assert_non_null(call->exchange);
    call->id = call->exchange->id;
    call->exchange->method = strdup(method);
    call->exchange->path = strdup(path);
    call->exchange->query = query != NULL ? strdup(query) : NULL;
    if (body != NULL) {
        jmh_buf_add_text(&call->exchange->body, body);
    }
    call_header(call, "host", "localhost:5100");
}

void call_header(struct call *call, const char *name, const char *value)
{
    size_t i = 0;
    while (call->headers[i][0] != NULL && strcmp(call->headers[i][0], name) != 0) {
        i++;
    }
    assert_true(i < CALL_HEADERS_MAX - 1);
    call->headers[i][0] = name;
    call->headers[i][1] = value;
}

void call_run(struct bed *bed, struct call *call)
{
    jmh_http_dispatch(call->exchange);
    bed_end_turn(bed);
}

void call(struct bed *bed, struct call *call, const char *method, const char *path,
          const char *query, const char *body, const char *header_name, const char *value)
{
    call_open(bed, call, method, path, query, body);
    if (header_name != NULL) {
        call_header(call, header_name, value);
    }
    call_run(bed, call);
}

void assert_answer(const struct call *call, int status, const char *body)
{
    assert_int_equal(call->sends, 1);
    assert_string_equal(call->body, body);
    assert_int_equal(call->status, status);
    if (status != 204) {
        assert_string_equal(call->type, "application/json");
    }
}

bool call_has(const struct call *call, const char *line)
{
    const char *at = strstr(call->sent_headers, line);
    size_t len = strlen(line);
    return at != NULL && (at == call->sent_headers || at[-1] == '\n') &&
           strncmp(at + len, "\r\n", 2) == 0;
}

void call_add_route(struct bed *bed, struct jmh_regset *set, const char *method, const char *path,
                    uint32_t flags, jm_route_fn fn)
{
    const jm_route route = {.size = sizeof route,
                            .flags = flags,
                            .method = method,
                            .path = path,
                            .help = "help",
                            .fn = fn,
                            .user = bed};
    struct jmh_err err = {0};
    if (jmh_regset_add_route(set, &route, &err) != JM_OK) {
        fail_msg("%s", err.text);
    }
}
