/* Requests that become WebSocket connections. [loop]
 *
 * The library gets the socket and a handshake that was written here, of which only the key is the
 * peer's: nothing that a peer can think of reaches the library's HTTP role. */
#include "host/transport/ws.h"

#include "host/host.h"
#include "host/transport/offer.h"
#include "host/util/span.h"

#include <stdio.h>
#include <string.h>

#define HANDSHAKE_BYTES 512

static bool is_base64(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' ||
           c == '/';
}

/* 16 bytes in base64. */
static bool is_key(jm_span key)
{
    bool is_good = key.len == 24 && key.ptr[22] == '=' && key.ptr[23] == '=';
    for (size_t i = 0; is_good && i < 22; i++) {
        is_good = is_base64(key.ptr[i]);
    }
    return is_good;
}

static bool refuse(struct jmh_http *http, int status, const char *sentence, const char *headers)
{
    const struct jmh_head_fault fault = {status, sentence};
    jmh_answer_refuse(http, &fault, headers);
    return false;
}

static bool is_handshake(struct jmh_http *http)
{
    const struct jmh_head *head = http->head;
    jm_span target = {http->in.data + head->target_at, head->target_len};
    const char *mark = memchr(target.ptr, '?', target.len);
    jm_span path = {target.ptr, mark != NULL ? (size_t)(mark - target.ptr) : target.len};
    jm_span version = {NULL, 0}, connection = {NULL, 0}, key = {NULL, 0};
    (void)jmh_http_header(http, "sec-websocket-version", &version);
    (void)jmh_http_header(http, "connection", &connection);
    (void)jmh_http_header(http, "sec-websocket-key", &key);
    if (!jmh_span_is(path, "/ws")) {
        return refuse(http, 404, "WebSocket connections are made at /ws", "");
    }
    if (!jmh_span_is((jm_span){http->in.data + head->method_at, head->method_len}, "GET") ||
        head->is_http10 || !jmh_head_has_token(connection, "upgrade")) {
        return refuse(http, 400,
                      "A WebSocket handshake is a GET of HTTP/1.1 with "
                      "Connection: Upgrade",
                      "");
    }
    if (!jmh_span_is(version, "13")) {
        return refuse(http, 426, "The WebSocket version must be 13",
                      "Sec-WebSocket-Version: 13\r\nUpgrade: websocket\r\n");
    }
    if (!is_key(key)) {
        return refuse(http, 400, "Sec-WebSocket-Key must be 16 bytes in base64", "");
    }
    if (http->in.len > head->bytes) {
        return refuse(http, 400, "Nothing may follow a WebSocket handshake before its answer", "");
    }
    return true;
}

static bool is_loopback(jm_span address)
{
    return jmh_span_is(address, "::1") || (address.len > 4 && memcmp(address.ptr, "127.", 4) == 0);
}

/* On the way to a program of this machine nothing is slower than to compress. */
static bool may_compress(const struct jmh_http *http)
{
    jm_span offers = {NULL, 0};
    switch (http->conn.transport->host->config.listen.compression) {
    case JMH_COMPRESSION_NEVER:
        return false;
    case JMH_COMPRESSION_REMOTE:
        if (is_loopback(http->identity->caller.address)) {
            return false;
        }
        break;
    case JMH_COMPRESSION_ALWAYS:
        break;
    }
    return jmh_http_header(http, "sec-websocket-extensions", &offers) && jmh_offer_deflates(offers);
}

/* The library answers a subprotocol only where one of ours is asked for; any other is ignored. */
static size_t write_handshake(const struct jmh_http *http, bool compresses, char *out)
{
    jm_span key = {NULL, 0}, protocols = {NULL, 0};
    (void)jmh_http_header(http, "sec-websocket-key", &key);
    (void)jmh_http_header(http, "sec-websocket-protocol", &protocols);
    bool has_ours = jmh_head_has_token(protocols, JMH_SUBPROTOCOL);
    return (size_t)snprintf(out, HANDSHAKE_BYTES,
                            "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                            "Sec-WebSocket-Key: %.*s\r\n%s%s\r\n",
                            JMH_ARG(key),
                            compresses ? "Sec-WebSocket-Extensions: " JMH_EXTENSION "\r\n" : "",
                            has_ours ? "Sec-WebSocket-Protocol: " JMH_SUBPROTOCOL "\r\n" : "");
}

static int give_up_socket(struct jmh_http *http)
{
    int fd = http->fd;
    http->fd = -1;
    jmh_http_end(http);
    return fd;
}

void jmh_upgrade(struct jmh_http *http)
{
    struct jmh_transport *transport = http->conn.transport;
    struct jmh_head_fault fault;
    char handshake[HANDSHAKE_BYTES];
    if (!is_handshake(http)) {
        return;
    }
    if (!jmh_http_admits_client(http, &fault)) {
        (void)refuse(http, fault.status, fault.sentence,
                     fault.status == 503 ? "Retry-After: 5\r\n" : "");
        return;
    }
    struct jmh_ws *ws = jmh_ws_new(transport);
    if (ws == NULL) {
        jmh_http_end(http);
        return;
    }
    ws->compresses = may_compress(http);
    size_t len = write_handshake(http, ws->compresses, handshake);
    struct jmh_identity *identity = http->identity;
    transport->opening = ws;
    transport->opening_identity = identity;
    int fd = give_up_socket(http);
    (void)lws_adopt_socket_vhost_readbuf(transport->vhost, fd, handshake, len);
    transport->opening_identity = NULL;
    if (transport->opening != NULL) { /* the library has not taken it */
        transport->opening = NULL;
        jmh_ws_free(ws);
    }
}
