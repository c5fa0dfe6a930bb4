/* A plugin's state, between the plugin and the store. The bytes are copied on their way: the plugin is
 * called with no statement of the store open. [loop] */
#include "host/plugin/state.h"

#include "host/host.h"

#include <junmai/ext/state.h>

struct saved {
    struct jmh_buf bytes;
    int32_t version;
    bool given; /* save() has called the sink */
};

static const jm_plugin_state *table_of(const struct jmh_plugin *plugin)
{
    const jm_plugin *instance = plugin->instance;
    if (instance->get_extension == NULL)
        return NULL;
    const jm_plugin_state *table = instance->get_extension(instance, JM_EXT_STATE);
    return table != NULL && table->size >= sizeof *table ? table : NULL;
}

static jm_status keep(void *user, int32_t version, jm_span bytes)
{
    struct saved *saved = user;
    saved->version = version;
    jmh_buf_add_span(&saved->bytes, bytes);
    return saved->bytes.failed ? JM_ENOMEM : JM_OK;
}

static jm_status hand_over(struct jmh_plugin *plugin, const jm_plugin_state *table,
                           const struct saved *saved, struct jmh_err *err)
{
    if (saved->version < table->oldest || saved->version > table->version)
        return jmh_err_set(
            err, JM_EUNSUPPORTED,
            "plugin '%s': its saved state has version %d, this build reads %d to %d: "
            "start the build that saved it, or one that is newer",
            plugin->name, (int)saved->version, (int)table->oldest, (int)table->version);
    jmh_plugin_enter(plugin, "load()");
    jm_status status = table->load(plugin->instance, saved->version, jmh_buf_span(&saved->bytes));
    status = jmh_plugin_leave(plugin, status);
    if (status < 0)
        return jmh_err_set(err, status, "plugin '%s': its saved state was not taken: %.400s",
                           plugin->name, plugin->last_error.text);
    return JM_OK;
}

jm_status jmh_state_load(struct jmh_plugin *plugin, struct jmh_err *err)
{
    const jm_plugin_state *table = table_of(plugin);
    if (table == NULL)
        return JM_OK;
    struct saved saved = {0};
    jm_status status = jmh_store_load_state(plugin->host->store, plugin->name, keep, &saved, err);
    if (status == JM_OK)
        status = hand_over(plugin, table, &saved, err);
    else if (status == JM_ENOENT)
        status = JM_OK;
    jmh_buf_fini(&saved.bytes);
    return status;
}

static jm_status take_bytes(void *sink_data, jm_span bytes)
{
    struct saved *saved = sink_data;
    if (saved->given)
        return JM_ESTATE;
    saved->given = true;
    jmh_buf_add_span(&saved->bytes, bytes);
    return saved->bytes.failed ? JM_ENOMEM : JM_OK;
}

jm_status jmh_state_save(struct jmh_plugin *plugin, struct jmh_err *err)
{
    const jm_plugin_state *table = table_of(plugin);
    if (table == NULL)
        return JM_OK;
    struct saved saved = {0};
    jmh_plugin_enter(plugin, "save()");
    jm_status status = jmh_plugin_leave(plugin, table->save(plugin->instance, take_bytes, &saved));
    if (status < 0)
        (void)jmh_err_set(err, status, "save() failed: %.400s", plugin->last_error.text);
    else if (!saved.given)
        status = jmh_err_set(err, JM_EINVAL, "save() handed over nothing");
    else
        status = jmh_store_save_state(plugin->host->store, plugin->name, table->version,
                                      jmh_buf_span(&saved.bytes), err);
    jmh_buf_fini(&saved.bytes);
    return status;
}
