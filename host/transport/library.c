/* libwebsockets on our loop, and its one callback. [loop] */
#include "host/transport/ws.h"

#include "host/host.h"
#include "host/transport/guards.h"
#include "host/util/trace.h"

#include <string.h>

/* It reads a connection in pieces of this size and keeps a buffer of it for each: the least that holds
 * a control frame. */
#define READ_BYTES 128
#define SHARED_BYTES 4096
#define HANDSHAKE_BYTES 1024
#define HANDSHAKE_TIMEOUT_S 5

static int serve(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                 size_t len);

static const struct lws_protocols protocols[] = {
    {.name = JMH_SUBPROTOCOL,
     .callback = serve,
     .rx_buffer_size = READ_BYTES,
     .tx_packet_size = JMH_RUN_BYTES + JMH_RUN_BYTES / 4},
    {.name = NULL},
};

/* The library agrees on the extension and lets its frames pass as they are: its own permessage-deflate
 * keeps memory for each connection, and in 4.1.6 it can be made to spin. ws.c inflates. */
static int extend(struct lws_context *context, const struct lws_extension *extension,
                  struct lws *wsi, enum lws_extension_callback_reasons reason, void *user, void *in,
                  size_t len)
{
    static const struct lws_ext_options options[] = {{"server_no_context_takeover", EXTARG_NONE},
                                                     {"client_no_context_takeover", EXTARG_NONE},
                                                     {NULL, EXTARG_NONE}};
    (void)context;
    (void)extension;
    (void)wsi;
    (void)len;
    if (reason == LWS_EXT_CB_CONSTRUCT) {
        *(const void **)user = options; /* it keeps nothing, but it must have something to keep */
        if (in != NULL) {
            *(const struct lws_ext_options **)in = options;
        }
    }
    return 0;
}

static const struct lws_extension extensions[] = {{"permessage-deflate", extend, JMH_EXTENSION},
                                                  {NULL, NULL, NULL}};

/* The library has made its struct for the socket that upgrade.c has given to it. */
static int attach(struct lws *wsi)
{
    struct jmh_transport *transport = lws_context_user(lws_get_context(wsi));
    struct jmh_ws *ws = transport->opening;
    transport->opening = NULL;
    if (ws == NULL) {
        return -1;
    }
    ws->wsi = wsi;
    lws_set_wsi_user(wsi, ws);
    return 0;
}

static int serve_ws(struct jmh_ws *ws, enum lws_callback_reasons reason, jm_span in)
{
    switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
        return jmh_ws_opened(ws);
    case LWS_CALLBACK_RECEIVE:
        return jmh_ws_received(ws, in);
    case LWS_CALLBACK_RECEIVE_PONG:
        jmh_ws_alive(ws);
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return jmh_ws_writable(ws);
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        return jmh_ws_closing(ws);
    case LWS_CALLBACK_WS_SERVER_DROP_PROTOCOL: /* before the library writes a close frame of its own */
        (void)jmh_ws_closing(ws);
        return 0;
    case LWS_CALLBACK_CLOSED:
        jmh_ws_gone(ws);
        return 0;
    case LWS_CALLBACK_WSI_DESTROY:
        jmh_ws_free(ws);
        return 0;
    default:
        return 0;
    }
}

static int serve(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                 size_t len)
{
    if (reason == LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED) {
        return attach(wsi);
    }
    if (reason == LWS_CALLBACK_HTTP) {
        return -1; /* only handshakes are given to the library */
    }
    return user != NULL ? serve_ws(user, reason, (jm_span){in, len}) : 0;
}

static void emit_log(int level, const char *line)
{
    (void)level;
    jmh_trace(JM_LOG_DEBUG, "libwebsockets", "%.*s", (int)strcspn(line, "\n"), line);
}

bool jmh_library_open(struct jmh_transport *transport)
{
    void *loops[] = {jmh_loop_native(transport->host->loop)};
    struct lws_context_creation_info info = {
        .protocols = protocols,
        .extensions = extensions,
        .user = transport,
        .pcontext = &transport->context,
        .foreign_loops = loops,
        .pt_serv_buf_size = SHARED_BYTES,
        .max_http_header_data = HANDSHAKE_BYTES,
        .timeout_secs = HANDSHAKE_TIMEOUT_S,
        .vhost_name = JMH_SUBPROTOCOL,
    };
    lws_set_log_level(LLL_ERR | LLL_WARN, emit_log);
    jmh_guard_context(&info);
    jmh_guard_vhost(&info);
    transport->context = lws_create_context(&info);
    transport->vhost =
        transport->context != NULL ? lws_create_vhost(transport->context, &info) : NULL;
    return transport->vhost != NULL;
}
