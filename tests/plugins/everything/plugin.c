/* Entry, life, state. [loop] */
#include "everything.h"

#include "everything_manifest.h"

#include <string.h>
#include <unistd.h>

struct everything everything;

static jm_status init(const jm_plugin *plugin)
{
    (void)plugin;
    jm_api_find(&everything.api, everything.host);
    return everything_register();
}

static jm_status on_tick(void *user, jm_id timer)
{
    (void)user, (void)timer;
    char fields[64];
    everything.ticks++;
    int len = snprintf(fields, sizeof fields, "{\"ticks\":%lld}", (long long)everything.ticks);
    return everything.event->publish(everything.host, JM_SPAN("everything_ticked"),
                                     (jm_span){NULL, 0}, (jm_span){fields, (size_t)len});
}

static jm_status activate(const jm_plugin *plugin)
{
    (void)plugin;
    struct everything *all = &everything;
    int64_t tick_ms = 0;
    jm_status status = all->config->get_int(all->host, "tick_ms", &tick_ms);
    if (status < 0)
        return status;
    all->starts++;
    if (pipe(all->pipe) != 0)
        return jm_fail(all->error, all->host, JM_EIO, "no pipe");
    status = all->timer->start(all->host, "ticker", (uint64_t)tick_ms, (uint64_t)tick_ms, on_tick,
                               NULL, &all->ticker);
    if (status >= 0)
        status = all->fd->watch(all->host, "pipe", all->pipe[0], JM_FD_READABLE,
                                everything_readable, NULL, &all->watch);
    return status;
}

static jm_status drain(const jm_plugin *plugin)
{
    (void)plugin;
    struct everything *all = &everything;
    (void)all->timer->stop(all->host, all->ticker);
    (void)all->fd->unwatch(all->host, all->watch);
    close(all->pipe[0]);
    close(all->pipe[1]);
    return JM_OK;
}

static void destroy(const jm_plugin *plugin)
{
    (void)plugin;
    everything.log->write(everything.host, JM_LOG_INFO, JM_SPAN("everything is destroyed"));
}

static jm_status save(const jm_plugin *plugin, jm_state_sink_fn sink, void *sink_data)
{
    (void)plugin;
    return sink(sink_data, (jm_span){(const char *)&everything.starts, sizeof everything.starts});
}

static jm_status load(const jm_plugin *plugin, int32_t version, jm_span bytes)
{
    (void)plugin, (void)version;
    if (bytes.len != sizeof everything.starts)
        return JM_EINVAL;
    memcpy(&everything.starts, bytes.ptr, sizeof everything.starts);
    return JM_OK;
}

static const void *get_extension(const jm_plugin *plugin, const char *id)
{
    static const jm_plugin_state state = {sizeof state, 1, 1, 0, save, load};
    (void)plugin;
    return strcmp(id, JM_EXT_STATE) == 0 ? &state : NULL;
}

static const jm_plugin *create(const jm_host *host)
{
    static const jm_plugin instance = {sizeof(jm_plugin), 0,     NULL,    init,
                                       activate,          drain, destroy, get_extension};
    everything = (struct everything){.host = host};
    return &instance;
}

JM_DEFINE_ENTRY(JM_MANIFEST_TEXT, create);
