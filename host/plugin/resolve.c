/* Who needs whom. [loop]
 *
 * There are a few dozen plugins at most: the order is found by looking again and again for the first
 * one whose providers are all placed. What is only optional goes first too; where that leads in a circle,
 * one plugin of the circle starts without, and those that merely wait for the circle go on waiting. */
#include "host/plugin/resolve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct resolving {
    struct jmh_plugins plugins;
    bool *placed; /* one for each plugin, as the next */
    bool *waited; /* scratch: those that one plugin waits for, directly or not */
};

bool jmh_services_hold(char *const *ids, const char *id)
{
    for (; ids != NULL && *ids != NULL; ids++)
        if (strcmp(*ids, id) == 0)
            return true;
    return false;
}

static bool is_away(const struct jmh_plugin *plugin)
{
    return plugin->state == JMH_PLUGIN_DISABLED || plugin->state == JMH_PLUGIN_REFUSED ||
           plugin->state == JMH_PLUGIN_ENDED;
}

struct jmh_plugin *jmh_provider_of(struct jmh_plugins plugins, const char *id)
{
    struct jmh_plugin *away = NULL;
    for (size_t i = 0; i < plugins.count; i++) {
        struct jmh_plugin *plugin = plugins.items[i];
        if (!jmh_services_hold(plugin->manifest.provides, id))
            continue;
        if (!is_away(plugin))
            return plugin;
        away = away != NULL ? away : plugin;
    }
    return away;
}

static bool is_placed(const struct resolving *resolving, const struct jmh_plugin *plugin)
{
    for (size_t i = 0; i < resolving->plugins.count; i++)
        if (resolving->plugins.items[i] == plugin)
            return resolving->placed[i];
    return false;
}

/* The first provider in the list that must still be placed before `plugin`; NULL for none. */
static struct jmh_plugin *waits_for(const struct resolving *resolving,
                                    const struct jmh_plugin *plugin, char *const *ids,
                                    const char **id_out)
{
    for (; ids != NULL && *ids != NULL; ids++) {
        struct jmh_plugin *provider = jmh_provider_of(resolving->plugins, *ids);
        if (provider == NULL || provider == plugin || is_away(provider) ||
            is_placed(resolving, provider))
            continue;
        *id_out = *ids;
        return provider;
    }
    return NULL;
}

/* Add what `plugin` waits for; whether that is more than before. */
static bool add_waited(const struct resolving *resolving, const struct jmh_plugin *plugin)
{
    bool more = false;
    for (size_t i = 0; i < resolving->plugins.count; i++) {
        const struct jmh_plugin *other = resolving->plugins.items[i];
        if (resolving->placed[i] || resolving->waited[i] || is_away(other))
            continue;
        for (char *const *ids = other->manifest.provides; ids != NULL && *ids != NULL; ids++)
            if (jmh_provider_of(resolving->plugins, *ids) == other &&
                (jmh_services_hold(plugin->manifest.requires, *ids) ||
                 jmh_services_hold(plugin->manifest.optional, *ids)))
                more = resolving->waited[i] = true;
    }
    return more;
}

static bool waits_for_itself(const struct resolving *resolving, size_t index)
{
    const struct jmh_plugins plugins = resolving->plugins;
    memset(resolving->waited, 0, plugins.count * sizeof(bool));
    bool more = add_waited(resolving, plugins.items[index]);
    while (more) {
        more = false;
        for (size_t i = 0; i < plugins.count; i++)
            more = (resolving->waited[i] && add_waited(resolving, plugins.items[i])) || more;
    }
    return resolving->waited[index];
}

/* The next to start: the first that waits for nobody; else, of those that wait for optional services
 * alone, the first of a circle, or the first; count where there is none. */
static size_t next_ready(const struct resolving *resolving)
{
    const char *id;
    const size_t none = resolving->plugins.count;
    size_t of_circle = none;
    size_t waiting = none;
    for (size_t i = 0; i < resolving->plugins.count; i++) {
        const struct jmh_plugin *plugin = resolving->plugins.items[i];
        if (resolving->placed[i] || plugin->state != JMH_PLUGIN_FOUND ||
            waits_for(resolving, plugin, plugin->manifest.requires, &id) != NULL)
            continue;
        if (waits_for(resolving, plugin, plugin->manifest.optional, &id) == NULL)
            return i;
        waiting = waiting != none ? waiting : i;
        if (of_circle == none && waits_for_itself(resolving, i))
            of_circle = i;
    }
    return of_circle != none ? of_circle : waiting;
}

