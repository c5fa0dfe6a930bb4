/* HTTP/1.1 connections: requests in, one after the other. [loop]
 *
 * Debian's libwebsockets can be hung through its HTTP role by anybody, and it is slow: HTTP is read
 * here, from a socket of our own, and the library holds the WebSocket connections. Requests may be
 * pipelined; the next one is looked at when the last one is answered. A connection that has ended is
 * freed with the next round, so that no function here loses it while it runs. */
#include "host/transport/http.h"

#include "host/host.h"
#include "host/http/query.h"
#include "host/transport/ws.h"
#include "host/util/span.h"

#include <junmai/ext/fd.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_BYTES 4096u
#define BODY_READ_BYTES 65536u
#define PIPELINE_BYTES 65536u   /* of requests that wait their turn */
#define KEPT_BYTES 16384u       /* of a buffer, from one request to the next */
#define BODY_BYTES_PER_S 16384u /* slower than that on the whole is an attack */
#define END_GRACE_S 2u          /* for an answer, when the peer sends no more */

static void on_ready(void *user, uint32_t events, jm_status status);
static void process(struct jmh_http *http);

static void ping(struct jmh_conn *conn)
{
    jmh_sse_ping((struct jmh_http *)conn);
}

static void late(struct jmh_conn *conn)
{
    static const struct jmh_head_fault timeout = {408, "The request took too long to come"};
    struct jmh_http *http = (struct jmh_http *)conn;
    bool is_coming =
        http->phase == JMH_HTTP_BODY || (http->phase == JMH_HTTP_IDLE && http->in.len > 0);
    if (is_coming) {
        jmh_answer_refuse(http, &timeout, "");
    } else {
        jmh_http_end(http);
    }
}

static const struct jmh_conn_kind kind = {.ping = ping, .late = late};

bool jmh_http_is(const struct jmh_conn *conn)
{
    return conn->kind == &kind;
}

static uint32_t header_timeout_s(const struct jmh_http *http)
{
    return (uint32_t)http->conn.transport->host->config.limits.header_timeout_s;
}

void jmh_http_begin(struct jmh_transport *transport, int fd_take, struct jmh_identity *identity)
{
    struct jmh_http *http = calloc(1, sizeof *http);
    struct jmh_head *head = calloc(1, sizeof *head);
    struct jmh_watch *watch =
        http != NULL && head != NULL
            ? jmh_watch_start(transport->host->loop, fd_take, JM_FD_READABLE, on_ready, http)
            : NULL;
    if (watch == NULL) {
        free(http);
        free(head);
        (void)close(fd_take);
        return;
    }
    jmh_conn_init(&http->conn, &kind, transport);
    http->fd = fd_take;
    http->file = -1;
    http->watch = watch;
    http->watched = JM_FD_READABLE;
    http->head = head;
    http->identity = jmh_identity_ref(identity);
    jmh_conn_move(&http->conn, JMH_CONN_TIMED, header_timeout_s(http));
}

static void drop_exchange(struct jmh_http *http)
{
    struct jmh_exchange *exchange = http->exchange;
    http->exchange = NULL;
    if (exchange != NULL && http->phase == JMH_HTTP_WORKING) {
        jmh_exchange_gone(exchange);
    } else {
        jmh_exchange_free(exchange); /* nobody has seen it yet */
    }
}

void jmh_http_end(struct jmh_http *http)
{
    if (http->phase == JMH_HTTP_DEAD) {
        return;
    }
    drop_exchange(http);
    http->phase = JMH_HTTP_DEAD;
    jmh_conn_fini(&http->conn);
    jmh_watch_stop(http->watch);
    if (http->fd >= 0) {
        (void)close(http->fd);
    }
    if (http->file >= 0) {
        (void)close(http->file);
    }
    TAILQ_INSERT_TAIL(&http->conn.transport->dead, http, in_dead);
}

void jmh_http_sweep(struct jmh_transport *transport)
{
    struct jmh_http *http;
    while ((http = TAILQ_FIRST(&transport->dead)) != NULL) {
        TAILQ_REMOVE(&transport->dead, http, in_dead);
        jmh_identity_unref(http->identity);
        jmh_buf_fini(&http->in);
        jmh_buf_fini(&http->unsent);
        free(http->head);
        free(http);
    }
}

