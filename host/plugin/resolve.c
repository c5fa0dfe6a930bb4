/* Who needs whom. [loop]
 *
 * There are a few dozen plugins at most: the order is found by looking again and again for the first
 * one whose providers are all placed. What is only optional goes first where it can, and does not
 * matter in a circle. */
#include "host/plugin/resolve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct resolving {
    struct jmh_plugins plugins;
    bool *placed; /* one for each plugin */
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

/* The next to start: the first that waits for nobody, else the first that waits for optional services
 * alone; count where there is none. */
static size_t next_ready(const struct resolving *resolving)
{
    const char *id;
    size_t second = resolving->plugins.count;
    for (size_t i = 0; i < resolving->plugins.count; i++) {
        const struct jmh_plugin *plugin = resolving->plugins.items[i];
        if (resolving->placed[i] || plugin->state != JMH_PLUGIN_FOUND ||
            waits_for(resolving, plugin, plugin->manifest.requires, &id) != NULL)
            continue;
        if (waits_for(resolving, plugin, plugin->manifest.optional, &id) == NULL)
            return i;
        second = second < i ? second : i;
    }
    return second;
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
    struct resolving resolving = {plugins, calloc(plugins.count + 1, sizeof(bool))};
    if (resolving.placed == NULL)
        return jmh_err_set(err, JM_ENOMEM, "out of memory to order the plugins");
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
    free(resolving.placed);
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
