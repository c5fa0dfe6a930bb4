/* The registry: which plugins there are, which are live, in which order they come and go. [loop] */
#include "host/plugin/registry.h"

#include "host/config/suggest.h"
#include "host/host.h"
#include "host/plugin/fault.h"
#include "host/plugin/lease.h"
#include "host/plugin/lifecycle.h"
#include "host/plugin/resolve.h"
#include "host/plugin/scan.h"
#include "host/plugin/slots.h"
#include "host/plugin/strays.h"
#include "host/util/span.h"
#include "host/util/trace.h"

#include <stdlib.h>

struct jmh_registry {
    struct jmh_host *host;
    struct jmh_regset *host_set;
    struct jmh_plugin **plugins; /* all, by name */
    size_t count;
    struct jmh_plugin **order; /* those that start, providers first */
    size_t order_count;
    struct jmh_index *index;
    struct jmh_slots slots;
};

static struct jmh_plugins all(const struct jmh_registry *registry)
{
    return (struct jmh_plugins){registry->plugins, registry->count};
}

#define LIVE (1u << JMH_PLUGIN_ACTIVE | 1u << JMH_PLUGIN_DRAINING | 1u << JMH_PLUGIN_ENDING)

/* An index of the host's registrations and those of all plugins in one of the states (bits), but for
 * one that leaves (NULL: none). */
static struct jmh_index *build(const struct jmh_registry *registry, unsigned states,
                               const struct jmh_plugin *leaving, struct jmh_err *err)
{
    struct jmh_regset **sets = calloc(registry->order_count + 1, sizeof(void *));
    if (sets == NULL) {
        jmh_err_set(err, JM_ENOMEM, "out of memory for the index of what is registered");
        return NULL;
    }
    size_t count = 0;
    sets[count++] = registry->host_set;
    for (size_t i = 0; i < registry->order_count; i++) {
        const struct jmh_plugin *plugin = registry->order[i];
        if ((states & (1u << plugin->state)) != 0 && plugin != leaving)
            sets[count++] = plugin->registrations;
    }
    struct jmh_index *index = jmh_index_build(sets, count, err);
    free(sets);
    return index;
}

/* What is declared has its number before clients can use them all up. */
static void intern(const struct jmh_host *host, const struct jmh_index *index)
{
    for (size_t i = 0; host->channels != NULL && i < jmh_index_set_count(index); i++) {
        const struct jmh_regset *set = jmh_index_set(index, i);
        for (size_t k = 0; k < set->channel_count; k++)
            jmh_names_intern(host->channels, jmh_span(set->channels[k].name));
        for (size_t k = 0; k < set->type_count; k++)
            jmh_names_intern(host->types, jmh_span(set->types[k].name));
    }
}

static jm_status rebuild(struct jmh_registry *registry, const struct jmh_plugin *leaving,
                         struct jmh_err *err)
{
    struct jmh_index *index = build(registry, LIVE, leaving, err);
    if (index == NULL)
        return err->code;
    jmh_index_free(registry->index);
    registry->index = index;
    intern(registry->host, index);
    return JM_OK;
}

struct jmh_registry *jmh_registry_new(struct jmh_host *host, struct jmh_regset *host_set_take)
{
    struct jmh_registry *registry = calloc(1, sizeof *registry);
    struct jmh_err err;
    if (registry == NULL) {
        jmh_regset_free(host_set_take);
        return NULL;
    }
    registry->host = host;
    registry->host_set = host_set_take;
    if (rebuild(registry, NULL, &err) < 0) {
        jmh_trace(JM_LOG_ERROR, "registry", "%s", err.text);
        jmh_registry_free(registry);
        return NULL;
    }
    jmh_fault_install();
    return registry;
}

void jmh_registry_free(struct jmh_registry *registry)
{
    if (registry == NULL)
        return;
    jmh_registry_stop(registry);
    jmh_index_free(registry->index);
    for (size_t i = 0; i < registry->count; i++)
        jmh_plugin_free(registry->plugins[i]);
    free(registry->plugins);
    free(registry->order);
    jmh_slots_fini(&registry->slots);
    jmh_regset_free(registry->host_set);
    free(registry);
}

static struct jmh_plugin *find(const struct jmh_registry *registry, const char *name)
{
    for (size_t i = 0; i < registry->count; i++)
        if (strcmp(registry->plugins[i]->name, name) == 0)
            return registry->plugins[i];
    return NULL;
}

