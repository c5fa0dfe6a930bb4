/* A registration set: everything that one plugin (or the host itself) declares.
 *
 * init() fills the set of its plugin; nothing is live. The host builds its index (plugin/index.h)
 * from the sets of all that are active: that is the commit, and it is one pointer swap. Plain data;
 * a set owns its strings. [loop] */
#ifndef JMH_PLUGIN_REGSET_H
#define JMH_PLUGIN_REGSET_H

#include "host/util/err.h"

#include <junmai/ext/event.h>
#include <junmai/ext/http.h>
#include <junmai/ext/message.h>
#include <stdbool.h>

struct jmh_plugin;

struct jmh_channel_decl {
    char *name;
    char *help;
};

struct jmh_field {
    char *name;
    uint32_t type; /* JM_FIELD_* */
    char *help;
};

struct jmh_event_type {
    char *name;
    char *channel;
    int32_t retention;
    char *conflate_key; /* NULL: never */
    char *help;
    struct jmh_field *fields;
    size_t field_count;
    struct jmh_regset *owner;
};

struct jmh_route {
    char *method;
    char *path;
    uint32_t flags;
    char *help;
    char *query;  /* NULL for none */
    char *body;   /* NULL: not said */
    char *answer; /* NULL: not said */
    jm_route_fn fn;
    void *user;
    struct jmh_regset *owner;
};

struct jmh_message_type {
    char *name;
    char *help;
    jm_message_fn fn;
    void *user;
    struct jmh_regset *owner;
};

struct jmh_service_decl {
    char *id;
    const void *table;
    void *provider_data;
};

struct jmh_regset {
    char *owner;               /* the plugin's name, "junmai" for the host */
    struct jmh_plugin *plugin; /* NULL for the host */
    struct jmh_channel_decl *channels;
    size_t channel_count;
    struct jmh_event_type *types;
    size_t type_count;
    struct jmh_route *routes;
    size_t route_count;
    struct jmh_message_type *messages;
    size_t message_count;
    struct jmh_service_decl *services;
    size_t service_count;
};

struct jmh_regset *jmh_regset_new(const char *owner, struct jmh_plugin *plugin);
void jmh_regset_free(struct jmh_regset *set);

/* Each checks what it is given (names, methods, paths, keys) and copies it. A failure leaves the set
 * as it was. */
jm_status jmh_regset_add_channel(struct jmh_regset *set, const char *name, const char *help,
                                 struct jmh_err *err);
jm_status jmh_regset_add_type(struct jmh_regset *set, const jm_event_type *type,
                              struct jmh_err *err);
jm_status jmh_regset_add_route(struct jmh_regset *set, const jm_route *route, struct jmh_err *err);
jm_status jmh_regset_add_message(struct jmh_regset *set, const char *name, const char *help,
                                 jm_message_fn fn, void *user, struct jmh_err *err);
jm_status jmh_regset_add_service(struct jmh_regset *set, const char *id, const void *table,
                                 void *provider_data, struct jmh_err *err);

#endif
