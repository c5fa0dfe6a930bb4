/* The steps of one plugin's life, apart from its saved state (state.c). [loop] */
#include "host/plugin/lifecycle.h"

#include "host/ext/ext.h"
#include "host/host.h"
#include "host/plugin/lease.h"
#include "host/plugin/loader.h"
#include "host/plugin/resolve.h"
#include "host/plugin/state.h"
#include "host/util/span.h"
#include "host/util/trace.h"

#include <string.h>

/* "plugin 'x': init() failed: SENTENCE", with the sentence that the plugin set. */
static jm_status callback_failed(const struct jmh_plugin *plugin, const char *callback,
                                 jm_status status, struct jmh_err *err)
{
    const char *sentence = plugin->last_error.text;
    if (sentence[0] == '\0')
        return jmh_err_set(err, status, "plugin '%s': %s failed with status %d and did not say why",
                           plugin->name, callback, (int)status);
    return jmh_err_set(err, status, "plugin '%s': %s failed: %.400s", plugin->name, callback,
                       sentence);
}

/* The manifest was read before any code was loaded: it must be the one that the code was built with. */
static jm_status check_manifest(struct jmh_plugin *plugin, struct jmh_err *err)
{
    struct jmh_manifest built;
    jm_status status =
        jmh_manifest_parse(&built, jmh_span(plugin->entry->manifest), plugin->object_path, err);
    if (status < 0)
        return status;
    const struct jmh_manifest *said = &plugin->manifest;
    if (strcmp(built.name, said->name) != 0 || strcmp(built.version, said->version) != 0)
        status =
            jmh_err_set(err, JM_EINVAL,
                        "%s is '%s' %s, but its manifest beside it says '%s' %s: install both "
                        "files from the same build",
                        plugin->object_path, built.name, built.version, said->name, said->version);
    jmh_manifest_fini(&built);
    return status;
}

static jm_status open_object(struct jmh_plugin *plugin, struct jmh_err *err)
{
    const struct jmh_manifest *manifest = &plugin->manifest;
    if (manifest->abi_major != JM_ABI_MAJOR || manifest->abi_minor > JM_ABI_MINOR)
        return jmh_err_set(err, JM_EUNSUPPORTED,
                           "plugin '%s' was built for ABI %d.%d, this host speaks %d.0 to %d.%d: "
                           "update the host, or rebuild the plugin with the SDK of this host",
                           plugin->name, manifest->abi_major, manifest->abi_minor, JM_ABI_MAJOR,
                           JM_ABI_MAJOR, JM_ABI_MINOR);
    jm_status status = jmh_image_open(plugin->object_path, &plugin->image, &plugin->entry, err);
    return status < 0 ? status : check_manifest(plugin, err);
}

static jm_status create(struct jmh_plugin *plugin, struct jmh_err *err)
{
    plugin->registrations = jmh_regset_new(plugin->name, plugin);
    plugin->leases = jmh_leases_new();
    if (plugin->registrations == NULL || plugin->leases == NULL)
        return jmh_err_set(err, JM_ENOMEM, "out of memory for plugin '%s'", plugin->name);
    plugin->host_api = (jm_host){sizeof(jm_host), JM_ABI_MINOR, plugin, jmh_ext_get};
    jmh_plugin_enter(plugin, "create()");
    const jm_plugin *instance = plugin->entry->create(&plugin->host_api);
    (void)jmh_plugin_leave(plugin, JM_OK);
    if (instance == NULL)
        return jmh_err_set(err, JM_ENOMEM, "plugin '%s': create() made no instance", plugin->name);
    if (instance->size < sizeof *instance || instance->init == NULL || instance->activate == NULL ||
        instance->drain == NULL || instance->destroy == NULL)
        return jmh_err_set(err, JM_EINVAL,
                           "plugin '%s': create() returned an instance of another size than "
                           "sizeof(jm_plugin), or without one of its functions",
                           plugin->name);
    plugin->instance = instance;
    plugin->generation++;
    plugin->state = JMH_PLUGIN_LOADED;
    return JM_OK;
}

/* A plugin without options may have no section but its `enabled`. */
static void complete_options(struct jmh_plugin *plugin)
{
    if (plugin->options != NULL || plugin->misconfigured)
        return;
    plugin->options =
        jmh_plugin_options_new(&plugin->host->config, plugin->name, NULL, 0, &plugin->reason);
    plugin->misconfigured = plugin->options == NULL;
}

