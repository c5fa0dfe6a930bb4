/* Who needs whom: from the manifests to the order in which plugins start. Plain data. [loop] */
#ifndef JMH_PLUGIN_RESOLVE_H
#define JMH_PLUGIN_RESOLVE_H

#include "host/plugin/plugin.h"

/* A set of plugins, borrowed. */
struct jmh_plugins {
    struct jmh_plugin *const *items;
    size_t count;
};

/* Whether a list of service ids (NULL-terminated) holds one. */
bool jmh_services_hold(char *const *ids, const char *id);
/* The plugin that provides a service, an enabled one before others; NULL where none does. */
struct jmh_plugin *jmh_provider_of(struct jmh_plugins plugins, const char *id);
/* Write the enabled plugins (of state FOUND) into `order_out` (room for all), providers first, equals
 * by name. JM_ENOENT: somebody needs a service that no plugin provides. JM_EINVAL: a circle. */
jm_status jmh_resolve(struct jmh_plugins plugins, struct jmh_plugin **order_out, size_t *count_out,
                      struct jmh_err *err);
/* JM_ESTATE, with a sentence that names both, where a provider that the plugin requires is disabled or
 * was refused; JM_EEXIST where another plugin already provides what it provides. */
jm_status jmh_resolve_check(struct jmh_plugins plugins, const struct jmh_plugin *plugin,
                            struct jmh_err *err);

#endif
