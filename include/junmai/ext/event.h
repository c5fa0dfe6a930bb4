/* junmai.event/1 - channels and event types, declared once, published at any time.
 *
 * The host itself declares the channel `system` and the type `error_occurred`, for what an operator
 * should know: error_type (text, a short code), error_message (a sentence), error_details (object),
 * and optionally job_id (text) and photo_id (integer).
 *
 * An event belongs to the turn of the loop in which it is published: it leaves after the turn's
 * transaction is committed, together with the replies, and not at all if the handler that published
 * it fails. Events of one turn keep their order. The host adds type, timestamp, channel and seq. */
#ifndef JUNMAI_EXT_EVENT_H
#define JUNMAI_EXT_EVENT_H

#include <junmai/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JM_EXT_EVENT "junmai.event/1"

/* Retention: how long an event of the type can be replayed to a client that was away. */
#define JM_RETAIN_DURABLE 1 /* in the store, with the turn's transaction; survives a restart */
#define JM_RETAIN_MEMORY 2  /* in the ring log while the host runs */
#define JM_RETAIN_NONE \
    3 /* not kept on purpose: for clients that listen now; never counts as missed */

/* JSON types of a field; may be or-ed. */
#define JM_FIELD_TEXT 1u
#define JM_FIELD_INT 2u
#define JM_FIELD_NUMBER 4u
#define JM_FIELD_BOOL 8u
#define JM_FIELD_OBJECT 16u
#define JM_FIELD_ARRAY 32u
#define JM_FIELD_NULL 64u      /* may be null */
#define JM_FIELD_OPTIONAL 128u /* may be absent */

typedef struct jm_field {
    const char *name;  /* NUL-terminated */
    uint32_t type;     /* JM_FIELD_* */
    uint32_t reserved; /* 0 */
    const char *help;  /* meaning, unit, range */
} jm_field;

typedef struct jm_event_type {
    uint32_t size;       /* sizeof(jm_event_type) */
    int32_t retention;   /* JM_RETAIN_* */
    const char *name;    /* as it stands in "type": [a-z0-9_.-]{1,64} */
    const char *channel; /* where it is published unless publish() names another */
    const char
        *conflate_key; /* name of a field, or "" for one event per type; NULL: never conflate.
                                 A newer event supersedes an older one of the same key for every
                                 client that has not got it yet. Only with JM_RETAIN_MEMORY. */
    const char *help;  /* when it fires */
    const jm_field *fields;
    size_t field_count;
} jm_event_type;

typedef struct jm_host_event {
    uint32_t size;
    /* Declare a channel. Several plugins may declare the same one: it is one channel.
     * `name` is [a-z0-9_.-]{1,64}, `help` says what is on it. [loop & loaded]
     * Returns JM_OK, JM_EINVAL (name). */
    jm_status (*declare_channel)(const jm_host *host, const char *name, const char *help);
    /* Declare an event type; everything in `type` is copied. [loop & loaded]
     * Returns JM_OK, JM_EINVAL (a name, a key that is no field, an undeclared channel),
     * JM_EEXIST (another plugin declares the type; the sentence names it). */
    jm_status (*declare_type)(const jm_host *host, const jm_event_type *type);
    /* Publish an event of a declared type, its own or another plugin's. `fields` is a JSON object
     * that holds to the declaration (every field that is not OPTIONAL, and no other); `type`, `timestamp`, `channel` and `seq` may not be among its
     * fields. `channel` is absent for the declared one. [loop & (active | draining)]
     * Returns JM_OK, JM_ENOENT (no such type or channel), JM_EINVAL (the sentence names the field),
     * JM_ENOMEM. */
    jm_status (*publish)(const jm_host *host, jm_span type, jm_span channel, jm_span fields);
    /* Publish what no plugin declares: a relayed or injected event. Checked for nothing but being a
     * JSON object; `type`, `timestamp`, `channel` and `seq` in it are left out. Channel "" means
     * every client. `retention` is JM_RETAIN_MEMORY or JM_RETAIN_DURABLE. [loop & (active | draining)]
     * Returns JM_OK, JM_EINVAL, JM_ENOMEM. */
    jm_status (*inject)(const jm_host *host, jm_span type, jm_span channel, jm_span fields,
                        int32_t retention);
} jm_host_event;

#ifdef __cplusplus
}
#endif
#endif