static jm_status check_provided(const struct jmh_plugin *plugin, struct jmh_err *err)
{
    const struct jmh_regset *set = plugin->registrations;
    for (char *const *ids = plugin->manifest.provides; *ids != NULL; ids++) {
        size_t i = 0;
        while (i < set->service_count && strcmp(set->services[i].id, *ids) != 0)
            i++;
        if (i == set->service_count)
            return jmh_err_set(err, JM_EINVAL,
                               "plugin '%s': its manifest provides service %s, but init() did not "
                               "provide it",
                               plugin->name, *ids);
    }
    return JM_OK;
}

jm_status jmh_plugin_load(struct jmh_plugin *plugin, struct jmh_err *err)
{
    jm_status status = open_object(plugin, err);
    if (status >= 0)
        status = create(plugin, err);
    if (status < 0)
        return status;
    jmh_plugin_enter(plugin, "init()");
    status = jmh_plugin_leave(plugin, plugin->instance->init(plugin->instance));
    complete_options(plugin);
    if (plugin->misconfigured)
        return jmh_err_set(err, plugin->reason.code, "%s", plugin->reason.text);
    if (status < 0)
        return callback_failed(plugin, "init()", status, err);
    status = check_provided(plugin, err);
    if (status >= 0)
        plugin->state = JMH_PLUGIN_INITED;
    return status;
}

jm_status jmh_plugin_prepare(struct jmh_plugin *plugin, struct jmh_err *err)
{
    jm_status status = JM_OK;
    if (plugin->migration_count > 0)
        status = jmh_store_migrate(plugin->host->store, plugin->name, plugin->migrations,
                                   plugin->migration_count, err);
    return status < 0 ? status : jmh_state_load(plugin, err);
}

jm_status jmh_plugin_activate(struct jmh_plugin *plugin, struct jmh_err *err)
{
    plugin->state = JMH_PLUGIN_ACTIVE;
    jmh_plugin_enter(plugin, "activate()");
    jm_status status = jmh_plugin_leave(plugin, plugin->instance->activate(plugin->instance));
    return status < 0 ? callback_failed(plugin, "activate()", status, err) : JM_OK;
}

void jmh_plugin_drain(struct jmh_plugin *plugin)
{
    struct jmh_err err;
    jmh_plugin_enter(plugin, "drain()");
    jm_status status = jmh_plugin_leave(plugin, plugin->instance->drain(plugin->instance));
    if (status < 0) {
        (void)callback_failed(plugin, "drain()", status, &err);
        jmh_trace(JM_LOG_WARNING, plugin->name, "%s", err.text);
    }
    plugin->state = JMH_PLUGIN_DRAINING;
}

void jmh_plugin_release(struct jmh_plugin *plugin)
{
    plugin->state = JMH_PLUGIN_ENDING;
    plugin->stuck = !jmh_ext_release(plugin);
}

void jmh_plugin_save(struct jmh_plugin *plugin)
{
    struct jmh_err err;
    if (jmh_state_save(plugin, &err) < 0)
        jmh_trace(JM_LOG_ERROR, plugin->name, "its state was not kept: %s", err.text);
}

static void destroy(struct jmh_plugin *plugin)
{
    jmh_plugin_enter(plugin, "destroy()");
    plugin->instance->destroy(plugin->instance);
    (void)jmh_plugin_leave(plugin, JM_OK);
}

void jmh_plugin_end(struct jmh_plugin *plugin)
{
    struct jmh_host *host = plugin->host;
    if (plugin->instance != NULL) {
        if (plugin->stuck)
            jmh_trace(JM_LOG_WARNING, plugin->name,
                      "its work does not end: what it works on is left in memory");
        else
            destroy(plugin);
        plugin->instance = NULL;
        if (host->metrics != NULL)
            jmh_metrics_forget(host->metrics, plugin->name);
        if (host->store != NULL)
            jmh_store_forget(host->store, plugin->name);
    }
    plugin->state = JMH_PLUGIN_ENDED;
    jmh_plugin_options_free(plugin->options);
    jmh_regset_free(plugin->registrations);
    jmh_leases_free(plugin->leases);
    jmh_image_close(plugin->image);
    plugin->options = NULL;
    plugin->registrations = NULL;
    plugin->leases = NULL;
    plugin->image = NULL;
    plugin->entry = NULL;
    plugin->option_table = NULL;
    plugin->option_count = 0;
    plugin->migrations = NULL;
    plugin->migration_count = 0;
}
