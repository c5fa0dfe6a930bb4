/* The tables by id, and what all of them share: the check of thread and state, the plugin's sentence, the
 * end of a plugin's leases. [loop, but for jmh_ext_get] */
#include "host/ext/ext.h"

#include "host/ext/release.h"
#include "host/host.h"
#include "host/plugin/lease.h"
#include "host/util/trace.h"

#include <junmai/junmai.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *id;
    const void *table;
} tables[] = {
    {JM_EXT_LOG, &jmh_ext_log},         {JM_EXT_ERROR, &jmh_ext_error},
    {JM_EXT_CONFIG, &jmh_ext_config},   {JM_EXT_EVENT, &jmh_ext_event},
    {JM_EXT_MESSAGE, &jmh_ext_message}, {JM_EXT_HTTP, &jmh_ext_http},
    {JM_EXT_CLIENT, &jmh_ext_client},   {JM_EXT_CLOCK, &jmh_ext_clock},
    {JM_EXT_TIMER, &jmh_ext_timer},     {JM_EXT_FD, &jmh_ext_fd},
    {JM_EXT_WORK, &jmh_ext_work},       {JM_EXT_TASK, &jmh_ext_task},
    {JM_EXT_STORE, &jmh_ext_store},     {JM_EXT_SERVICE, &jmh_ext_service},
    {JM_EXT_METRIC, &jmh_ext_metric},
};

const void *jmh_ext_get(const jm_host *host, const char *id)
{
    (void)host;
    for (size_t i = 0; id != NULL && i < sizeof tables / sizeof *tables; i++)
        if (strcmp(tables[i].id, id) == 0)
            return tables[i].table;
    return NULL;
}

jm_status jmh_ext_fail(const jm_host *host, const struct jmh_err *err)
{
    jmh_plugin_of(host)->last_error = *err;
    return err->code;
}

/* "loaded, inited" */
static void list_states(uint32_t states, char *out, size_t cap)
{
    size_t len = 0;
    for (unsigned state = JMH_PLUGIN_FOUND; state <= JMH_PLUGIN_ENDED; state++) {
        if ((states & (1u << state)) == 0)
            continue;
        int more = snprintf(out + len, cap - len, "%s%s", len > 0 ? " or " : "",
                            jmh_plugin_state_name((enum jmh_plugin_state)state));
        len += more > 0 ? (size_t)more : 0;
    }
}

jm_status jmh_ext_check(const jm_host *host, const char *function, uint32_t states)
{
    struct jmh_plugin *plugin = jmh_plugin_of(host);
    if (plugin->host->loop != NULL && !jmh_loop_is_current(plugin->host->loop)) {
        /* The plugin's sentence is the loop's: only the log can be told. */
        jmh_trace(JM_LOG_ERROR, plugin->name,
                  "%s was called on another thread than the loop's; nothing was done", function);
        return JM_ESTATE;
    }
    if ((states & (1u << plugin->state)) != 0)
        return JM_OK;
    struct jmh_err err;
    char allowed[96];
    list_states(states, allowed, sizeof allowed);
    jmh_err_set(&err, JM_ESTATE, "%s is allowed while the plugin is %s; '%s' is %s", function,
                allowed, plugin->name, jmh_plugin_state_name(plugin->state));
    return jmh_ext_fail(host, &err);
}

void jmh_ext_complain(const struct jmh_plugin *plugin, const char *kind, const char *label,
                      jm_status status)
{
    if (status >= 0)
        return;
    const char *why = plugin->last_error.text;
    jmh_trace(JM_LOG_WARNING, plugin->name, "%s '%s' failed with status %d: %s", kind, label,
              (int)status, why[0] != '\0' ? why : "it did not say why");
}

bool jmh_ext_release(struct jmh_plugin *plugin)
{
    bool ended = true;
    jmh_http_release(plugin);
    for (struct jmh_lease *lease; (lease = jmh_leases_first(plugin)) != NULL;) {
        switch (lease->kind) {
        case JMH_LEASE_TIMER:
            jmh_timer_release(lease);
            break;
        case JMH_LEASE_WATCH:
            jmh_fd_release(lease);
            break;
        case JMH_LEASE_WORK:
            ended = jmh_work_release(lease) && ended;
            break;
        case JMH_LEASE_TASK:
            jmh_task_release(lease);
            break;
        case JMH_LEASE_CLIENT:
            jmh_client_release(lease);
            break;
        case JMH_LEASE_REQUEST: /* jmh_http_release() has dropped them */
            jmh_lease_drop(lease);
            break;
        }
    }
    return ended;
}
