/* The plugin catalog: its entry, and what it registers. Loop thread. */
#include "catalog_manifest.h"
#include "core.h"
#include "deletion.h"
#include "events.h"
#include "photo_routes.h"
#include "schema.h"
#include "service.h"
#include "session_routes.h"
#include "statistics_routes.h"

#include <export/export.h>
#include <stdlib.h>

static jm_status init(const jm_plugin *plugin)
{
    struct catalog *catalog = plugin->plugin_data;
    jm_api_find(&catalog->api, catalog->host);
    jm_status status = catalog_schema_declare(catalog);
    if (status == JM_OK)
        status = catalog_events_declare(catalog);
    if (status == JM_OK)
        status = catalog_service_provide(catalog);
    if (status == JM_OK)
        status = catalog_session_routes_add(catalog);
    if (status == JM_OK)
        status = catalog_photo_routes_add(catalog);
    if (status == JM_OK)
        status = catalog_statistics_routes_add(catalog);
    if (status == JM_OK)
        status = catalog->service->require(catalog->host, EXPORT_SERVICE, &catalog->exports);
    return status;
}

static jm_status activate(const jm_plugin *plugin)
{
    return catalog_deletion_start(plugin->plugin_data);
}

static jm_status drain(const jm_plugin *plugin)
{
    catalog_deletion_stop(plugin->plugin_data);
    return JM_OK;
}

static void destroy(const jm_plugin *plugin)
{
    catalog_deletion_fini(plugin->plugin_data);
    free(plugin->plugin_data);
}

static const jm_plugin *create(const jm_host *host)
{
    struct catalog *catalog = calloc(1, sizeof(*catalog));
    if (catalog == NULL)
        return NULL;
    catalog->host = host;
    catalog->plugin = (jm_plugin){
        .size = sizeof(jm_plugin),
        .plugin_data = catalog,
        .init = init,
        .activate = activate,
        .drain = drain,
        .destroy = destroy,
    };
    return &catalog->plugin;
}

JM_DEFINE_ENTRY(JM_MANIFEST_TEXT, create);
