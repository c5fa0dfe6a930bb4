/* The plugin lightroom: its entry, and what it registers. Loop thread. */
#include "events.h"
#include "jobs.h"
#include "lightroom_manifest.h"
#include "messages.h"
#include "pollers.h"
#include "routes.h"

#include <stdlib.h>

#define SWEEP_MS 1000

static jm_status init(const jm_plugin *plugin)
{
    struct lr_core *core = plugin->plugin_data;
    const jm_host *host = core->api.host;
    jm_api_find(&core->api, host);
    jm_status status = core->api.service->require(host, QUEUE_SERVICE, &core->queue);
    if (status == JM_OK)
        status = core->api.service->require(host, SETTINGS_SERVICE, &core->settings);
    if (status == JM_OK)
        status = lr_options_read(core);
    if (status == JM_OK)
        status = lr_events_declare(core);
    if (status == JM_OK)
        status = lr_messages_handle(core);
    if (status == JM_OK)
        status = lr_poll_routes_add(core);
    if (status == JM_OK)
        status = lr_relay_routes_add(core);
    return status == JM_OK ? lr_job_routes_add(core) : status;
}

/* Forget who is gone; the queue may have been replaced. */
static jm_status on_sweep(void *user, jm_id timer)
{
    struct lr_core *core = user;
    (void)timer;
    (void)lr_pollers_expire(core, (uint64_t)core->options.poller_expiry_s * 1000);
    return lr_jobs_attach(core);
}

static jm_status activate(const jm_plugin *plugin)
{
    struct lr_core *core = plugin->plugin_data;
    jm_status status = lr_jobs_attach(core);
    /* After a drain that was undone it goes on by itself. */
    if (status == JM_OK && core->sweep_timer == 0)
        status = core->api.timer->start(core->api.host, "forget silent clients", SWEEP_MS, SWEEP_MS,
                                        on_sweep, core, &core->sweep_timer);
    core->active = status == JM_OK;
    return status;
}

/* Pollers begin anew with the successor: their next poll tells them so. Their jobs stay theirs. */
static jm_status drain(const jm_plugin *plugin)
{
    struct lr_core *core = plugin->plugin_data;
    core->active = false;
    lr_jobs_detach(core);
    lr_pollers_close_all(core);
    return JM_OK;
}

static void destroy(const jm_plugin *plugin)
{
    free(plugin->plugin_data);
}

static const jm_plugin *create(const jm_host *host)
{
    struct lr_core *core = calloc(1, sizeof *core);
    if (core == NULL)
        return NULL;
    core->api.host = host;
    core->plugin = (jm_plugin){
        .size = sizeof(jm_plugin),
        .plugin_data = core,
        .init = init,
        .activate = activate,
        .drain = drain,
        .destroy = destroy,
    };
    return &core->plugin;
}

JM_DEFINE_ENTRY(JM_MANIFEST_TEXT, create);