/* Closed with input unread, the answer could be lost on its way: what comes is read and dropped. */
void jmh_http_close(struct jmh_http *http)
{
    drop_exchange(http);
    http->phase = JMH_HTTP_CLOSING;
    jmh_buf_fini(&http->in);
    jmh_conn_move(&http->conn, JMH_CONN_ENDING, JMH_LINGER_S);
    if (jmh_out_has_more(http)) {
        jmh_http_watch(http);
    } else if (http->at_end) {
        jmh_http_end(http);
    } else {
        (void)shutdown(http->fd, SHUT_WR);
    }
}

/* Watch for what the phase can deal with. */
void jmh_http_watch(struct jmh_http *http)
{
    bool is_full =
        http->phase != JMH_HTTP_BODY && http->in.len > PIPELINE_BYTES + http->head->bytes;
    uint32_t events = (http->at_end || is_full ? 0 : JM_FD_READABLE) |
                      (jmh_out_has_more(http) ? JM_FD_WRITABLE : 0);
    if (events != http->watched && http->phase != JMH_HTTP_DEAD) {
        http->watched = events;
        jmh_watch_change(http->watch, events);
    }
}

bool jmh_http_header(const struct jmh_http *http, const char *name, jm_span *value_out)
{
    return http->in.len > 0 && jmh_head_get(http->head, http->in.data, name, value_out);
}

static void dispatch(struct jmh_http *http)
{
    struct jmh_exchange *exchange = http->exchange;
    struct jmh_loop *loop = http->conn.transport->host->loop;
    size_t bytes = exchange->body.len;
    bool is_get = strcmp(exchange->method, "GET") == 0;
    http->phase = JMH_HTTP_WORKING;
    if (is_get && strcmp(exchange->path, "/events") == 0) {
        http->exchange = NULL;
        jmh_sse_begin(http, exchange);
        return;
    }
    jmh_conn_move(&http->conn, http->at_end ? JMH_CONN_TIMED : JMH_CONN_WORKING, END_GRACE_S);
    if (is_get && strcmp(exchange->path, "/ws") == 0) {
        (void)jmh_exchange_error(exchange, 400, "GET /ws is a WebSocket handshake; this was none");
    } else {
        jmh_http_dispatch(exchange);
    }
    jmh_loop_mark(loop, bytes);
}

/* Move body bytes behind the head to the exchange; whether it is whole now. */
static bool take_body(struct jmh_http *http)
{
    static const struct jmh_head_fault broken = {400, "The chunked body is broken"};
    static const struct jmh_head_fault large = {413, "The body is larger than limits.body_bytes"};
    size_t most = (size_t)http->conn.transport->host->config.limits.body_bytes;
    char *start = http->in.data + http->head->bytes;
    size_t here = http->in.len - http->head->bytes, used;
    bool is_whole;
    if (http->is_chunked) {
        enum jmh_chunks_result result = jmh_chunks_feed(&http->chunks, (jm_span){start, here},
                                                        &http->exchange->body, most, &used);
        if (result == JMH_CHUNKS_BROKEN || result == JMH_CHUNKS_TOO_LARGE) {
            jmh_answer_refuse(http, result == JMH_CHUNKS_BROKEN ? &broken : &large, "");
            return false;
        }
        is_whole = result == JMH_CHUNKS_DONE;
    } else {
        used = http->body_left < here ? (size_t)http->body_left : here;
        jmh_buf_add(&http->exchange->body, start, used);
        http->body_left -= used;
        is_whole = http->body_left == 0;
    }
    memmove(start, start + used, here - used);
    http->in.len -= used;
    if (http->exchange->body.failed) {
        jmh_http_end(http);
        return false;
    }
    return is_whole;
}

/* A client may ask before it sends its body. */
static bool meet_expectation(struct jmh_http *http)
{
    static const struct jmh_head_fault fault = {417, "The only expectation met is 100-continue"};
    jm_span expectation;
    if (!jmh_http_header(http, "expect", &expectation) || http->head->is_http10) {
        return true;
    }
    if (!jmh_head_has_token(expectation, "100-continue")) {
        jmh_answer_refuse(http, &fault, "");
        return false;
    }
    return http->in.len > http->head->bytes || /* it has not waited */
           jmh_out_send(http, jmh_span("HTTP/1.1 100 Continue\r\n\r\n"), (jm_span){NULL, 0}) !=
               JMH_OUT_DEAD;
}

