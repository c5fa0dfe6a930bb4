/* junmai.service/1: what the manifest names, offered and looked up. [loop] */
#include "host/ext/ext.h"
#include "host/ext/states.h"
#include "host/host.h"
#include "host/plugin/resolve.h"

#include <junmai/ext/service.h>

static jm_status provide(const jm_host *host, const char *id, const void *table,
                         void *provider_data)
{
    struct jmh_plugin *plugin = jmh_plugin_of(host);
    struct jmh_err err;
    jm_status status = jmh_ext_check(host, "service.provide()", JMH_IN_INIT);
    if (status < 0)
        return status;
    if (id != NULL && !jmh_services_hold(plugin->manifest.provides, id))
        status = jmh_err_set(&err, JM_EINVAL,
                             "service %.80s is not in \"provides\" of the manifest of '%s'", id,
                             plugin->name);
    else
        status = jmh_regset_add_service(plugin->registrations, id, table, provider_data, &err);
    return status < 0 ? jmh_ext_fail(host, &err) : status;
}

static jm_status require(const jm_host *host, const char *id, const jm_service_slot **slot_out)
{
    struct jmh_plugin *plugin = jmh_plugin_of(host);
    struct jmh_err err;
    jm_status status = jmh_ext_check(host, "service.require()", JMH_IN_INIT);
    if (status < 0)
        return status;
    bool named = id != NULL && (jmh_services_hold(plugin->manifest.requires, id) ||
                                jmh_services_hold(plugin->manifest.optional, id));
    if (!named) {
        jmh_err_set(
            &err, JM_EINVAL,
            "service %.80s is neither in \"requires\" nor in \"optional\" of the manifest of "
            "'%s'",
            id != NULL ? id : "", plugin->name);
        return jmh_ext_fail(host, &err);
    }
    *slot_out = jmh_registry_slot(plugin->host->registry, id);
    if (*slot_out != NULL)
        return JM_OK;
    jmh_err_set(&err, JM_ENOMEM, "out of memory for the slot of service %s", id);
    return jmh_ext_fail(host, &err);
}

const jm_host_service jmh_ext_service = {sizeof(jm_host_service), provide, require};
