/* The plugin batch: its entry, and what it registers. Loop thread. */
#include "batch_manifest.h"
#include "core.h"
#include "events.h"
#include "feed.h"
#include "follow.h"
#include "routes.h"
#include "schema.h"

#include <stdlib.h>

static jm_status init(const jm_plugin *plugin)
{
    struct batch_core *core = plugin->plugin_data;
    const jm_host *host = core->api.host;
    jm_api_find(&core->api, host);
    jm_status status = core->api.service->require(host, QUEUE_SERVICE, &core->queue);
    if (status == JM_OK)
        status = core->api.service->require(host, CATALOG_SERVICE, &core->catalog);
    if (status == JM_OK)
        status = batch_schema_declare(core);
    if (status == JM_OK)
        status = batch_events_declare(core);
    return status == JM_OK ? batch_routes_add(core) : status;
}

static jm_status activate(const jm_plugin *plugin)
{
    struct batch_core *core = plugin->plugin_data;
    jm_status status = batch_follow_start(core);
    return status == JM_OK ? batch_feed(core) : status;
}

static jm_status drain(const jm_plugin *plugin)
{
    struct batch_core *core = plugin->plugin_data;
    batch_follow_stop(core);
    batch_feed_stop(core);
    return JM_OK;
}

static void destroy(const jm_plugin *plugin)
{
    struct batch_core *core = plugin->plugin_data;
    free(core->watches);
    free(core);
}

static const jm_plugin *create(const jm_host *host)
{
    struct batch_core *core = calloc(1, sizeof(*core));
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
