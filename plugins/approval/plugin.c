/* The plugin approval: its entry, and what it registers. Loop thread. */
#include "approval_manifest.h"
#include "core.h"
#include "events.h"
#include "follow.h"
#include "routes.h"
#include "schema.h"
#include "sweep.h"

#include <export/export.h>
#include <queue/queue.h>
#include <stdlib.h>
#include <system/system.h>

static jm_status find_services(struct approval_core *core)
{
    const struct {
        const char *id;
        const jm_service_slot **slot_out;
    } wanted[] = {
        {CATALOG_SERVICE, &core->catalog},
        {QUEUE_SERVICE, &core->queue},
        {EXPORT_SERVICE, &core->exports},
        {SETTINGS_SERVICE, &core->settings},
    };
    jm_status status = JM_OK;
    for (size_t i = 0; i < JM_COUNT(wanted) && status == JM_OK; i++)
        status = core->api.service->require(core->api.host, wanted[i].id, wanted[i].slot_out);
    return status;
}

static jm_status init(const jm_plugin *plugin)
{
    struct approval_core *core = plugin->plugin_data;
    jm_api_find(&core->api, core->api.host);
    jm_status status = find_services(core);
    if (status == JM_OK)
        status = approval_schema_declare(core);
    if (status == JM_OK)
        status = approval_events_declare(core);
    if (status == JM_OK)
        status = approval_plain_routes_add(core);
    if (status == JM_OK)
        status = approval_api_routes_add(core);
    if (status == JM_OK)
        status = approval_bulk_routes_add(core);
    return status == JM_OK ? approval_photo_routes_add(core) : status;
}

static jm_status activate(const jm_plugin *plugin)
{
    struct approval_core *core = plugin->plugin_data;
    jm_status status = approval_follow_start(core);
    return status == JM_OK ? approval_sweep_start(core) : status;
}

static jm_status drain(const jm_plugin *plugin)
{
    approval_follow_stop(plugin->plugin_data);
    approval_sweep_stop(plugin->plugin_data);
    return JM_OK;
}

static void destroy(const jm_plugin *plugin)
{
    free(plugin->plugin_data);
}

static const jm_plugin *create(const jm_host *host)
{
    struct approval_core *core = calloc(1, sizeof(*core));
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
