/* The messages of the host itself: ping, register, subscribe, unsubscribe. Internal to host/client.
 *
 * Each handler answers with a reply or an error frame; the connection stays open. [loop] */
#ifndef JMH_CLIENT_PROTOCOL_H
#define JMH_CLIENT_PROTOCOL_H

#include "host/client/clients.h"
#include "host/util/json.h"

#define JMH_CLIENT_TYPE_MAX 64
#define JMH_CLIENT_NAME_MAX 256

/* Queue an error frame with a sentence made like printf's. */
__attribute__((format(printf, 2, 3))) void jmh_client_errorf(struct jmh_client *client,
                                                             const char *format, ...);

/* What the host answers itself; the last has no type. `members` are those beside "type", as a route
 * declares its body. */
struct jmh_own_message {
    const char *type, *help, *members;
    void (*fn)(struct jmh_client *client, struct jmh_json_value message);
};
extern const struct jmh_own_message jmh_own_messages[];

void jmh_message_subscribe(struct jmh_client *client, struct jmh_json_value message);
void jmh_message_unsubscribe(struct jmh_client *client, struct jmh_json_value message);

#endif
