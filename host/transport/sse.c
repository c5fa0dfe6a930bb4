/* Server-sent events: GET /events?channels=a,b&types=x. A client like any other, which cannot speak:
 * what it listens to, and since when, is in its request; without channels it hears all. [loop] */
#include "host/transport/http.h"

#include "host/client/client.h"
#include "host/host.h"
#include "host/http/query.h"
#include "host/util/span.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_MS 3000

/* "a,b" as a JSON array of texts. */
static void add_list(struct jmh_buf *json, jm_span list)
{
    const char *separator = "[";
    while (list.len > 0) {
        const char *comma = memchr(list.ptr, ',', list.len);
        size_t len = comma != NULL ? (size_t)(comma - list.ptr) : list.len;
        jmh_buf_add_text(json, separator);
        jmh_buf_add_json_text(json, (jm_span){list.ptr, len});
        separator = ",";
        size_t used = comma != NULL ? len + 1 : len;
        list = (jm_span){list.ptr + used, list.len - used};
    }
    jmh_buf_add_text(json, separator[0] == '[' ? "[]" : "]");
}

/* Where to go on: what the browser sends after a break, or what the request says. */
static void add_since(struct jmh_http *http, jm_span query, struct jmh_buf *value,
                      struct jmh_buf *json)
{
    jm_span since;
    if (!jmh_http_header(http, "last-event-id", &since) || since.len == 0) {
        if (!jmh_query_get(query, "last_event_id", value) &&
            !jmh_query_get(query, "since", value)) {
            return;
        }
        since = jmh_buf_span(value);
    }
    jmh_buf_add_text(json, ",\"since\":");
    jmh_buf_add_json_text(json, since);
}

/* The subscription that the request asks for, as a client would have sent it. */
static void subscribe(struct jmh_http *http, jm_span query)
{
    struct jmh_buf value = {0}, json = {0};
    bool named = jmh_query_get(query, "channels", &value);
    jmh_buf_add_text(&json, "{\"type\":\"subscribe\",\"channels\":");
    add_list(&json, named ? jmh_buf_span(&value) : jmh_span("*"));
    if (jmh_query_get(query, "types", &value)) {
        jmh_buf_add_text(&json, ",\"types\":");
        add_list(&json, jmh_buf_span(&value));
    }
    add_since(http, query, &value, &json);
    jmh_buf_add_text(&json, "}");
    if (!json.failed) {
        jmh_client_receive(http->conn.client, jmh_buf_span(&json));
    }
    jmh_buf_fini(&value);
    jmh_buf_fini(&json);
}

static void progress(struct jmh_http *http, enum jmh_out out)
{
    if (out == JMH_OUT_DEAD) {
        jmh_http_end(http);
        return;
    }
    jmh_conn_stalled(&http->conn, out == JMH_OUT_WAITS);
    jmh_http_watch(http);
}

static void send_text(struct jmh_http *http, const char *text)
{
    progress(http, jmh_out_send(http, jmh_span(text), (jm_span){NULL, 0}));
}

static void flush(struct jmh_client *client)
{
    struct jmh_http *http = client->port_data;
    struct jmh_run run = {.more = true};
    while (run.more && !http->conn.ending && !http->conn.stalled) {
        if (jmh_client_next(client, JMH_RUN_BYTES, &run) != JM_OK || run.len == 0) {
            return;
        }
        progress(http, jmh_out_send(http, (jm_span){(const char *)run.bytes, run.len},
                                    (jm_span){NULL, 0}));
    }
}

/* A browser comes back by itself, after the time that it was told. */
static void end(struct jmh_client *client, uint16_t code, const char *reason)
{
    static const char retry[] = "retry_ms=";
    struct jmh_http *http = client->port_data;
    char text[192];
    if (http->conn.ending) {
        return;
    }
    if (strncmp(reason, retry, sizeof retry - 1) == 0) {
        (void)snprintf(text, sizeof text, "retry: %.20s\n\n", reason + sizeof retry - 1);
    } else {
        (void)snprintf(text, sizeof text, ": %.150s (%u)\n\n", reason, code);
    }
    http->conn.ending = true;
    if (jmh_out_send(http, jmh_span(text), (jm_span){NULL, 0}) == JMH_OUT_DEAD) {
        jmh_http_end(http);
    } else {
        jmh_http_close(http);
    }
}

static const struct jmh_port port = {
    .name = "sse", .form = JMH_FORM_SSE, .flush = flush, .end = end};

static enum jmh_out send_head(struct jmh_http *http)
{
    struct jmh_buf *head = &http->conn.transport->head;
    const struct jmh_browser_rules *rules = &http->conn.transport->host->rules;
    jm_span origin;
    jmh_buf_clear(head);
    jmh_buf_add_text(head, "HTTP/1.1 200 OK\r\n"
                           "Content-Type: text/event-stream\r\n"
                           "Cache-Control: no-store\r\n"
                           "X-Accel-Buffering: no\r\n"
                           "Connection: close\r\n");
    if (jmh_http_header(http, "origin", &origin) && jmh_browser_origin_allowed(rules, origin)) {
        jmh_buf_addf(head, "Access-Control-Allow-Origin: %.*s\r\nVary: Origin\r\n",
                     JMH_ARG(origin));
    }
    jmh_buf_addf(head, "\r\nretry: %d\n\n", RETRY_MS);
    return head->failed ? JMH_OUT_DEAD : jmh_out_send(http, jmh_buf_span(head), (jm_span){NULL, 0});
}

static void begin(struct jmh_http *http, jm_span query)
{
    static const struct jmh_head_fault no_memory = {503, "The host is out of memory"};
    struct jmh_head_fault fault;
    struct jmh_host *host = http->conn.transport->host;
    if (!jmh_http_admits_client(http, &fault)) {
        jmh_answer_refuse(http, &fault, fault.status == 503 ? "Retry-After: 5\r\n" : "");
    } else if (jmh_client_open(host->clients, &port, http, http->identity, &http->conn.client) !=
               JM_OK) {
        jmh_answer_refuse(http, &no_memory, "Retry-After: 5\r\n");
    } else {
        http->phase = JMH_HTTP_EVENTS;
        jmh_conn_move(&http->conn, JMH_CONN_QUIET, 0);
        enum jmh_out out = send_head(http);
        subscribe(http, query);
        jmh_buf_fini(&http->in);
        progress(http, out);
        jmh_loop_mark(host->loop, 0);
    }
}

void jmh_sse_begin(struct jmh_http *http, struct jmh_exchange *exchange_take)
{
    begin(http, jmh_span(exchange_take->query));
    jmh_exchange_free(exchange_take);
}

void jmh_sse_writable(struct jmh_http *http, enum jmh_out out)
{
    progress(http, out);
    if (out == JMH_OUT_DONE && http->conn.client != NULL) {
        flush(http->conn.client);
    }
}

void jmh_sse_ping(struct jmh_http *http)
{
    if (!http->conn.stalled) {
        send_text(http, ":\n\n");
    }
}
