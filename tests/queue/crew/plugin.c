/* Executors for the tests of the queue, and routes that make what they need: many jobs, photographs.
 *
 *   noop      done at once, without a worker
 *   refused   start() fails
 *   fatal     kills the host
 *   brief, segfault, hoard, spin, deaf   tasks of crew-task.so of the same name
 *
 * POST /crew/jobs {kind, count, group} makes jobs in slices; POST /crew/photos {count, score} makes a
 * session with photographs; POST /crew/hold, release, cancel and count {group} are of a group. Loop
 * thread. */
#include "crew_manifest.h"

#include <catalog/catalog.h>
#include <junmai/sdk/json.h>
#include <junmai/sdk/plugin.h>
#include <junmai/sdk/routes.h>
#include <queue/queue.h>
#include <signal.h>

#define SLICE_JOBS 256
#define WALL_MS 1500
#define CPU_MS 500
#define MEMORY_MIB 256

/* A job that a worker does. */
struct duty {
    struct duty *next;
    struct crew *crew;
    jm_id task;
    char id[QUEUE_ID_SIZE];
    char lease[80];
};

/* A request for many jobs. */
struct order {
    struct crew *crew;
    jm_id request;
    int64_t left;
    char kind[64];
    char group[64]; /* "": none */
};

struct crew {
    jm_plugin plugin;
    jm_api api;
    const jm_service_slot *queue;
    const jm_service_slot *catalog;
    struct duty *duties;
    int64_t photos; /* that were made */
};

static const queue_service *queue_of(const struct crew *crew)
{
    return crew->queue->table;
}

static void remove_duty(struct duty *duty)
{
    struct duty **place = &duty->crew->duties;
    while (*place != duty)
        place = &(*place)->next;
    *place = duty->next;
    free(duty);
}

static jm_status on_progress(void *user, jm_id task, double percent, jm_span detail)
{
    struct duty *duty = user;
    (void)task;
    (void)detail;
    /* An attempt that was ended meanwhile has no progress any more. */
    (void)queue_of(duty->crew)
        ->progress(duty->crew->queue->provider_data, jm_span_of(duty->id), jm_span_of(duty->lease),
                   JM_SPAN("working"), percent, (jm_span){NULL, 0}, (jm_span){NULL, 0});
    return JM_OK;
}

static jm_status on_done(void *user, jm_id task, jm_status status, jm_span text)
{
    struct duty *duty = user;
    void *queue = duty->crew->queue->provider_data;
    jm_span id = jm_span_of(duty->id);
    jm_span lease = jm_span_of(duty->lease);
    const queue_service *service = queue_of(duty->crew);
    (void)task;
    if (service != NULL && status == JM_OK)
        status = service->complete(queue, id, lease, text);
    else if (service != NULL)
        status = service->fail(queue, id, lease, text, (jm_span){NULL, 0}, 0);
    remove_duty(duty);
    return status;
}

static jm_status start_task(void *user, const queue_job *job)
{
    struct crew *crew = user;
    struct duty *duty = calloc(1, sizeof(*duty));
    char name[65];
    if (duty == NULL)
        return JM_ENOMEM;
    duty->crew = crew;
    snprintf(duty->id, sizeof(duty->id), "%.*s", JM_SPAN_ARGS(job->id));
    snprintf(duty->lease, sizeof(duty->lease), "%.*s", JM_SPAN_ARGS(job->lease));
    snprintf(name, sizeof(name), "%.*s", JM_SPAN_ARGS(job->kind));
    const jm_task task = {
        .size = sizeof(task),
        .priority = JM_TASK_NORMAL,
        .name = name,
        .label = name,
        .request = job->config,
        .wall_ms = strcmp(name, "deaf") == 0 ? 600000 : WALL_MS * 20,
        .cpu_ms = CPU_MS,
        .memory_mib = MEMORY_MIB,
        .progress = on_progress,
        .done = on_done,
        .user = duty,
    };
    jm_status status = crew->api.task->run(crew->api.host, &task, &duty->task);
    if (status < 0) {
        free(duty);
        return status;
    }
    duty->next = crew->duties;
    crew->duties = duty;
    return JM_OK;
}

static void cancel_task(void *user, jm_span job, jm_span lease)
{
    struct crew *crew = user;
    (void)lease;
    for (struct duty *duty = crew->duties; duty != NULL; duty = duty->next) {
        if (jm_span_is(job, duty->id)) {
            (void)crew->api.task->cancel(crew->api.host, duty->task);
            return;
        }
    }
}

static jm_status start_noop(void *user, const queue_job *job)
{
    struct crew *crew = user;
    return queue_of(crew)->complete(crew->queue->provider_data, job->id, job->lease, JM_SPAN("{}"));
}

static jm_status start_refused(void *user, const queue_job *job)
{
    (void)user;
    (void)job;
    return JM_EINVAL;
}