/* Every plugin that is left waits for another one of them: following that long enough ends in a
 * circle, and from there on the walk names it. */
static jm_status tell_circle(const struct resolving *resolving, const struct jmh_plugin *start,
                             struct jmh_err *err)
{
    const char *id;
    const struct jmh_plugin *at = start;
    for (size_t i = 0; i < resolving->plugins.count; i++)
        at = waits_for(resolving, at, at->manifest.requires, &id);
    char text[JMH_ERR_BYTES / 2];
    size_t len = 0;
    const struct jmh_plugin *first = at;
    do {
        const struct jmh_plugin *next = waits_for(resolving, at, at->manifest.requires, &id);
        int more = snprintf(text + len, sizeof text - len, "%s'%s' needs %s of '%s'",
                            len > 0 ? ", " : "", at->name, id, next->name);
        len += more > 0 ? (size_t)more : 0;
        at = next;
    } while (at != first && len < sizeof text);
    return jmh_err_set(err, JM_EINVAL,
                       "plugins need each other in a circle: %s; disable one of them", text);
}

static jm_status check_provided(struct jmh_plugins plugins, const struct jmh_plugin *plugin,
                                struct jmh_err *err)
{
    char *const *ids = plugin->manifest.requires;
    for (; ids != NULL && *ids != NULL; ids++)
        if (jmh_provider_of(plugins, *ids) == NULL)
            return jmh_err_set(
                err, JM_ENOENT,
                "plugin '%s' needs service %s, which no plugin here provides: install "
                "the one that does, or disable '%s' (plugins.%s.enabled)",
                plugin->name, *ids, plugin->name, plugin->name);
    return JM_OK;
}

jm_status jmh_resolve(struct jmh_plugins plugins, struct jmh_plugin **order_out, size_t *count_out,
                      struct jmh_err *err)
{
    bool *flags = calloc(2 * plugins.count + 1, sizeof(bool));
    if (flags == NULL)
        return jmh_err_set(err, JM_ENOMEM, "out of memory to order the plugins");
    const struct resolving resolving = {plugins, flags, flags + plugins.count};
    jm_status status = JM_OK;
    *count_out = 0;
    for (size_t i; status >= 0 && (i = next_ready(&resolving)) < plugins.count;) {
        status = check_provided(plugins, plugins.items[i], err);
        resolving.placed[i] = true;
        order_out[(*count_out)++] = plugins.items[i];
    }
    for (size_t i = 0; status >= 0 && i < plugins.count; i++)
        if (plugins.items[i]->state == JMH_PLUGIN_FOUND && !resolving.placed[i])
            status = tell_circle(&resolving, plugins.items[i], err);
    free(flags);
    return status;
}

static jm_status tell_away(const struct jmh_plugin *plugin, const char *id,
                           const struct jmh_plugin *provider, struct jmh_err *err)
{
    const char *how = provider->state == JMH_PLUGIN_REFUSED ? "was refused: " : "";
    return jmh_err_set(err, JM_ESTATE,
                       "plugin '%s' needs service %s of plugin '%s', which %s%.300s", plugin->name,
                       id, provider->name, how, provider->reason.text);
}

jm_status jmh_resolve_check(struct jmh_plugins plugins, const struct jmh_plugin *plugin,
                            struct jmh_err *err)
{
    for (char *const *ids = plugin->manifest.requires; ids != NULL && *ids != NULL; ids++) {
        const struct jmh_plugin *provider = jmh_provider_of(plugins, *ids);
        if (provider != NULL && is_away(provider))
            return tell_away(plugin, *ids, provider, err);
    }
    for (char *const *ids = plugin->manifest.provides; ids != NULL && *ids != NULL; ids++) {
        const struct jmh_plugin *other = jmh_provider_of(plugins, *ids);
        if (other != NULL && other != plugin && !is_away(other) && other->state != JMH_PLUGIN_FOUND)
            return jmh_err_set(
                err, JM_EEXIST,
                "plugin '%s' provides service %s, which plugin '%s' provides already: "
                "disable one of them",
                plugin->name, *ids, other->name);
    }
    return JM_OK;
}
