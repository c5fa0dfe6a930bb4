/* Requests and their answers. [loop] */
#include "host/http/exchange.h"

#include "host/host.h"
#include "host/http/browser.h"
#include "host/http/file.h"
#include "host/http/query.h"
#include "host/plugin/lease.h"
#include "host/util/span.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SENTENCE_MAX 1024

/* A text that lives as long as its exchange. */
struct jmh_kept_text {
    struct jmh_kept_text *next;
    char text[];
};

struct jmh_exchange *jmh_exchange_new(struct jmh_host *host, const struct jmh_exchange_port *port,
                                      void *port_data, struct jmh_identity *identity)
{
    struct jmh_exchange *exchange = calloc(1, sizeof *exchange);
    if (exchange == NULL) {
        return NULL;
    }
    exchange->id = ++host->last_exchange;
    exchange->host = host;
    exchange->port = port;
    exchange->port_data = port_data;
    exchange->identity = jmh_identity_ref(identity);
    exchange->answer.fd = -1;
    if (!jmh_idmap_put(&host->exchanges, exchange->id, exchange)) {
        jmh_exchange_free(exchange);
        return NULL;
    }
    return exchange;
}

void jmh_exchange_free(struct jmh_exchange *exchange)
{
    if (exchange == NULL) {
        return;
    }
    (void)jmh_idmap_take(&exchange->host->exchanges, exchange->id);
    if (exchange->lease != NULL) {
        jmh_lease_drop(exchange->lease);
    }
    while (exchange->kept != NULL) {
        struct jmh_kept_text *kept = exchange->kept;
        exchange->kept = kept->next;
        free(kept);
    }
    if (exchange->answer.fd >= 0) {
        (void)close(exchange->answer.fd);
    }
    jmh_identity_unref(exchange->identity);
    free(exchange->method);
    free(exchange->path);
    free(exchange->query);
    jmh_buf_fini(&exchange->body);
    jmh_buf_fini(&exchange->headers);
    jmh_buf_fini(&exchange->answer_body);
    free(exchange);
}

void jmh_exchange_gone(struct jmh_exchange *exchange)
{
    exchange->gone = true;
    if (!exchange->busy && !exchange->sending) {
        jmh_exchange_free(exchange);
    }
}

struct jmh_exchange *jmh_exchange_get(struct jmh_host *host, jm_id id)
{
    return jmh_idmap_get(&host->exchanges, id);
}

bool jmh_exchange_header(struct jmh_exchange *exchange, const char *name, jm_span value)
{
    if (name[0] == '\0') {
        return false;
    }
    for (const char *at = name; *at != '\0'; at++) {
        bool ok = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                  (*at >= '0' && *at <= '9') || *at == '-';
        if (!ok) {
            return false;
        }
    }
    for (size_t i = 0; i < value.len; i++) {
        if ((unsigned char)value.ptr[i] < 0x20 || value.ptr[i] == 0x7f) {
            return false;
        }
    }
    jmh_buf_addf(&exchange->headers, "%s: %.*s\r\n", name, JMH_ARG(value));
    return !exchange->headers.failed;
}

bool jmh_exchange_param(struct jmh_exchange *exchange, const char *name, jm_span *value_out)
{
    return exchange->route != NULL &&
           jmh_route_param(exchange->route, exchange->params, name, value_out);
}

const char *jmh_exchange_keep(struct jmh_exchange *exchange, jm_span text)
{
    struct jmh_kept_text *kept = malloc(sizeof *kept + text.len + 1);
    if (kept == NULL) {
        return NULL;
    }
    if (text.len > 0) {
        memcpy(kept->text, text.ptr, text.len);
    }
    kept->text[text.len] = '\0';
    kept->next = exchange->kept;
    exchange->kept = kept;
    return kept->text;
}

bool jmh_exchange_query(struct jmh_exchange *exchange, const char *name, jm_span *value_out)
{
    struct jmh_buf value = {0};
    if (exchange->query == NULL || !jmh_query_get(jmh_span(exchange->query), name, &value)) {
        jmh_buf_fini(&value);
        return false;
    }
    *value_out = (jm_span){jmh_exchange_keep(exchange, jmh_buf_span(&value)), value.len};
    jmh_buf_fini(&value);
    return value_out->ptr != NULL;
}

/* The headers that let an allowed page read the answer. */
static void add_cors(struct jmh_exchange *exchange)
{
    jm_span origin;
    if (exchange->port->header(exchange, "origin", &origin) &&
        jmh_browser_origin_allowed(&exchange->host->rules, origin)) {
        (void)jmh_exchange_header(exchange, "Access-Control-Allow-Origin", origin);
        (void)jmh_exchange_header(exchange, "Access-Control-Expose-Headers",
                                  jmh_span("ETag, Retry-After, Content-Range"));
        (void)jmh_exchange_header(exchange, "Vary", jmh_span("Origin"));
    }
}

