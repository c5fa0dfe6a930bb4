/* The plugin import: its entry, and what it registers. Loop thread. */
#include "card.h"
#include "core.h"
#include "events.h"
#include "hot.h"
#include "import_manifest.h"
#include "library.h"
#include "report.h"
#include "report_prune.h"
#include "routes.h"
#include "schema.h"

#include <stdlib.h>

static jm_status init(const jm_plugin *plugin)
{
    struct import_core *core = plugin->plugin_data;
    jm_api_find(&core->api, core->host);
    jm_status status = options_read(core);
    if (status == JM_OK) {
        status = core->service->require(core->host, CATALOG_SERVICE, &core->catalog_slot);
    }
    if (status == JM_OK) {
        status = core->service->require(core->host, SETTINGS_SERVICE, &core->settings_slot);
    }
    if (status == JM_OK) {
        status = schema_declare(core);
    }
    if (status == JM_OK) {
        status = events_declare(core);
    }
    if (status == JM_OK) {
        status = import_routes_add(core);
    }
    if (status == JM_OK) {
        status = catalog_routes_add(core);
    }
    if (status == JM_OK) {
        status = report_routes_add(core);
    }
    if (status == JM_OK) {
        status = card_routes_add(core);
    }
    if (status == JM_OK) {
        core->hot = hot_new(core);
        status = core->hot == NULL ? JM_ENOMEM : hot_routes_add(core);
    }
    return status;
}

/* What an earlier run has left open. Not when drain() is undone: then what runs goes on. */
static jm_status close_old(const struct import_core *core)
{
    if (core->imports != NULL || core->cards != NULL) {
        return JM_OK;
    }
    jm_status status = report_close_old(core);
    return status < 0 ? status : card_close_old(core);
}

/* A backup that is not there now is told when it is needed. */
static void sweep_backup(const struct import_core *core)
{
    unsigned swept;
    const char *backup = core->options.backup;
    int error = backup[0] == '\0' ? 0 : library_sweep(backup, &swept);
    if (error != 0) {
        JM_LOGF(core->log, core->host, JM_LOG_WARNING, "the backup %s cannot be used: %s", backup,
                strerror(error));
    }
}

static jm_status activate(const jm_plugin *plugin)
{
    struct import_core *core = plugin->plugin_data;
    unsigned swept;
    int error = library_prepare(core->options.library, &swept);
    if (error != 0) {
        return import_fail(core, JM_EIO,
                           "the library %s cannot be used: %s; make the folder writable, or name "
                           "another one in option library",
                           core->options.library, strerror(error));
    }
    if (swept > 0) {
        JM_LOGF(core->log, core->host, JM_LOG_WARNING,
                "removed %u unfinished copies that an earlier run left in the library", swept);
    }
    sweep_backup(core);
    jm_status status = close_old(core);
    core->accepting = status == JM_OK;
    if (status == JM_OK) {
        status = report_prune_start(core);
    }
    if (status == JM_OK) {
        status = hot_open(core->hot);
    }
    if (status < 0) {
        hot_close(core->hot);
    }
    return status;
}

static jm_status drain(const jm_plugin *plugin)
{
    struct import_core *core = plugin->plugin_data;
    core->accepting = false;
    hot_close(core->hot);
    return JM_OK;
}

/* All work has been completed by now, so that no import and no batch is left. */
static void destroy(const jm_plugin *plugin)
{
    struct import_core *core = plugin->plugin_data;
    hot_free(core->hot);
    options_fini(&core->options);
    free(core);
}

static const jm_plugin *create(const jm_host *host)
{
    struct import_core *core = calloc(1, sizeof *core);
    if (core == NULL) {
        return NULL;
    }
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
