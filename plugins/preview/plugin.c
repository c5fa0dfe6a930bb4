/* The plugin preview: its entry, and what it registers. Loop thread. */
#include "cache.h"
#include "core.h"
#include "feed.h"
#include "job.h"
#include "preview_manifest.h"
#include "routes.h"
#include "schema.h"
#include "sweep.h"
#include "wanted.h"

#include <stdlib.h>

/* How often what could not be made is tried again. */
#define RETRY_MS 300000
/* How often imports are looked for. */
#define LISTEN_MS 1000

static jm_status name_folder(struct preview_core *core)
{
    static const char name[] = "/previews";
    jm_span data = core->config->data_dir(core->host);
    size_t size = data.len + sizeof name;
    core->folder = malloc(size);
    if (core->folder == NULL) {
        return preview_fail(core, JM_ENOMEM, "out of memory");
    }
    snprintf(core->folder, size, "%.*s%s", JM_SPAN_ARGS(data), name);
    return JM_OK;
}

static jm_status init(const jm_plugin *plugin)
{
    struct preview_core *core = plugin->plugin_data;
    jm_api_find(&core->api, core->host);
    jm_status status = options_read(core);
    if (status == JM_OK) {
        status = name_folder(core);
    }
    if (status == JM_OK) {
        status = core->service->require(core->host, CATALOG_SERVICE, &core->catalog_slot);
    }
    if (status == JM_OK) {
        status = schema_declare(core);
    }
    if (status == JM_OK) {
        status = metrics_declare(core);
    }
    if (status == JM_OK) {
        status = routes_add(core);
    }
    return status;
}

static jm_status on_retry(void *user, jm_id timer)
{
    (void)timer;
    wanted_retry(user);
    return JM_OK;
}

static jm_status on_listen(void *user, jm_id timer)
{
    struct preview_core *core = user;
    (void)timer;
    jm_status status = feed_listen(core);
    if (status == JM_OK) {
        wanted_pump(core);
    }
    return status;
}

/* Work and tasks may begin only once activate() has returned. */
static jm_status on_begin(void *user, jm_id timer)
{
    struct preview_core *core = user;
    (void)timer;
    sweep_start(core);
    wanted_retry(core);
    return JM_OK;
}

static jm_status activate(const jm_plugin *plugin)
{
    struct preview_core *core = plugin->plugin_data;
    jm_id timer;
    jm_status status = cache_prepare(core);
    if (status == JM_OK) {
        status = core->timer->start(core->host, "begin", 0, 0, on_begin, core, &timer);
    }
    /* After a drain that was undone it goes on by itself. */
    if (status == JM_OK && core->retry_timer == 0) {
        status = core->timer->start(core->host, "try again what could not be made", RETRY_MS,
                                    RETRY_MS, on_retry, core, &core->retry_timer);
    }
    if (status == JM_OK && core->listen_timer == 0 && core->options.background > 0) {
        status = core->timer->start(core->host, "look for imports", 0, LISTEN_MS, on_listen, core,
                                    &core->listen_timer);
    }
    core->active = status == JM_OK;
    return status;
}

static jm_status drain(const jm_plugin *plugin)
{
    struct preview_core *core = plugin->plugin_data;
    core->active = false;
    job_cancel_background(core);
    return JM_OK;
}

/* All work has been completed by now, so that no job is left. */
static void destroy(const jm_plugin *plugin)
{
    struct preview_core *core = plugin->plugin_data;
    free(core->folder);
    free(core);
}

static const jm_plugin *create(const jm_host *host)
{
    struct preview_core *core = calloc(1, sizeof *core);
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
