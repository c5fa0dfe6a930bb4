/* Inside host/transport: a connection over WebSocket, which libwebsockets holds. [loop] */
#ifndef JMH_TRANSPORT_WS_H
#define JMH_TRANSPORT_WS_H

#include "host/transport/http.h"

#include <libwebsockets.h>

/* The library's user pointer of a connection. */
struct jmh_ws {
    struct jmh_conn conn; /* first */
    struct lws *wsi;
    struct jmh_buf *message; /* the pieces of a message, or the close frame that waits */
    bool skipping;           /* the rest of a message that is too large */
    bool compresses;         /* permessage-deflate was agreed on */
    bool is_compressed;      /* the message that is coming */
    bool in_frame;           /* the next piece is of the same frame as the last */
};

/* Each message stands for itself, both ways. */
#define JMH_EXTENSION "permessage-deflate; server_no_context_takeover; client_no_context_takeover"

/* upgrade.c: the present request asks for a WebSocket connection: it becomes one, or is refused. */
void jmh_upgrade(struct jmh_http *http);

/* ws.c: the library's callbacks; -1 closes the connection. */
struct jmh_ws *jmh_ws_new(struct jmh_transport *transport);
void jmh_ws_free(struct jmh_ws *ws);
int jmh_ws_opened(struct jmh_ws *ws);
int jmh_ws_received(struct jmh_ws *ws, jm_span piece);
int jmh_ws_writable(struct jmh_ws *ws);
/* The peer, or the library, has begun to close. */
int jmh_ws_closing(struct jmh_ws *ws);
void jmh_ws_gone(struct jmh_ws *ws);
void jmh_ws_alive(struct jmh_ws *ws);

/* library.c */
bool jmh_library_open(struct jmh_transport *transport);

#endif
