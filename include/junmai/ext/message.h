/* junmai.message/1 - messages that clients send, by their "type".
 *
 * The host itself answers ping, register, subscribe and unsubscribe; every other type is looked up
 * here. A client's messages are handled one after another, in the order in which they came. */
#ifndef JUNMAI_EXT_MESSAGE_H
#define JUNMAI_EXT_MESSAGE_H

#include <junmai/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JM_EXT_MESSAGE "junmai.message/1"

typedef struct jm_message {
    uint32_t size; /* sizeof(jm_message) of the host */
    uint32_t reserved;
    jm_id client;        /* who sent it */
    jm_span client_type; /* as registered: gui, mobile, lightroom, unknown, … */
    jm_span client_name;
    const jm_caller *caller;
    jm_span type; /* the message's "type" */
    jm_span json; /* the whole message, a JSON object */
} jm_message;

/* Handles a message. A negative status takes back what the handler wrote and published, and the
 * client gets an error frame with the sentence of junmai.error/1. [loop & (active | draining)] */
typedef jm_status (*jm_message_fn)(void *user, const jm_message *message);

typedef struct jm_host_message {
    uint32_t size;
    /* Handle messages of `type`. [loop & loaded]
     * Returns JM_OK, JM_EINVAL (name), JM_EEXIST (the sentence names the owner). */
    jm_status (*handle)(const jm_host *host, const char *type, const char *help, jm_message_fn fn,
                        void *user);
    /* Send one client a message, a JSON object with a "type"; it leaves after the turn's commit,
     * in order with the client's events. [loop & (active | draining)]
     * Returns JM_OK, JM_EGONE, JM_EINVAL. */
    jm_status (*send)(const jm_host *host, jm_id client, jm_span json);
} jm_host_message;

#ifdef __cplusplus
}
#endif
#endif
