/* The plugin catalog: its entry, and what it registers. Loop thread. */
#include "catalog_manifest.h"
#include "core.h"
#include "events.h"
#include "photo_routes.h"
#include "schema.h"
#include "service.h"
#include "session_routes.h"

#include <stdlib.h>

static jm_status find_extensions(struct catalog *catalog)
{
    const jm_host *host = catalog->host;
    catalog->clock = host->get_extension(host, JM_EXT_CLOCK);
    catalog->error = host->get_extension(host, JM_EXT_ERROR);
    catalog->event = host->get_extension(host, JM_EXT_EVENT);
    catalog->http = host->get_extension(host, JM_EXT_HTTP);
    catalog->service = host->get_extension(host, JM_EXT_SERVICE);
    catalog->store = host->get_extension(host, JM_EXT_STORE);
    if (catalog->error == NULL)
        return JM_EUNSUPPORTED;
    if (catalog->clock == NULL || catalog->event == NULL || catalog->http == NULL ||
        catalog->service == NULL || catalog->store == NULL)
        return catalog_fail(catalog, JM_EUNSUPPORTED,
                            "catalog needs the host's extensions clock, event, http, service and "
                            "store in version 1; use a newer host");
    return JM_OK;
}

static jm_status init(const jm_plugin *plugin)
{
    struct catalog *catalog = plugin->plugin_data;
    jm_status status = find_extensions(catalog);
    if (status == JM_OK)
        status = catalog_schema_declare(catalog);
    if (status == JM_OK)
        status = catalog_events_declare(catalog);
    if (status == JM_OK)
        status = catalog_service_provide(catalog);
    if (status == JM_OK)
        status = catalog_session_routes_add(catalog);
    if (status == JM_OK)
        status = catalog_photo_routes_add(catalog);
    return status;
}

/* Everything is in the store: there is nothing to start, to give back or to hand over. */
static jm_status activate(const jm_plugin *plugin)
{
    (void)plugin;
    return JM_OK;
}

static jm_status drain(const jm_plugin *plugin)
{
    (void)plugin;
    return JM_OK;
}

static void destroy(const jm_plugin *plugin)
{
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

JM_EXPORT const jm_entry JM_ENTRY = {
    .magic = JM_ABI_MAGIC,
    .size = sizeof(jm_entry),
    .abi_major = JM_ABI_MAJOR,
    .abi_minor = JM_ABI_MINOR,
    .manifest = JM_MANIFEST_TEXT,
    .create = create,
};
