/* What Debian's libwebsockets 4.1.6 needs to be safe. Its HTTP role has defects that anybody can
 * trigger from outside; later releases mend most of them. Each guard names its defect and has a test
 * in tests/hostile that fails without it. [loop] */
#ifndef JMH_TRANSPORT_GUARDS_H
#define JMH_TRANSPORT_GUARDS_H

#include "host/transport/conn.h"

/* Before the context is made: room for descriptors; the most connections to accept. */
size_t jmh_guard_descriptors(size_t clients_max);
/* Fill in what keeps defects away: HTTP/2, retry timers, IPv6 quirks, the catch-all mount. */
void jmh_guard_context(struct lws_context_creation_info *info);
void jmh_guard_vhost(struct lws_context_creation_info *info);
/* End the library's context, whose handles need rounds of the loop and a second call. */
void jmh_guard_destroy(struct jmh_loop *loop, struct lws_context **context);

/* The header table that an upgrade is decided on is gone: CVE-2025-11677. */
bool jmh_guard_upgrade_is_real(struct lws *wsi);
/* A request begins: false where the connection must close. */
bool jmh_guard_may_begin(struct jmh_conn *conn);
/* The length of the body that will come; false, with status and sentence, where the library would
 * read something else than was sent. `unknown_out`: it waits for more than was announced. */
bool jmh_guard_length(struct lws *wsi, uint64_t *length_out, bool *unknown_out, int *status_out,
                      const char **sentence_out);
/* Whether a body may be read in the present state of the connection. */
bool jmh_guard_may_have_body(const struct jmh_conn *conn);
/* A request was handed to its handler. */
void jmh_guard_dispatched(struct jmh_conn *conn);
/* After each wait for input, and at the end of a turn. */
void jmh_guard_input(struct jmh_transport *transport);
void jmh_guard_turn_ended(struct jmh_transport *transport);
/* The answer is about to be written, and: it is written whole. The latter tells the library; false
 * where the connection must close instead, `later_out` where that has to wait until it is writable. */
void jmh_guard_answering(struct jmh_conn *conn);
bool jmh_guard_complete(struct jmh_conn *conn, bool *later_out);

/* WebSocket: write whole frames; false where the connection is dead. */
bool jmh_guard_write(struct lws *wsi, const uint8_t *bytes, size_t len);
/* Whether frames may be written now. */
bool jmh_guard_may_write(struct lws *wsi);
/* Stop and resume reading. */
void jmh_guard_pause(struct lws *wsi);
void jmh_guard_resume(struct lws *wsi);
/* End a connection from outside its callbacks. */
void jmh_guard_kill(struct lws *wsi);
/* Timeouts that the library has set outside its callbacks take effect only with its next event. */
void jmh_guard_wake(struct lws_context *context);

#endif