/* A name that somebody wrote: is there such a plugin? `where` begins the sentence. */
static jm_status must_exist(const struct jmh_registry *registry, const char *where,
                            const char *name, const char *folder, struct jmh_err *err)
{
    if (find(registry, name) != NULL)
        return JM_OK;
    struct jmh_suggest suggest;
    jmh_suggest_init(&suggest, name);
    for (size_t i = 0; i < registry->count; i++)
        jmh_suggest_offer(&suggest, registry->plugins[i]->name);
    return jmh_err_set(err, JM_ENOENT, "%s%.64s: there is no such plugin in %s%s", where, name,
                       folder, jmh_suggest_text(&suggest));
}

static jm_status check_names(const struct jmh_registry *registry, const char *folder,
                             const char *const *enable, struct jmh_err *err)
{
    const struct jmh_config *config = &registry->host->config;
    char where[JMH_ERR_BYTES / 2];
    const char *name;
    for (size_t i = 0; (name = jmh_config_plugin_name(config, i)) != NULL; i++) {
        snprintf(where, sizeof where, "%s: plugins.", config->file);
        if (must_exist(registry, where, name, folder, err) < 0)
            return err->code;
    }
    for (; enable != NULL && *enable != NULL; enable++)
        if (must_exist(registry, "--enable ", *enable, folder, err) < 0)
            return err->code;
    return JM_OK;
}

/* Decide which plugins start, and keep for the others why they do not. */
static void select_plugins(struct jmh_registry *registry, const char *const *enable)
{
    const struct jmh_config *config = &registry->host->config;
    for (size_t i = 0; i < registry->count; i++) {
        struct jmh_plugin *plugin = registry->plugins[i];
        bool named = false;
        for (size_t j = 0; enable != NULL && enable[j] != NULL; j++)
            named = named || strcmp(enable[j], plugin->name) == 0;
        if (enable != NULL ? named : jmh_config_plugin_enabled(config, plugin->name))
            continue;
        plugin->state = JMH_PLUGIN_DISABLED;
        if (enable != NULL)
            jmh_err_set(&plugin->reason, JM_ESTATE, "is not among those of --enable");
        else
            jmh_err_set(&plugin->reason, JM_ESTATE, "is disabled in %s (plugins.%s.enabled)",
                        config->file, plugin->name);
    }
}

jm_status jmh_registry_scan(struct jmh_registry *registry, const char *folder,
                            const char *const *enable, struct jmh_err *err)
{
    jm_status status = jmh_scan(registry->host, folder, &registry->plugins, &registry->count, err);
    if (status >= 0)
        status = check_names(registry, folder, enable, err);
    if (status < 0)
        return status;
    select_plugins(registry, enable);
    jmh_strays_tell(folder, registry->plugins, registry->count);
    registry->order = calloc(registry->count + 1, sizeof(void *));
    if (registry->order == NULL)
        return jmh_err_set(err, JM_ENOMEM, "out of memory for the plugins of %s", folder);
    return JM_OK;
}

/* Take a plugin out of the start; whoever starts or checks the host tells why. */
static void refuse(struct jmh_plugin *plugin, const struct jmh_err *why)
{
    plugin->reason = *why;
    jmh_plugin_end(plugin);
    plugin->state = JMH_PLUGIN_REFUSED;
}

/* Load one, and see whether what it registers fits to what the earlier ones did. */
static jm_status load(struct jmh_registry *registry, struct jmh_plugin *plugin, struct jmh_err *err)
{
    jm_status status = jmh_resolve_check(all(registry), plugin, err);
    if (status >= 0)
        status = jmh_plugin_load(plugin, err);
    if (status < 0)
        return status;
    struct jmh_index *index = build(registry, 1u << JMH_PLUGIN_INITED, NULL, err);
    if (index == NULL)
        return err->code;
    jmh_index_free(index);
    return JM_OK;
}

jm_status jmh_registry_check(struct jmh_registry *registry, struct jmh_err *err)
{
    jm_status status = jmh_resolve(all(registry), registry->order, &registry->order_count, err);
    if (status < 0)
        return status;
    for (size_t i = 0; i < registry->order_count; i++) {
        struct jmh_plugin *plugin = registry->order[i];
        struct jmh_err why;
        if (load(registry, plugin, &why) >= 0)
            continue;
        if (plugin->misconfigured)
            return jmh_err_set(err, why.code, "%s", why.text);
        refuse(plugin, &why);
    }
    return JM_OK;
}