static jm_status start_fatal(void *user, const queue_job *job)
{
    (void)user;
    (void)job;
    (void)raise(SIGKILL);
    return JM_OK;
}

static jm_status on_order(void *user, jm_id timer)
{
    struct order *order = user;
    struct crew *crew = order->crew;
    const queue_submission submission = {
        .size = sizeof(submission),
        .priority = 5,
        .kind = jm_span_of(order->kind),
        .group = jm_span_of(order->group[0] == '\0' ? NULL : order->group),
    };
    char id[QUEUE_ID_SIZE];
    jm_id next;
    jm_status status = JM_OK;
    (void)timer;
    for (int i = 0; i < SLICE_JOBS && order->left > 0 && status == JM_OK; i++, order->left--)
        status = queue_of(crew)->submit(crew->queue->provider_data, &submission, id, NULL);
    if (status == JM_OK && order->left > 0)
        return crew->api.timer->start(crew->api.host, "make jobs", 1, 0, on_order, order, &next);
    status = jm_json_respond(crew->api.http, crew->api.host, order->request,
                             status == JM_OK ? 200 : 500, json_pack("{s:I}", "left", order->left));
    free(order);
    return status;
}

static jm_status make_jobs(void *user, const jm_request *request)
{
    struct crew *crew = user;
    struct order *order = calloc(1, sizeof(*order));
    jm_span kind = {NULL, 0};
    jm_span group = JM_SPAN("");
    jm_doc doc;
    if (order == NULL)
        return JM_ENOMEM;
    order->crew = crew;
    order->request = request->id;
    jm_status status = jm_doc_init(&doc, crew->api.error, crew->api.host, request->body);
    if (status == JM_OK)
        status = jm_doc_text(&doc, "kind", true, &kind);
    if (status == JM_OK)
        status = jm_doc_int(&doc, "count", true, &order->left);
    if (status == JM_OK)
        status = jm_doc_text(&doc, "group", false, &group);
    snprintf(order->group, sizeof(order->group), "%.*s", JM_SPAN_ARGS(group));
    snprintf(order->kind, sizeof(order->kind), "%.*s", JM_SPAN_ARGS(kind));
    jm_doc_fini(&doc);
    if (status == JM_OK)
        return on_order(order, 0);
    free(order);
    return status;
}

static jm_status add_photo(struct crew *crew, int64_t session, double score, json_t *ids)
{
    const catalog_service *catalog = crew->catalog->table;
    void *data = crew->catalog->provider_data;
    int64_t number = ++crew->photos;
    int64_t photo = 0;
    char hash[65];
    char path[64];
    snprintf(hash, sizeof(hash), "%064llx", (unsigned long long)number);
    snprintf(path, sizeof(path), "/crew/%lld.jpg", (long long)number);
    json_t *json =
        json_pack("{s:s, s:s, s:I, s:s, s:I}", "file_path", path, "file_name", path + 6,
                  "file_size", (json_int_t)1, "content_hash", hash, "session_id", session);
    jm_span text = jm_json_dump(json);
    json_decref(json);
    jm_status status = catalog->add_photo(data, text, &photo);
    free((char *)text.ptr);
    if (status == JM_OK && score > 0) {
        char update[64];
        snprintf(update, sizeof(update), "{\"ai_score\":%g}", score);
        status = catalog->update_photo(data, photo, jm_span_of(update));
    }
    json_array_append_new(ids, json_integer(photo));
    return status;
}

static jm_status make_photos(void *user, const jm_request *request)
{
    struct crew *crew = user;
    const catalog_service *catalog = crew->catalog->table;
    json_t *ids = json_array();
    int64_t count = 1;
    int64_t session = 0;
    int32_t created = 0;
    double score = 0;
    jm_doc doc;
    char name[32];
    jm_status status = jm_doc_init(&doc, crew->api.error, crew->api.host, request->body);
    if (status == JM_OK)
        status = jm_doc_int(&doc, "count", false, &count);
    if (status == JM_OK)
        status = jm_doc_number(&doc, "score", false, &score);
    jm_doc_fini(&doc);
    snprintf(name, sizeof(name), "crew %lld", (long long)crew->photos);
    if (status == JM_OK)
        status = catalog->open_session(crew->catalog->provider_data, jm_span_of(name),
                                       JM_SPAN("/crew"), &session, &created);
    for (int64_t i = 0; i < count && status == JM_OK; i++)
        status = add_photo(crew, session, score, ids);
    if (status < 0) {
        json_decref(ids);
        return status;
    }
    return jm_json_respond(crew->api.http, crew->api.host, request->id, 200,
                           json_pack("{s:I, s:o}", "session_id", (json_int_t)session, "ids", ids));
}

typedef int64_t (*group_fn)(const queue_service *service, void *queue, jm_span group);

static int64_t hold(const queue_service *service, void *queue, jm_span group)
{
    return service->hold_group(queue, group, 1);
}

