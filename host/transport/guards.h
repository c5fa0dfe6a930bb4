/* What Debian's libwebsockets 4.1.6 needs to be safe. Its HTTP role is not used for requests at all
 * (http.c, upgrade.c); what is left are the rules of its WebSocket role and of its life on a loop that
 * is not its own. Each function names what it stands against. [loop] */
#ifndef JMH_TRANSPORT_GUARDS_H
#define JMH_TRANSPORT_GUARDS_H

#include "host/loop/loop.h"

#include <libwebsockets.h>
#include <stdbool.h>

/* Before the context is made: room for descriptors; returns the most connections to accept. */
size_t jmh_guard_descriptors(size_t clients_max);
/* What keeps defects away, for the context and for its one virtual host. */
void jmh_guard_context(struct lws_context_creation_info *info);
void jmh_guard_vhost(struct lws_context_creation_info *info);
/* End the library's context; sets it to NULL. */
void jmh_guard_destroy(struct jmh_loop *loop, struct lws_context **context);

/* Whether frames may be written now; write them; false where the connection is dead. */
bool jmh_guard_may_write(struct lws *wsi);
bool jmh_guard_write(struct lws *wsi, const uint8_t *bytes, size_t len);
/* Stop and resume reading. */
void jmh_guard_pause(struct lws *wsi);
void jmh_guard_resume(struct lws *wsi);
/* End a connection soon, from anywhere. */
void jmh_guard_kill(struct lws *wsi);

#endif
