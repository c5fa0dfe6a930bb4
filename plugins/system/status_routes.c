/* What the phone and the desktop program look at every few seconds. They format numbers without
 * looking, so that every number is one, also where what it counts is away. */
#include "status_routes.h"

#include "pointer.h"
#include "settings.h"
#include "throttle.h"

#include <junmai/sdk/routes.h>
#include <junmai/sdk/utc.h>

/* Clients draw a bar; this is its length where there is nothing to draw. */
#define GPU_MEMORY_UNKNOWN_MB 8192

/* Numbers of the studio; 0 where the plugin that knows them is away. */
struct numbers {
    int64_t active_sessions;
    int64_t approval_count;
    struct queue_view queue;
};

static void take_json(void *user, jm_span text)
{
    json_t **json = user;
    *json = json_loadb(text.ptr, text.len, 0, NULL);
}

static int64_t count_active_sessions(const catalog_service *catalog, void *data)
{
    json_t *stats = NULL;
    const char *status;
    json_t *count;
    int64_t active = 0;
    if (catalog->get_stats(data, take_json, &stats) != JM_OK)
        return 0;
    json_object_foreach(json_object_get(stats, "sessions_by_status"), status, count)
    {
        if (strcmp(status, "completed") != 0)
            active += json_integer_value(count);
    }
    json_decref(stats);
    return active;
}

/* A photograph waits for approval where it is completed and not approved. */
static int64_t count_waiting(const catalog_service *catalog, void *data)
{
    const jm_span query = JM_SPAN("{\"status\":\"completed\",\"approved\":false,\"limit\":1}");
    json_t *page = NULL;
    if (catalog->size < offsetof(catalog_service, query_photos) + sizeof(catalog->query_photos) ||
        catalog->query_photos == NULL ||
        catalog->query_photos(data, query, take_json, &page) != JM_OK)
        return 0;
    int64_t total = json_integer_value(json_object_get(page, "total"));
    json_decref(page);
    return total;
}

static void count_all(const struct system_core *core, struct numbers *numbers_out)
{
    const catalog_service *catalog = core->catalog_slot->table;
    *numbers_out = (struct numbers){0};
    throttle_look(core, &numbers_out->queue);
    if (catalog == NULL)
        return;
    void *data = core->catalog_slot->provider_data;
    numbers_out->active_sessions = count_active_sessions(catalog, data);
    numbers_out->approval_count = count_waiting(catalog, data);
}

static json_t *now_json(const struct system_core *core)
{
    char text[JM_UTC_BYTES];
    jm_utc_format(core->api.clock->utc_ms(core->host), text);
    return json_string(text);
}

static const char *state_of(const struct numbers *numbers)
{
    return numbers->queue.paused ? "paused" : "running";
}

static jm_status on_status(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    struct numbers numbers;
    count_all(core, &numbers);
    return system_respond(core, request->id, 200,
                          json_pack("{s:s, s:I, s:I, s:I, s:o}", "system", state_of(&numbers),
                                    "active_sessions", (json_int_t)numbers.active_sessions,
                                    "pending_jobs", (json_int_t)numbers.queue.counts.pending,
                                    "processing_jobs", (json_int_t)numbers.queue.counts.processing,
                                    "timestamp", now_json(core)));
}

static json_t *resources_json(const struct system_core *core)
{
    const struct snapshot *now = &core->monitor.now;
    const struct gpu *gpu = &now->gpu;
    return json_pack("{s:f, s:f, s:f, s:f, s:{s:b, s:f, s:f, s:f, s:f}}", "cpu_percent",
                     now->cpu_percent, "memory_percent", now->memory_percent, "memory_used_mb",
                     now->memory_used_mb, "memory_total_mb", now->memory_total_mb, "gpu",
                     "available", gpu->available, "temperature", gpu->temperature_celsius, "load",
                     gpu->load_percent, "memory_used_mb", gpu->memory_used_mb, "memory_total_mb",
                     gpu->memory_total_mb);
}

