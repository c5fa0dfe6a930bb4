/* A plugin for tests: photographs that have no file, and two executors. "develop" has done a job as soon
 * as it begins; "slow" holds what it has begun until POST /stock/finish. Loop thread. */
#include "stock_manifest.h"

#include <catalog/catalog.h>
#include <junmai/sdk/json.h>
#include <junmai/sdk/plugin.h>
#include <junmai/sdk/routes.h>
#include <queue/queue.h>

#define SLOW_AT_ONCE 4

struct held {
    char job[QUEUE_ID_SIZE];
    char lease[128];
};

struct stock {
    jm_plugin plugin;
    jm_api api;
    const jm_service_slot *queue;
    const jm_service_slot *catalog;
    jm_id executors[2];
    struct held held[SLOW_AT_ONCE];
    size_t held_count;
    int64_t made; /* photographs so far, of this process */
};

static jm_status add_photo(struct stock *stock, int64_t session)
{
    const catalog_service *catalog = stock->catalog->table;
    char json[512], in_session[48] = "";
    int64_t photo;
    int64_t n = stock->made++;
    int64_t origin = (int64_t)(stock->api.clock->utc_ms(stock->api.host));
    if (session != 0)
        snprintf(in_session, sizeof in_session, "\"session_id\":%lld,", (long long)session);
    snprintf(json, sizeof json,
             "{%s\"file_path\":\"/stock/%lld-%lld.jpg\",\"file_name\":\"%lld.jpg\","
             "\"file_size\":1,\"content_hash\":\"%032llx%032llx\"}",
             in_session, (long long)origin, (long long)n, (long long)n, (long long)origin,
             (long long)n);
    return catalog->add_photo(stock->catalog->provider_data, jm_span_of(json), &photo);
}

/* POST /stock {"count", "session_id"?} */
static jm_status fill(void *user, const jm_request *request)
{
    struct stock *stock = user;
    const jm_host *host = stock->api.host;
    int64_t count = 0, session = 0;
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, stock->api.error, host, request->body);
    if (status == JM_OK)
        status = jm_doc_int(&doc, "count", true, &count);
    if (status == JM_OK)
        status = jm_doc_int(&doc, "session_id", false, &session);
    jm_doc_fini(&doc);
    for (int64_t i = 0; i < count && status == JM_OK; i++)
        status = add_photo(stock, session);
    return status < 0 ? status
                      : jm_json_respond(stock->api.http, host, request->id, 200, json_object());
}

static jm_status finish_one(struct stock *stock, bool fails)
{
    const queue_service *queue = stock->queue->table;
    const struct held *held = &stock->held[--stock->held_count];
    jm_span job = jm_span_of(held->job);
    jm_span lease = jm_span_of(held->lease);
    jm_span none = {NULL, 0};
    return fails
               ? queue->fail(stock->queue->provider_data, job, lease, JM_SPAN("asked to"), none, 1)
               : queue->complete(stock->queue->provider_data, job, lease, JM_SPAN("{}"));
}

/* POST /stock/finish {"fail"?}: end one that is held; answers how many there were. */
static jm_status finish(void *user, const jm_request *request)
{
    struct stock *stock = user;
    const jm_host *host = stock->api.host;
    size_t count = stock->held_count;
    bool fails = false;
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, stock->api.error, host, request->body);
    if (status == JM_OK)
        status = jm_doc_bool(&doc, "fail", false, &fails);
    jm_doc_fini(&doc);
    if (status == JM_OK && count > 0)
        status = finish_one(stock, fails);
    return status < 0 ? status
                      : jm_json_respond(stock->api.http, host, request->id, 200,
                                        json_pack("{s:I}", "held", (json_int_t)count));
}

static jm_status start_idle(void *user, const queue_job *job)
{
    const struct stock *stock = user;
    const queue_service *queue = stock->queue->table;
    return queue->complete(stock->queue->provider_data, job->id, job->lease, JM_SPAN("{}"));
}

static jm_status start_slow(void *user, const queue_job *job)
{
    struct stock *stock = user;
    if (stock->held_count == SLOW_AT_ONCE)
        return JM_EBUSY;
    struct held *held = &stock->held[stock->held_count++];
    snprintf(held->job, sizeof held->job, "%.*s", JM_SPAN_ARGS(job->id));
    snprintf(held->lease, sizeof held->lease, "%.*s", JM_SPAN_ARGS(job->lease));
    return JM_OK;
}

static void cancel_idle(void *user, jm_span job, jm_span lease)
{
    (void)user;
    (void)job;
    (void)lease;
}

/* Its end must be reported, which frees its place. */
static void cancel_slow(void *user, jm_span job, jm_span lease)
{
    struct stock *stock = user;
    const queue_service *queue = stock->queue->table;
    jm_span none = {NULL, 0};
    for (size_t i = 0; i < stock->held_count; i++) {
        if (jm_span_is(job, stock->held[i].job)) {
            stock->held[i] = stock->held[--stock->held_count];
            (void)queue->fail(stock->queue->provider_data, job, lease, JM_SPAN("cancelled"), none,
                              1);
            return;
        }
    }
}

static const jm_route routes[] = {
    {.method = "POST", .path = "/stock", .fn = fill, .help = "Add photographs."},
    {.method = "POST", .path = "/stock/finish", .fn = finish, .help = "End a job that is held."},
};

static jm_status init(const jm_plugin *plugin)
{
    struct stock *stock = plugin->plugin_data;
    const jm_host *host = stock->api.host;
    jm_api_find(&stock->api, host);
    jm_status status = stock->api.service->require(host, QUEUE_SERVICE, &stock->queue);
    if (status == JM_OK)
        status = stock->api.service->require(host, CATALOG_SERVICE, &stock->catalog);
    if (status == JM_OK)
        status = jm_routes_add(stock->api.http, host, routes, JM_COUNT(routes), stock);
    return status;
}

static jm_status activate(const jm_plugin *plugin)
{
    struct stock *stock = plugin->plugin_data;
    const queue_service *queue = stock->queue->table;
    const queue_executor executors[] = {
        {sizeof(queue_executor), 64, "develop", "nothing, at once", start_idle, cancel_idle, stock},
        {sizeof(queue_executor), SLOW_AT_ONCE, "slow", "nothing, when asked to", start_slow,
         cancel_slow, stock},
    };
    jm_status status = JM_OK;
    for (size_t i = 0; i < JM_COUNT(executors) && status == JM_OK; i++)
        status = queue->register_executor(stock->queue->provider_data, &executors[i],
                                          &stock->executors[i]);
    return status;
}

static jm_status drain(const jm_plugin *plugin)
{
    struct stock *stock = plugin->plugin_data;
    const queue_service *queue = stock->queue->table;
    for (size_t i = 0; queue != NULL && i < JM_COUNT(stock->executors); i++)
        (void)queue->unregister(stock->queue->provider_data, stock->executors[i]);
    return JM_OK;
}

static void destroy(const jm_plugin *plugin)
{
    free(plugin->plugin_data);
}

static const jm_plugin *create(const jm_host *host)
{
    struct stock *stock = calloc(1, sizeof *stock);
    if (stock == NULL)
        return NULL;
    stock->api.host = host;
    stock->plugin = (jm_plugin){.size = sizeof(jm_plugin),
                                .plugin_data = stock,
                                .init = init,
                                .activate = activate,
                                .drain = drain,
                                .destroy = destroy};
    return &stock->plugin;
}

JM_DEFINE_ENTRY(JM_MANIFEST_TEXT, create);
