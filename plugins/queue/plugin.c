/* The plugin queue: its entry, and what it registers. Loop thread. */
#include "after.h"
#include "attempts.h"
#include "core.h"
#include "events.h"
#include "feed.h"
#include "ids.h"
#include "queue_manifest.h"
#include "registry.h"
#include "routes.h"
#include "schema.h"
#include "service.h"
#include "slices.h"
#include "waiting.h"

#include <catalog/catalog.h>
#include <system/system.h>

static jm_status add_routes(struct queue *q)
{
    static jm_status (*const families[])(struct queue *) = {
        submit_routes_add, queue_routes_add,    look_routes_add, priority_routes_add,
        lease_routes_add,  progress_routes_add, job_routes_add,
    };
    jm_status status = JM_OK;
    for (size_t i = 0; i < JM_COUNT(families) && status == JM_OK; i++)
        status = families[i](q);
    return status;
}

static jm_status init(const jm_plugin *plugin)
{
    struct queue *q = plugin->plugin_data;
    jm_api_find(&q->api, q->api.host);
    ids_find_process(q);
    jm_status status = options_read(q);
    if (status == JM_OK)
        status = q->api.service->require(q->api.host, CATALOG_SERVICE, &q->catalog);
    if (status == JM_OK)
        status = q->api.service->require(q->api.host, SETTINGS_SERVICE, &q->settings);
    if (status == JM_OK)
        status = schema_declare(q);
    if (status == JM_OK)
        status = events_declare(q);
    if (status == JM_OK)
        status = service_provide(q);
    return status == JM_OK ? add_routes(q) : status;
}

/* Once everybody is active: who hears of jobs and who does them register in activate(). */
static jm_status on_begin(void *user, jm_id timer)
{
    (void)timer;
    after_arm(user);
    return attempts_recover(user);
}

static jm_status start_timers(struct queue *q)
{
    const jm_host_timer *timer = q->api.timer;
    jm_id id;
    jm_status status = timer->start(q->api.host, "begin", 0, 0, on_begin, q, &id);
    /* After a drain that was undone they go on by themselves. */
    if (status == JM_OK && q->tick == 0)
        status = timer->start(q->api.host, "times and leases", AFTER_TICK_MS, AFTER_TICK_MS,
                              after_tick, q, &q->tick);
    if (status == JM_OK && q->feed_tick == 0)
        status = timer->start(q->api.host, "look for deleted sessions", 0, FEED_TICK_MS, feed_tick,
                              q, &q->feed_tick);
    return status;
}

static jm_status activate(const jm_plugin *plugin)
{
    struct queue *q = plugin->plugin_data;
    jm_status status = start_timers(q);
    q->active = status == JM_OK;
    return status;
}

static jm_status drain(const jm_plugin *plugin)
{
    struct queue *q = plugin->plugin_data;
    q->active = false;
    waiting_end(q);
    return JM_OK;
}

static void destroy(const jm_plugin *plugin)
{
    struct queue *q = plugin->plugin_data;
    slices_end(q);
    registry_free(q->registry);
    free(q);
}

static const jm_plugin *create(const jm_host *host)
{
    struct queue *q = calloc(1, sizeof(*q));
    if (q == NULL)
        return NULL;
    q->registry = registry_new();
    if (q->registry == NULL) {
        free(q);
        return NULL;
    }
    q->api.host = host;
    q->plugin = (jm_plugin){
        .size = sizeof(jm_plugin),
        .plugin_data = q,
        .init = init,
        .activate = activate,
        .drain = drain,
        .destroy = destroy,
    };
    return &q->plugin;
}

JM_DEFINE_ENTRY(JM_MANIFEST_TEXT, create);
