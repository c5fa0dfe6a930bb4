/* Into a plugin and out of it again. [loop]
 *
 * Callbacks nest: a gateway's request hands a message to another plugin's handler. What ran before is
 * kept on a small stack, so that the one that runs now is always the one that is named. */
#include "host/plugin/plugin.h"

#include "host/host.h"
#include "host/plugin/fault.h"

#define DEPTH_MAX 16

struct frame {
    const char *plugin, *callback;
};

static struct frame outer[DEPTH_MAX];
static size_t depth;

const char *jmh_plugin_state_name(enum jmh_plugin_state state)
{
    static const char *const names[] = {
        [JMH_PLUGIN_FOUND] = "found",       [JMH_PLUGIN_DISABLED] = "disabled",
        [JMH_PLUGIN_REFUSED] = "refused",   [JMH_PLUGIN_LOADED] = "loaded",
        [JMH_PLUGIN_INITED] = "inited",     [JMH_PLUGIN_ACTIVE] = "active",
        [JMH_PLUGIN_DRAINING] = "draining", [JMH_PLUGIN_ENDING] = "ending",
        [JMH_PLUGIN_ENDED] = "ended",
    };
    return names[state];
}

static void set_running(struct jmh_host *host, const char *plugin, const char *callback)
{
    host->running_plugin = plugin;
    host->running_callback = callback;
    jmh_fault_running(plugin, callback);
}

void jmh_plugin_enter(struct jmh_plugin *plugin, const char *callback)
{
    struct jmh_host *host = plugin->host;
    if (depth < DEPTH_MAX)
        outer[depth] = (struct frame){host->running_plugin, host->running_callback};
    depth++;
    set_running(host, plugin->name, callback);
    plugin->last_error.code = JM_OK;
    plugin->last_error.text[0] = '\0';
    if (host->turn != NULL) /* a check of the configuration has none */
        jmh_turn_begin_call(host->turn);
}

jm_status jmh_plugin_leave(struct jmh_plugin *plugin, jm_status status)
{
    struct jmh_host *host = plugin->host;
    if (host->turn != NULL)
        status = jmh_turn_end_call(host->turn, status);
    depth--;
    if (depth < DEPTH_MAX)
        set_running(host, outer[depth].plugin, outer[depth].callback);
    return status;
}
