/* Answers to an HTTP connection, and what comes behind them. [loop] */
#include "host/transport/http.h"

#include "host/host.h"
#include "host/util/span.h"

#include <stdio.h>
#include <unistd.h>

static const char *reason_of(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {206, "Partial Content"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {411, "Length Required"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {416, "Range Not Satisfiable"},
        {417, "Expectation Failed"},
        {422, "Unprocessable Content"},
        {426, "Upgrade Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
        {505, "HTTP Version Not Supported"},
        {507, "Insufficient Storage"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].status == status) {
            return reasons[i].reason;
        }
    }
    return "Status";
}

static void add_number(struct jmh_buf *out, uint64_t number)
{
    char digits[24];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    jmh_buf_add(out, digits + at, sizeof digits - at);
}

/* Status line and headers, all but the body. */
static void build_head(const struct jmh_http *http, const struct jmh_answer *answer,
                       struct jmh_buf *out)
{
    jmh_buf_clear(out);
    jmh_buf_add_text(out, "HTTP/1.1 ");
    add_number(out, (uint64_t)answer->status);
    jmh_buf_add_text(out, " ");
    jmh_buf_add_text(out, reason_of(answer->status));
    if (answer->content_type != NULL) {
        jmh_buf_add_text(out, "\r\nContent-Type: ");
        jmh_buf_add_text(out, answer->content_type);
    }
    if (answer->status != 204 && answer->status != 304) {
        jmh_buf_add_text(out, "\r\nContent-Length: ");
        add_number(out, answer->fd >= 0 ? answer->fd_length : answer->body.len);
    }
    jmh_buf_add_text(out, "\r\n");
    jmh_buf_add_span(out, answer->headers);
    if (http->must_close) {
        jmh_buf_add_text(out, "Connection: close\r\n");
    } else if (http->head->is_http10) {
        jmh_buf_add_text(out, "Connection: keep-alive\r\n");
    }
    jmh_buf_add_text(out, "\r\n");
}

/* A peer that reads nothing at all is not waited for longer than a client is. */
static void await_reader(struct jmh_http *http)
{
    http->phase = JMH_HTTP_SENDING;
    jmh_conn_move(&http->conn, JMH_CONN_TIMED,
                  (uint32_t)http->conn.transport->host->config.limits.stall_timeout_s);
    jmh_http_watch(http);
}

void jmh_answer_progress(struct jmh_http *http, enum jmh_out out)
{
    switch (out) {
    case JMH_OUT_DONE:
        jmh_http_next(http);
        break;
    case JMH_OUT_WAITS:
        await_reader(http);
        break;
    case JMH_OUT_DEAD:
        jmh_http_end(http);
        break;
    }
}

static enum jmh_out write_answer(struct jmh_http *http, const struct jmh_answer *answer,
                                 bool head_only)
{
    struct jmh_buf *head = &http->conn.transport->head;
    build_head(http, answer, head);
    bool has_file = answer->fd >= 0 && !head_only && !head->failed;
    if (answer->fd >= 0 && !has_file) {
        (void)close(answer->fd);
    }
    if (head->failed) {
        return JMH_OUT_DEAD;
    }
    if (has_file) {
        return jmh_out_send_file(http, jmh_buf_span(head), answer->fd, answer->fd_offset,
                                 answer->fd_length);
    }
    return jmh_out_send(http, jmh_buf_span(head), head_only ? (jm_span){NULL, 0} : answer->body);
}

static void send_answer(struct jmh_exchange *exchange, const struct jmh_answer *answer)
{
    struct jmh_http *http = exchange->port_data;
    http->must_close = http->must_close || answer->close || http->conn.transport->draining;
    enum jmh_out out = write_answer(http, answer, exchange->head_only);
    http->exchange = NULL;
    jmh_exchange_free(exchange);
    jmh_answer_progress(http, out);
}

static bool get_header(struct jmh_exchange *exchange, const char *name, jm_span *value_out)
{
    return jmh_http_header(exchange->port_data, name, value_out);
}

const struct jmh_exchange_port jmh_answer_port = {.header = get_header, .send = send_answer};

void jmh_answer_refuse(struct jmh_http *http, const struct jmh_head_fault *fault,
                       const char *headers)
{
    struct jmh_buf body = {0};
    jmh_buf_add_text(&body, "{\"error\":");
    jmh_buf_add_json_text(&body, jmh_span(fault->sentence));
    jmh_buf_add_text(&body, "}\n");
    http->must_close = true;
    const struct jmh_answer answer = {.status = fault->status,
                                      .content_type = "application/json",
                                      .headers = jmh_span(headers),
                                      .body = jmh_buf_span(&body),
                                      .fd = -1};
    enum jmh_out out = write_answer(http, &answer, false);
    jmh_buf_fini(&body);
    if (out == JMH_OUT_DEAD) {
        jmh_http_end(http);
    } else {
        jmh_http_close(http);
    }
}
