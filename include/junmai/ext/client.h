/* junmai.client/1 - a client session of the plugin's own: how another transport is attached.
 *
 * A session is what a WebSocket connection is to the host: it registers, subscribes and has a
 * cursor in the event log. It owns no queue: take() hands out what its cursor has not passed yet,
 * so a poller that is slow or away loses nothing that the log still holds. */
#ifndef JUNMAI_EXT_CLIENT_H
#define JUNMAI_EXT_CLIENT_H

#include <junmai/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JM_EXT_CLIENT "junmai.client/1"

/* There is something to take; called once, then again only after take() found nothing more.
 * [loop & (active | draining)] */
typedef void (*jm_client_wake_fn)(void *user, jm_id client);
/* One message or event, a JSON object. [loop & (active | draining)] */
typedef void (*jm_client_sink_fn)(void *user, jm_span json);

typedef struct jm_client_desc {
    uint32_t size;           /* sizeof(jm_client_desc) */
    uint32_t reserved;       /* 0 */
    const char *transport;   /* shown to operators: "poll", "mqtt", … */
    const jm_caller *caller; /* who it is; copied. NULL: the plugin itself */
    jm_client_wake_fn wake;  /* may be NULL */
    void *user;
} jm_client_desc;

typedef struct jm_host_client {
    uint32_t size;
    /* Open a session. Its first message to take is connection_established. [loop & (active | draining)]
     * Returns JM_OK, JM_ENOMEM (the limit of clients). */
    jm_status (*open)(const jm_host *host, const jm_client_desc *desc, jm_id *client_out);
    /* The same as if the client had sent `json` over a WebSocket. Its replies go to `sink` during
     * the call, not to take(); `sink` may be NULL to take() them instead. [loop & (active | draining)]
     * Returns JM_OK, JM_EGONE, JM_EINVAL (no JSON object). */
    jm_status (*receive)(const jm_host *host, jm_id client, jm_span json, jm_client_sink_fn sink,
                         void *user);
    /* Hand out at most `max_messages` that the cursor has not passed, oldest first, and move the
     * cursor. `ack_out` (may be NULL) is the position after them. [loop & (active | draining)]
     * Returns the number handed out, or JM_EGONE. */
    int32_t (*take)(const jm_host *host, jm_id client, uint32_t max_messages,
                    jm_client_sink_fn sink, void *user, uint64_t *ack_out);
    /* The client has got everything up to `ack`: the next take() goes on behind it. An earlier
     * position than the cursor's moves the cursor back, so that an answer that was lost is given
     * again. [loop & (active | draining)]  Returns JM_OK, JM_EGONE, JM_EINVAL (ahead of the cursor). */
    jm_status (*acknowledge)(const jm_host *host, jm_id client, uint64_t ack);
    /* End the session. [loop & (active | draining)]  Returns JM_OK, JM_EGONE. */
    jm_status (*close)(const jm_host *host, jm_id client);
} jm_host_client;

#ifdef __cplusplus
}
#endif
#endif
