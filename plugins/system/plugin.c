/* The plugin system: its entry, and what it registers. Loop thread. */
#include "core.h"
#include "events.h"
#include "feed.h"
#include "log_routes.h"
#include "notification_routes.h"
#include "resource_routes.h"
#include "schema.h"
#include "service.h"
#include "settings.h"
#include "settings_routes.h"
#include "status_routes.h"
#include "system_manifest.h"

#include <stdlib.h>

/* How often it is looked for what has happened. */
#define LISTEN_MS 1000

static jm_status add_routes(struct system_core *core)
{
    jm_status status = settings_routes_add(core);
    if (status == JM_OK)
        status = status_routes_add(core);
    if (status == JM_OK)
        status = resource_routes_add(core);
    if (status == JM_OK)
        status = log_routes_add(core);
    return status == JM_OK ? notification_routes_add(core) : status;
}

static jm_status init(const jm_plugin *plugin)
{
    struct system_core *core = plugin->plugin_data;
    jm_api_find(&core->api, core->host);
    jm_status status = options_read(core);
    if (status == JM_OK)
        status = core->api.service->require(core->host, CATALOG_SERVICE, &core->catalog_slot);
    if (status == JM_OK)
        status = core->api.service->require(core->host, QUEUE_SERVICE, &core->queue_slot);
    if (status == JM_OK)
        status = schema_declare(core);
    if (status == JM_OK)
        status = events_declare(core);
    if (status == JM_OK)
        status = service_provide(core);
    return status == JM_OK ? add_routes(core) : status;
}

static jm_status on_listen(void *user, jm_id timer)
{
    (void)timer;
    return feed_listen(user);
}

/* After activate() has returned, so that the host has everybody's channels. */
static jm_status on_begin(void *user, jm_id timer)
{
    (void)timer;
    return events_system_status(user, "running", json_object());
}

static jm_status activate(const jm_plugin *plugin)
{
    struct system_core *core = plugin->plugin_data;
    const jm_host_timer *timer = core->api.timer;
    jm_id begin;
    core->active = true;
    jm_status status = settings_start(core);
    /* After a drain that was undone the timers go on by themselves. */
    if (status == JM_OK && core->listen_timer != 0)
        return JM_OK;
    if (status == JM_OK)
        status = timer->start(core->host, "tell that the host runs", 0, 0, on_begin, core, &begin);
    if (status == JM_OK)
        status = timer->start(core->host, "look for what has happened", 0, LISTEN_MS, on_listen,
                              core, &core->listen_timer);
    return status == JM_OK ? monitor_start(core) : status;
}

static jm_status drain(const jm_plugin *plugin)
{
    struct system_core *core = plugin->plugin_data;
    core->active = false;
    return JM_OK;
}

/* All work has been completed by now. */
static void destroy(const jm_plugin *plugin)
{
    struct system_core *core = plugin->plugin_data;
    gpu_fini(&core->monitor.driver);
    free(core);
}

static const jm_plugin *create(const jm_host *host)
{
    struct system_core *core = calloc(1, sizeof *core);
    if (core == NULL)
        return NULL;
    core->host = host;
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