static int64_t release(const queue_service *service, void *queue, jm_span group)
{
    return service->hold_group(queue, group, 0);
}

static int64_t cancel(const queue_service *service, void *queue, jm_span group)
{
    return service->cancel_group(queue, group);
}

static int64_t count(const queue_service *service, void *queue, jm_span group)
{
    (void)service;
    (void)queue;
    (void)group;
    return 0;
}

/* Do it, and answer with what it returned and with the group's numbers. */
static jm_status with_group(struct crew *crew, const jm_request *request, group_fn fn)
{
    void *queue = crew->queue->provider_data;
    queue_counts counts = {.size = sizeof(counts)};
    jm_span group = {NULL, 0};
    jm_doc doc;
    int64_t result = 0;
    jm_status status = jm_doc_init(&doc, crew->api.error, crew->api.host, request->body);
    if (status == JM_OK)
        status = jm_doc_text(&doc, "group", true, &group);
    if (status == JM_OK) {
        result = fn(queue_of(crew), queue, group);
        status = result < 0 ? (jm_status)result : queue_of(crew)->count(queue, group, &counts);
    }
    jm_doc_fini(&doc);
    if (status < 0)
        return status;
    return jm_json_respond(crew->api.http, crew->api.host, request->id, 200,
                           json_pack("{s:I, s:I, s:I, s:I}", "result", (json_int_t)result,
                                     "pending", (json_int_t)counts.pending, "completed",
                                     (json_int_t)counts.completed, "cancelled",
                                     (json_int_t)counts.cancelled));
}

static jm_status hold_group(void *user, const jm_request *request)
{
    return with_group(user, request, hold);
}

static jm_status release_group(void *user, const jm_request *request)
{
    return with_group(user, request, release);
}

static jm_status cancel_group(void *user, const jm_request *request)
{
    return with_group(user, request, cancel);
}

static jm_status count_group(void *user, const jm_request *request)
{
    return with_group(user, request, count);
}

static const jm_route routes[] = {
    {.method = "POST", .path = "/crew/jobs", .help = "Make jobs.", .fn = make_jobs},
    {.method = "POST", .path = "/crew/photos", .help = "Make photographs.", .fn = make_photos},
    {.method = "POST", .path = "/crew/hold", .help = "Hold a group.", .fn = hold_group},
    {.method = "POST", .path = "/crew/release", .help = "Let a group go.", .fn = release_group},
    {.method = "POST", .path = "/crew/cancel", .help = "Cancel a group.", .fn = cancel_group},
    {.method = "POST", .path = "/crew/count", .help = "Count a group.", .fn = count_group},
};

static jm_status init(const jm_plugin *plugin)
{
    struct crew *crew = plugin->plugin_data;
    jm_api_find(&crew->api, crew->api.host);
    jm_status status = crew->api.service->require(crew->api.host, QUEUE_SERVICE, &crew->queue);
    if (status == JM_OK)
        status = crew->api.service->require(crew->api.host, CATALOG_SERVICE, &crew->catalog);
    if (status < 0)
        return status;
    return jm_routes_add(crew->api.http, crew->api.host, routes, JM_COUNT(routes), crew);
}

static jm_status activate(const jm_plugin *plugin)
{
    struct crew *crew = plugin->plugin_data;
    static const char *const tasks[] = {"brief", "segfault", "hoard", "spin", "deaf"};
    jm_id token;
    queue_executor executor = {.size = sizeof(executor),
                               .concurrency = 16,
                               .kind = "noop",
                               .label = "nobody",
                               .start = start_noop,
                               .user = crew};
    void *queue = crew->queue->provider_data;
    jm_status status = queue_of(crew)->register_executor(queue, &executor, &token);
    executor.kind = "refused";
    executor.start = start_refused;
    if (status == JM_OK)
        status = queue_of(crew)->register_executor(queue, &executor, &token);
    executor.kind = "fatal";
    executor.start = start_fatal;
    if (status == JM_OK)
        status = queue_of(crew)->register_executor(queue, &executor, &token);
    executor.start = start_task;
    executor.cancel = cancel_task;
    executor.label = "crew-task in junmai-worker";
    for (size_t i = 0; i < JM_COUNT(tasks) && status == JM_OK; i++) {
        executor.kind = tasks[i];
        status = queue_of(crew)->register_executor(queue, &executor, &token);
    }
    return status;
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
    struct crew *crew = calloc(1, sizeof(*crew));
    if (crew == NULL)
        return NULL;
    crew->api.host = host;
    crew->plugin = (jm_plugin){
        .size = sizeof(jm_plugin),
        .plugin_data = crew,
        .init = init,
        .activate = activate,
        .drain = drain,
        .destroy = destroy,
    };
    return &crew->plugin;
}

JM_DEFINE_ENTRY(JM_MANIFEST_TEXT, create);
