/* The registry: all plugins, from their manifests to their end.
 *
 * Finds the manifests of the plugin folder, resolves what they require, starts providers first, and
 * keeps the index of what is live. [loop] */
#ifndef JMH_PLUGIN_REGISTRY_H
#define JMH_PLUGIN_REGISTRY_H

#include "host/plugin/index.h"
#include "host/plugin/plugin.h"

struct jmh_registry;

/* `host_set` is what the host itself registers; taken. */
struct jmh_registry *jmh_registry_new(struct jmh_host *host, struct jmh_regset *host_set_take);
void jmh_registry_free(struct jmh_registry *registry);

/* Read every NAME.json of the folder. `enable` (NULL-terminated, or NULL: all) names those to start;
 * an unknown name is JM_ENOENT. A broken manifest is an error of the start. */
jm_status jmh_registry_scan(struct jmh_registry *registry, const char *folder,
                            const char *const *enable, struct jmh_err *err);
/* Load, init, migrate and activate all that are enabled, providers first. A plugin that fails is
 * refused, with those that need it, and the host goes on; a wrong configuration of a plugin, a cycle
 * and a missing requirement are errors of the start. */
jm_status jmh_registry_start(struct jmh_registry *registry, struct jmh_err *err);
/* Only load and init, for --check-config and --print-config. */
jm_status jmh_registry_check(struct jmh_registry *registry, struct jmh_err *err);
/* Tell all to start no new work: consumers first. */
void jmh_registry_drain(struct jmh_registry *registry);
/* Whether nothing of any plugin is under way that ends by itself: no work, task or request. */
bool jmh_registry_is_idle(const struct jmh_registry *registry);
/* Drain all, end what they have under way, save their states, destroy them: consumers first. */
void jmh_registry_stop(struct jmh_registry *registry);

const struct jmh_index *jmh_registry_index(const struct jmh_registry *registry);
size_t jmh_registry_count(const struct jmh_registry *registry);
struct jmh_plugin *jmh_registry_get(const struct jmh_registry *registry, size_t number);
/* The plugin to whose route prefixes a path belongs, NULL for none: to say that it is not enabled. */
struct jmh_plugin *jmh_registry_of_path(const struct jmh_registry *registry, jm_span path);
/* The slot of a service; made on first use. */
jm_service_slot *jmh_registry_slot(struct jmh_registry *registry, const char *id);

#endif