/* What was to be answered did not come true, and the handler's headers did not either. */
static void take_back(struct jmh_exchange *exchange)
{
    struct jmh_answer *answer = &exchange->answer;
    jmh_buf_consume(&exchange->headers, exchange->cors_at);
    if (answer->fd >= 0) {
        (void)close(answer->fd);
    }
    jmh_buf_clear(&exchange->answer_body);
    bool success_form =
        exchange->route != NULL && (exchange->route->flags & JM_ROUTE_SUCCESS_FORM) != 0;
    jmh_buf_addf(&exchange->answer_body, "{%s\"error\":", success_form ? "\"success\":false," : "");
    jmh_buf_add_json_text(&exchange->answer_body, jmh_span(jmh_turn_failure(exchange->host->turn)));
    jmh_buf_add_text(&exchange->answer_body, "}\n");
    jmh_buf_add_text(&exchange->headers, "Retry-After: 5\r\n");
    *answer = (struct jmh_answer){.status = 503, .content_type = "application/json", .fd = -1};
}

static void send_answer(void *user, jm_status committed)
{
    struct jmh_exchange *exchange = user;
    exchange->sending = false;
    if (exchange->gone) {
        jmh_exchange_free(exchange);
        return;
    }
    if (committed != JM_OK || exchange->untrue) {
        take_back(exchange);
    }
    exchange->answer.headers = jmh_buf_span(&exchange->headers);
    exchange->answer.body = jmh_buf_span(&exchange->answer_body);
    struct jmh_answer answer = exchange->answer;
    exchange->answer.fd = -1; /* the transport's from here on */
    exchange->port->send(exchange, &answer);
}

/* The answer is whole: it leaves with the turn. */
static jm_status finish(struct jmh_exchange *exchange, int status, const char *content_type)
{
    exchange->answered = true;
    exchange->answer.status = status;
    exchange->answer.content_type = content_type;
    if (exchange->lease != NULL) {
        jmh_lease_drop(exchange->lease);
        exchange->lease = NULL;
    }
    if (exchange->gone) {
        if (!exchange->busy) {
            jmh_exchange_free(exchange);
        }
        return JM_EGONE;
    }
    exchange->cors_at = exchange->headers.len;
    add_cors(exchange);
    if (exchange->answer_body.failed || exchange->headers.failed) {
        jmh_buf_fini(&exchange->answer_body);
        jmh_buf_fini(&exchange->headers);
        exchange->cors_at = 0;
        exchange->answer.status = 503;
    }
    exchange->sending = jmh_turn_after(exchange->host->turn, send_answer, exchange);
    if (!exchange->sending) {
        send_answer(exchange, JM_ENOMEM);
    }
    return JM_OK;
}

jm_status jmh_exchange_bytes(struct jmh_exchange *exchange, int status, const char *content_type,
                             jm_span body)
{
    if (exchange->answered) {
        return JM_EGONE;
    }
    jmh_buf_add_span(&exchange->answer_body, body);
    return finish(exchange, status, content_type);
}

jm_status jmh_exchange_json(struct jmh_exchange *exchange, int status, jm_span json)
{
    if (exchange->answered) {
        return JM_EGONE;
    }
    jmh_buf_add_span(&exchange->answer_body, json);
    jmh_buf_add(&exchange->answer_body, "\n", 1);
    return finish(exchange, status, "application/json");
}

jm_status jmh_exchange_error(struct jmh_exchange *exchange, int status, const char *format, ...)
{
    char sentence[SENTENCE_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    if (exchange->answered) {
        return JM_EGONE;
    }
    bool success_form =
        exchange->route != NULL && (exchange->route->flags & JM_ROUTE_SUCCESS_FORM) != 0;
    struct jmh_buf json = {0};
    jmh_buf_add_text(&json, success_form ? "{\"success\":false,\"error\":" : "{\"error\":");
    jmh_buf_add_json_text(&json, jmh_span(sentence));
    jmh_buf_add_text(&json, "}");
    if (status == 503 || status == 429) {
        jmh_buf_add_text(&exchange->headers, "Retry-After: 5\r\n");
    }
    jm_status result = jmh_exchange_json(exchange, status, jmh_buf_span(&json));
    jmh_buf_fini(&json);
    return result;
}

static jm_span header_of(struct jmh_exchange *exchange, const char *name)
{
    jm_span value = {NULL, 0};
    (void)exchange->port->header(exchange, name, &value);
    return value;
}

jm_status jmh_exchange_file(struct jmh_exchange *exchange, int fd_take, const char *content_type,
                            jm_span etag)
{
    struct stat about;
    if (exchange->answered || fstat(fd_take, &about) != 0 || !S_ISREG(about.st_mode)) {
        (void)close(fd_take);
        return exchange->answered ? JM_EGONE : JM_EINVAL;
    }
    struct jmh_file_facts facts = {(uint64_t)about.st_size, about.st_mtim, etag};
    struct jmh_file_request request = {.head_only = exchange->head_only,
                                       .if_none_match = header_of(exchange, "if-none-match"),
                                       .if_modified_since =
                                           header_of(exchange, "if-modified-since"),
                                       .if_range = header_of(exchange, "if-range"),
                                       .range = header_of(exchange, "range")};
    struct jmh_file_answer file;
    jmh_file_answer(&facts, &request, &file);
    jmh_buf_add_text(&exchange->headers, file.headers);
    if (file.length > 0) {
        exchange->answer.fd = fd_take;
        exchange->answer.fd_offset = file.offset;
        exchange->answer.fd_length = file.length;
    } else {
        (void)close(fd_take);
    }
    return finish(exchange, file.status, file.status == 304 ? NULL : content_type);
}
