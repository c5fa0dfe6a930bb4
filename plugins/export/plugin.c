/* The plugin export: its entry, and what it registers. Loop thread. */
#include "core.h"
#include "events.h"
#include "executor.h"
#include "export_manifest.h"
#include "mirror.h"
#include "presets.h"
#include "routes.h"
#include "schema.h"
#include "service.h"
#include "steps.h"

#include <stdlib.h>
#include <system/system.h>

/* How often the queue is looked for, should it have been replaced. */
#define TICK_MS 1000
/* How soon a change of the studio's document is seen. */
#define FOLLOW_MS 200

static jm_status require_services(struct export_core *core)
{
    jm_status status =
        core->api.service->require(core->api.host, CATALOG_SERVICE, &core->catalog_slot);
    if (status == JM_OK)
        status = core->api.service->require(core->api.host, QUEUE_SERVICE, &core->queue_slot);
    if (status == JM_OK)
        status = core->api.service->require(core->api.host, SETTINGS_SERVICE, &core->settings_slot);
    return status;
}

static jm_status add_routes(struct export_core *core)
{
    jm_status status = export_preset_routes_add(core);
    if (status == JM_OK)
        status = export_preset_file_routes_add(core);
    if (status == JM_OK)
        status = export_job_routes_add(core);
    if (status == JM_OK)
        status = export_lease_routes_add(core);
    return status < 0 ? status : export_name_routes_add(core);
}

static jm_status init(const jm_plugin *plugin)
{
    struct export_core *core = plugin->plugin_data;
    jm_api_find(&core->api, core->api.host);
    jm_status status = export_options_read(core);
    if (status == JM_OK)
        status = require_services(core);
    if (status == JM_OK)
        status = export_service_provide(core);
    if (status == JM_OK)
        status = export_schema_declare(core);
    if (status == JM_OK)
        status = export_events_declare(core);
    return status < 0 ? status : add_routes(core);
}

static jm_status on_tick(void *user, jm_id timer)
{
    struct export_core *core = user;
    (void)timer;
    export_formats_ask(core);
    jm_status status = export_executor_attach(core);
    export_runs_pump(core);
    return status;
}

static jm_status on_follow(void *user, jm_id timer)
{
    (void)timer;
    return export_mirror_follow(user);
}

static jm_status start_timers(struct export_core *core)
{
    const jm_host_timer *timer = core->api.timer;
    jm_status status = JM_OK;
    /* After a drain that was undone they go on by themselves. */
    if (core->tick_timer == 0)
        status = timer->start(core->api.host, "look for the queue", 0, TICK_MS, on_tick, core,
                              &core->tick_timer);
    if (status == JM_OK && core->follow_timer == 0)
        status = timer->start(core->api.host, "look for changed settings", 0, FOLLOW_MS, on_follow,
                              core, &core->follow_timer);
    return status;
}

static jm_status activate(const jm_plugin *plugin)
{
    struct export_core *core = plugin->plugin_data;
    core->active = true;
    jm_status status = export_presets_ship(core);
    if (status == JM_OK)
        status = export_records_recover(core);
    if (status == JM_OK)
        status = export_executor_attach(core);
    if (status == JM_OK)
        status = start_timers(core);
    core->active = status == JM_OK;
    return status;
}

static jm_status drain(const jm_plugin *plugin)
{
    struct export_core *core = plugin->plugin_data;
    core->active = false;
    export_runs_stop(core);
    export_executor_detach(core);
    return JM_OK;
}

/* All work has been completed by now: a run that is left could not be reported, as the queue was away.
 * Its jobs begin anew and find their files. */
static void destroy(const jm_plugin *plugin)
{
    struct export_core *core = plugin->plugin_data;
    while (core->runs != NULL)
        export_run_free(core->runs);
    export_paths_fini(&core->paths);
    export_options_fini(&core->options);
    free(core);
}

static const jm_plugin *create(const jm_host *host)
{
    struct export_core *core = calloc(1, sizeof *core);
    if (core == NULL)
        return NULL;
    core->api.host = host;
    export_paths_init(&core->paths);
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