static void await_body(struct jmh_http *http, const struct jmh_head_body *body)
{
    http->phase = JMH_HTTP_BODY;
    http->is_chunked = body->is_chunked;
    http->body_left = body->length;
    http->chunks = (struct jmh_chunks){0};
    size_t most = (size_t)http->conn.transport->host->config.limits.body_bytes;
    uint64_t longest = body->is_chunked ? most : body->length;
    jmh_conn_move(&http->conn, JMH_CONN_TIMED,
                  header_timeout_s(http) + (uint32_t)(longest / BODY_BYTES_PER_S));
    if (!meet_expectation(http)) {
        return;
    }
    if (take_body(http)) {
        dispatch(http);
    }
}

/* Method, path and query into an exchange; false once it is refused. */
static bool fill(struct jmh_http *http)
{
    static const struct jmh_head_fault no_path = {400, "The path cannot be decoded"};
    static const struct jmh_head_fault no_memory = {503, "The host is out of memory"};
    const struct jmh_head *head = http->head;
    struct jmh_exchange *exchange = http->exchange;
    struct jmh_buf path = {0};
    jm_span target = {http->in.data + head->target_at, head->target_len};
    const char *mark = memchr(target.ptr, '?', target.len);
    size_t path_len = mark != NULL ? (size_t)(mark - target.ptr) : target.len;
    jm_span query =
        mark != NULL ? (jm_span){mark + 1, target.len - path_len - 1} : (jm_span){"", 0};
    bool has_path = jmh_path_decode((jm_span){target.ptr, path_len}, &path);
    exchange->path = path.data;
    exchange->method = jmh_span_dup((jm_span){http->in.data + head->method_at, head->method_len});
    exchange->query = jmh_span_dup(query);
    if (!has_path && !path.failed) {
        jmh_answer_refuse(http, &no_path, "");
        return false;
    }
    if (path.failed || exchange->method == NULL || exchange->query == NULL) {
        jmh_answer_refuse(http, &no_memory, "Retry-After: 5\r\n");
        return false;
    }
    return true;
}

static bool is_method_known(jm_span method)
{
    static const char *const known[] = {"GET", "POST", "PUT", "PATCH", "HEAD", "DELETE", "OPTIONS"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (jmh_span_is(method, known[i])) {
            return true;
        }
    }
    return false;
}

/* The head of a request is whole. */
static void begin_request(struct jmh_http *http)
{
    static const struct jmh_head_fault no_method = {405, "This method is not known here"};
    static const struct jmh_head_fault large = {413, "The body is larger than limits.body_bytes"};
    struct jmh_transport *transport = http->conn.transport;
    jm_span method = {http->in.data + http->head->method_at, http->head->method_len};
    jm_span upgrade;
    struct jmh_head_body body;
    struct jmh_head_fault fault;
    http->must_close = !jmh_head_keeps_alive(http->head, http->in.data);
    if (!is_method_known(method)) {
        jmh_answer_refuse(http, &no_method,
                          "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n");
    } else if (!jmh_head_body(http->head, http->in.data, &body, &fault)) {
        jmh_answer_refuse(http, &fault, "");
    } else if (body.length > (uint64_t)transport->host->config.limits.body_bytes) {
        jmh_answer_refuse(http, &large, "");
    } else if (jmh_http_header(http, "upgrade", &upgrade) &&
               jmh_head_has_token(upgrade, "websocket")) {
        jmh_upgrade(http);
    } else {
        http->exchange = jmh_exchange_new(transport->host, &jmh_answer_port, http, http->identity);
        if (http->exchange == NULL) {
            jmh_http_end(http);
        } else if (fill(http)) {
            if (body.is_chunked || body.length > 0) {
                await_body(http, &body);
            } else {
                dispatch(http);
            }
        }
    }
}

/* As many requests as can be begun: one, unless it was answered at once. */
static void process(struct jmh_http *http)
{
    if (http->is_processing) {
        return;
    }
    http->is_processing = true;
    while (http->phase == JMH_HTTP_IDLE && http->in.len > 0) {
        struct jmh_head_fault fault;
        enum jmh_head_state state =
            jmh_head_parse(http->in.data, http->in.len, http->looked_at, http->head, &fault);
        http->looked_at = http->in.len;
        if (state == JMH_HEAD_WHOLE) {
            begin_request(http);
            continue;
        }
        if (state == JMH_HEAD_FAULTY) {
            jmh_answer_refuse(http, &fault, "");
        } else if (http->at_end) {
            jmh_http_end(http);
        } else if (http->conn.list != JMH_CONN_TIMED) {
            jmh_conn_move(&http->conn, JMH_CONN_TIMED, header_timeout_s(http));
        }
        break;
    }
    http->is_processing = false;
}