static jm_status on_api_status(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    struct numbers numbers;
    count_all(core, &numbers);
    return system_respond(core, request->id, 200,
                          json_pack("{s:s, s:o, s:{s:I}, s:{s:I, s:I}, s:{s:I}, s:o}", "system",
                                    state_of(&numbers), "timestamp", now_json(core), "sessions",
                                    "active", (json_int_t)numbers.active_sessions, "jobs",
                                    "pending", (json_int_t)numbers.queue.counts.pending,
                                    "processing", (json_int_t)numbers.queue.counts.processing,
                                    "approval_queue", "count", (json_int_t)numbers.approval_count,
                                    "resources", resources_json(core)));
}

/* "healthy" is proved by a query. */
static jm_status query_store(const struct system_core *core)
{
    int64_t one = 0;
    jm_status status = system_exec(core, "SELECT 1 + count(*) FROM system_settings", NULL, 0,
                                   jm_row_integer, &one);
    return status == JM_OK && one == 0 ? JM_EIO : status;
}

static jm_status on_health(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    bool healthy = query_store(core) == JM_OK;
    return system_respond(core, request->id, healthy ? 200 : 503,
                          json_pack("{s:s, s:o}", "status", healthy ? "healthy" : "unhealthy",
                                    "timestamp", now_json(core)));
}

static jm_status on_api_health(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    bool healthy = query_store(core) == JM_OK;
    return system_respond(core, request->id, healthy ? 200 : 503,
                          json_pack("{s:s, s:o, s:s}", "status", healthy ? "healthy" : "unhealthy",
                                    "timestamp", now_json(core), "database",
                                    healthy ? "connected" : "disconnected"));
}

static jm_status on_info(void *user, const jm_request *request)
{
    static const char *const shown[][2] = {
        {"version", "/version"},
        {"llm_provider", "/ai/llm_provider"},
        {"llm_model", "/ai/llm_model"},
        {"auto_import", "/processing/auto_import"},
        {"auto_select", "/processing/auto_select"},
        {"auto_develop", "/processing/auto_develop"},
        {"auto_export", "/processing/auto_export"},
    };
    const struct system_core *core = user;
    json_t *document = NULL;
    jm_status status = settings_read(core, &document);
    if (status < 0)
        return status;
    json_t *info = json_pack("{s:s}", "system_name", "Junmai");
    for (size_t i = 0; i < JM_COUNT(shown); i++)
        json_object_set(info, shown[i][0], pointer_find(document, jm_span_of(shown[i][1])));
    json_decref(document);
    return system_respond(core, request->id, 200, info);
}

static jm_status on_resources(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    const struct snapshot *now = &core->monitor.now;
    const struct gpu *gpu = &now->gpu;
    double total = gpu->available ? gpu->memory_total_mb : GPU_MEMORY_UNKNOWN_MB;
    return system_respond(
        core, request->id, 200,
        json_pack("{s:f, s:f, s:f, s:f, s:b, s:f, s:f, s:f, s:f}", "cpu_percent", now->cpu_percent,
                  "memory_used_mb", now->memory_used_mb, "memory_total_mb", now->memory_total_mb,
                  "memory_percent", now->memory_percent, "gpu_available", gpu->available,
                  "gpu_temperature", gpu->temperature_celsius, "gpu_memory_used_mb",
                  gpu->memory_used_mb, "gpu_memory_total_mb", total, "gpu_utilization",
                  gpu->load_percent));
}

static const jm_route routes[] = {
    {.method = "GET",
     .path = "/system/status",
     .fn = on_status,
     .help = "Whether the studio works, and how many sessions and jobs it has."},
    {.method = "GET",
     .path = "/system/health",
     .fn = on_health,
     .help = "Whether the store answers."},
    {.method = "GET",
     .path = "/api/system/status",
     .fn = on_api_status,
     .help = "Sessions, jobs, photographs that wait for approval, and the machine."},
    {.method = "GET",
     .path = "/api/system/health",
     .fn = on_api_health,
     .help = "Whether the store answers."},
    {.method = "GET",
     .path = "/api/system/info",
     .fn = on_info,
     .help = "Name, version and the main switches of the settings."},
    {.method = "GET",
     .path = "/resource/status",
     .fn = on_resources,
     .help = "Processor, memory and graphics processor, every number a number."},
};

jm_status status_routes_add(struct system_core *core)
{
    return jm_routes_add(core->api.http, core->host, routes, JM_COUNT(routes), core);
}