/* Make one live. Its registrations are in the index before activate(), its services after. */
static jm_status bring_up(struct jmh_registry *registry, struct jmh_plugin *plugin,
                          struct jmh_err *err)
{
    jm_status status = jmh_resolve_check(all(registry), plugin, err);
    if (status >= 0)
        status = jmh_plugin_prepare(plugin, err);
    if (status < 0)
        return status;
    plugin->state = JMH_PLUGIN_ACTIVE;
    status = rebuild(registry, NULL, err);
    if (status >= 0)
        status = jmh_plugin_activate(plugin, err);
    if (status < 0)
        return status;
    jmh_slots_fill(&registry->slots, plugin->registrations);
    /* The next plugin's tables are made in a transaction of their own. */
    jmh_turn_end(registry->host->turn);
    jmh_trace(JM_LOG_INFO, plugin->name, "version %s is active", plugin->manifest.version);
    return JM_OK;
}

/* Out of the index and the slots, and what it did is committed: then it can end. */
static void take_down(struct jmh_registry *registry, struct jmh_plugin *plugin)
{
    struct jmh_err err;
    jmh_slots_empty(&registry->slots, plugin->registrations);
    if (rebuild(registry, plugin, &err) < 0) {
        /* Less than what fitted before: only memory can be missing, and to go on would leave pointers
         * into what is freed next. */
        jmh_trace(JM_LOG_ERROR, "registry", "%s", err.text);
        abort();
    }
    jmh_turn_end(registry->host->turn);
}

jm_status jmh_registry_start(struct jmh_registry *registry, struct jmh_err *err)
{
    jm_status status = jmh_registry_check(registry, err);
    for (size_t i = 0; status >= 0 && i < registry->order_count; i++) {
        struct jmh_plugin *plugin = registry->order[i];
        struct jmh_err why;
        if (plugin->state != JMH_PLUGIN_INITED || bring_up(registry, plugin, &why) >= 0)
            continue;
        jmh_plugin_release(plugin);
        take_down(registry, plugin);
        refuse(plugin, &why);
    }
    return status;
}

void jmh_registry_drain(struct jmh_registry *registry)
{
    for (size_t i = registry->order_count; i > 0; i--)
        if (registry->order[i - 1]->state == JMH_PLUGIN_ACTIVE)
            jmh_plugin_drain(registry->order[i - 1]);
}

static bool is_idle(const struct jmh_plugin *plugin)
{
    if (plugin->leases == NULL)
        return true;
    for (const struct jmh_lease *lease = jmh_leases_first(plugin); lease; lease = lease->next)
        if (lease->kind == JMH_LEASE_WORK || lease->kind == JMH_LEASE_TASK ||
            lease->kind == JMH_LEASE_REQUEST)
            return false;
    return true;
}

bool jmh_registry_is_idle(const struct jmh_registry *registry)
{
    for (size_t i = 0; i < registry->count; i++)
        if (!is_idle(registry->plugins[i]))
            return false;
    return true;
}

void jmh_registry_stop(struct jmh_registry *registry)
{
    if (registry == NULL)
        return;
    jmh_registry_drain(registry);
    for (size_t i = registry->order_count; i > 0; i--) {
        struct jmh_plugin *plugin = registry->order[i - 1];
        if (plugin->state == JMH_PLUGIN_DRAINING) {
            jmh_plugin_release(plugin);
            jmh_plugin_save(plugin);
            take_down(registry, plugin);
        }
        if (plugin->instance != NULL)
            jmh_plugin_end(plugin);
    }
    registry->order_count = 0;
}

const struct jmh_index *jmh_registry_index(const struct jmh_registry *registry)
{
    return registry->index;
}

size_t jmh_registry_count(const struct jmh_registry *registry)
{
    return registry->count;
}

struct jmh_plugin *jmh_registry_get(const struct jmh_registry *registry, size_t number)
{
    return number < registry->count ? registry->plugins[number] : NULL;
}

static bool is_below(jm_span path, const char *prefix)
{
    size_t len = strlen(prefix);
    return path.len >= len && memcmp(path.ptr, prefix, len) == 0 &&
           (path.len == len || path.ptr[len] == '/');
}

struct jmh_plugin *jmh_registry_of_path(const struct jmh_registry *registry, jm_span path)
{
    struct jmh_plugin *best = NULL;
    size_t best_len = 0;
    for (size_t i = 0; i < registry->count; i++) {
        char *const *prefixes = registry->plugins[i]->manifest.routes;
        for (; *prefixes != NULL; prefixes++) {
            if (is_below(path, *prefixes) && strlen(*prefixes) > best_len) {
                best = registry->plugins[i];
                best_len = strlen(*prefixes);
            }
        }
    }
    return best;
}

jm_service_slot *jmh_registry_slot(struct jmh_registry *registry, const char *id)
{
    return jmh_slots_get(&registry->slots, id);
}