void jmh_http_next(struct jmh_http *http)
{
    http->phase = JMH_HTTP_IDLE;
    http->looked_at = 0;
    if (http->must_close || (http->at_end && http->in.len == http->head->bytes)) {
        jmh_http_close(http);
        return;
    }
    jmh_buf_consume(&http->in, http->head->bytes);
    if (http->in.len == 0 && http->in.cap > KEPT_BYTES) {
        jmh_buf_fini(&http->in);
    }
    jmh_conn_move(&http->conn, JMH_CONN_WAITING, JMH_KEEP_ALIVE_S);
    process(http);
    jmh_http_watch(http);
}

/* Whether it closes its side alone, and waits for the answer, or has left, cannot be told at once. */
static void on_end_of_input(struct jmh_http *http)
{
    http->at_end = true;
    switch (http->phase) {
    case JMH_HTTP_WORKING:
        jmh_conn_move(&http->conn, JMH_CONN_TIMED, END_GRACE_S);
        jmh_http_watch(http);
        break;
    case JMH_HTTP_SENDING:
        jmh_http_watch(http);
        break;
    default:
        jmh_http_end(http);
        break;
    }
}

static void on_input(struct jmh_http *http)
{
    switch (http->phase) {
    case JMH_HTTP_IDLE:
        process(http);
        break;
    case JMH_HTTP_BODY:
        if (take_body(http)) {
            dispatch(http);
        }
        break;
    case JMH_HTTP_EVENTS:
    case JMH_HTTP_CLOSING:
        http->in.len = 0;
        break;
    case JMH_HTTP_WORKING:
        /* Unread, it would hide that the peer leaves. An answer that takes no time leaves no time for
         * this either. */
        if (http->in.len > PIPELINE_BYTES) {
            jmh_http_end(http);
        }
        break;
    default:
        break;
    }
    jmh_http_watch(http);
}

static void read_some(struct jmh_http *http)
{
    size_t room = http->phase == JMH_HTTP_BODY ? BODY_READ_BYTES : READ_BYTES;
    char *at = jmh_buf_reserve(&http->in, room);
    ssize_t got = at != NULL ? recv(http->fd, at, http->in.cap - http->in.len, MSG_DONTWAIT) : -1;
    if (got > 0) {
        http->in.len += (size_t)got;
        on_input(http);
    } else if (got == 0) {
        on_end_of_input(http);
    } else if (at == NULL || (errno != EAGAIN && errno != EINTR)) {
        jmh_http_end(http);
    }
}

static void write_some(struct jmh_http *http)
{
    enum jmh_out out = jmh_out_go_on(http);
    if (out == JMH_OUT_DEAD) {
        jmh_http_end(http);
    } else if (http->phase == JMH_HTTP_EVENTS) {
        jmh_sse_writable(http, out);
    } else if (http->phase == JMH_HTTP_SENDING) {
        jmh_answer_progress(http, out);
    } else if (http->phase == JMH_HTTP_CLOSING && out == JMH_OUT_DONE) {
        jmh_http_close(http);
    }
    jmh_http_watch(http);
}

static void on_ready(void *user, uint32_t events, jm_status status)
{
    struct jmh_http *http = user;
    if (status < 0) {
        jmh_http_end(http);
        return;
    }
    if ((events & JM_FD_WRITABLE) != 0) {
        write_some(http);
    }
    if ((events & JM_FD_READABLE) != 0 && http->phase != JMH_HTTP_DEAD) {
        read_some(http);
    }
}

bool jmh_http_admits_client(const struct jmh_http *http, struct jmh_head_fault *fault_out)
{
    const struct jmh_host *host = http->conn.transport->host;
    struct jmh_browser_request request = {.method = {"GET", 3}, .is_websocket = true};
    (void)jmh_http_header(http, "host", &request.host);
    (void)jmh_http_header(http, "origin", &request.origin);
    (void)jmh_http_header(http, "sec-fetch-site", &request.fetch_site);
    enum jmh_browser_verdict verdict = jmh_browser_judge(&host->rules, &request);
    if (verdict != JMH_BROWSER_PASS) {
        *fault_out = (struct jmh_head_fault){403, jmh_browser_sentence(verdict)};
        return false;
    }
    if (http->conn.transport->draining || host->draining) {
        *fault_out = (struct jmh_head_fault){503, "The host is going down; come back in a moment"};
        return false;
    }
    if (jmh_clients_count(host->clients) >= (size_t)host->config.limits.clients) {
        *fault_out = (struct jmh_head_fault){
            503, "There are too many clients; raise limits.clients or try again later"};
        return false;
    }
    return true;
}
