/* The machine, its limits and its history; the queue's part is in throttle_routes.c. */
#include "resource_routes.h"

#include "resource_json.h"
#include "throttle_routes.h"

#include <junmai/sdk/query.h>
#include <junmai/sdk/routes.h>

#define MINUTES_MAX 10080

static jm_status answer(const struct system_core *core, const jm_request *request, const char *key,
                        json_t *value_take)
{
    return system_respond(core, request->id, 200,
                          json_pack("{s:b, s:o}", "success", 1, key, value_take));
}

static jm_status answer_message(const struct system_core *core, const jm_request *request,
                                const char *message)
{
    return answer(core, request, "message", json_string(message));
}

static jm_status on_status(void *user, const jm_request *request)
{
    return answer(user, request, "status", resource_status_json(user));
}

static jm_status on_cpu(void *user, const jm_request *request)
{
    struct limits limits;
    limits_read(user, &limits);
    return answer(user, request, "cpu", resource_cpu_json(user, &limits));
}

static jm_status on_memory(void *user, const jm_request *request)
{
    struct limits limits;
    limits_read(user, &limits);
    return answer(user, request, "memory", resource_memory_json(user, &limits));
}

static jm_status on_gpu(void *user, const jm_request *request)
{
    return answer(user, request, "gpu", resource_gpu_json(user));
}

static jm_status on_idle(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    struct limits limits;
    limits_read(core, &limits);
    return system_respond(core, request->id, 200,
                          json_pack("{s:b, s:b, s:f}", "success", 1, "is_idle",
                                    resource_is_idle(core, &limits), "idle_duration_seconds",
                                    monitor_idle_s(core)));
}

static jm_query query_of(const struct system_core *core, const jm_request *request)
{
    return (jm_query){core->host, core->api.http, core->api.error, request->id};
}

static jm_status on_history(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    const jm_query query = query_of(core, request);
    struct limits limits;
    limits_read(core, &limits);
    int64_t size = (int64_t)limits.value[LIMIT_HISTORY_SIZE];
    int64_t limit = size;
    jm_status status = jm_query_int(&query, "limit", 1, &limit);
    if (status < 0)
        return status;
    json_t *history = history_json(&core->monitor.history, (size_t)(limit < size ? limit : size));
    return system_respond(core, request->id, 200,
                          json_pack("{s:b, s:o, s:I}", "success", 1, "history", history, "count",
                                    (json_int_t)json_array_size(history)));
}

static jm_status on_average(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    const jm_query query = query_of(core, request);
    int64_t minutes = 5;
    jm_status status = jm_query_int(&query, "duration_minutes", 1, &minutes);
    if (status == JM_OK && minutes > MINUTES_MAX)
        status = system_fail(core, JM_EINVAL, "duration_minutes must be at most %d", MINUTES_MAX);
    if (status < 0)
        return status;
    return answer(
        core, request, "averages",
        history_averages(&core->monitor.history, core->api.clock->utc_ms(core->host), minutes));
}

static jm_status on_monitoring_start(void *user, const jm_request *request)
{
    jm_status status = monitor_switch(user, true);
    return status < 0 ? status : answer_message(user, request, "Resource monitoring started");
}

static jm_status on_monitoring_stop(void *user, const jm_request *request)
{
    jm_status status = monitor_switch(user, false);
    return status < 0 ? status : answer_message(user, request, "Resource monitoring stopped");
}

static jm_status on_config(void *user, const jm_request *request)
{
    struct limits limits;
    limits_read(user, &limits);
    return answer(user, request, "config", limits_json(&limits));
}

static jm_status on_put_config(void *user, const jm_request *request)
{
    struct system_core *core = user;
    struct limits limits;
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, core->api.error, core->host, request->body);
    if (status == JM_OK && json_object_size(doc.root) == 0)
        status = system_fail(core, JM_EINVAL, "No configuration updates provided");
    if (status == JM_OK)
        status = limits_change(core, doc.root);
    if (status == JM_OK && json_object_get(doc.root, "monitor_interval") != NULL && core->active)
        status = monitor_start(core);
    jm_doc_fini(&doc);
    if (status < 0)
        return status;
    limits_read(core, &limits);
    return system_respond(core, request->id, 200,
                          json_pack("{s:b, s:s, s:o}", "success", 1, "message",
                                    "Configuration updated", "config", limits_json(&limits)));
}

#define FORM .flags = JM_ROUTE_SUCCESS_FORM
#define BARE_FORM .flags = (JM_ROUTE_SUCCESS_FORM | JM_ROUTE_BODY_OPTIONAL)

static const jm_route routes[] = {
    {.method = "GET",
     .path = "/resources/status",
     .fn = on_status,
     FORM,
     .help = "The machine: processors, memory, disks, graphics processor, and its state."},
    {.method = "GET", .path = "/resources/cpu", .fn = on_cpu, FORM, .help = "The processors."},
    {.method = "GET", .path = "/resources/memory", .fn = on_memory, FORM, .help = "The memory."},
    {.method = "GET",
     .path = "/resources/gpu",
     .fn = on_gpu,
     FORM,
     .help = "The graphics processor, where there is one."},
    {.method = "GET",
     .path = "/resources/idle",
     .fn = on_idle,
     FORM,
     .help = "Whether the machine has nothing to do, and since when."},
    {.method = "GET",
     .path = "/resources/metrics/history",
     .fn = on_history,
     FORM,
     .query = "limit:int",
     .help = "The last samples, oldest first."},
    {.method = "GET",
     .path = "/resources/metrics/average",
     .fn = on_average,
     FORM,
     .query = "duration_minutes:int=5",
     .help = "Means over the last minutes."},
    {.method = "POST",
     .path = "/resources/monitoring/start",
     .fn = on_monitoring_start,
     BARE_FORM,
     .help = "Keep samples, and warn."},
    {.method = "POST",
     .path = "/resources/monitoring/stop",
     .fn = on_monitoring_stop,
     BARE_FORM,
     .help = "Keep no samples, and do not warn."},
    {.method = "GET",
     .path = "/resources/config",
     .fn = on_config,
     FORM,
     .help = "The limits of the monitor."},
    {.method = "PUT",
     .path = "/resources/config",
     .fn = on_put_config,
     FORM,
     .help = "Change some of the limits; effective at the next sample."},
};

jm_status resource_routes_add(struct system_core *core)
{
    jm_status status = jm_routes_add(core->api.http, core->host, routes, JM_COUNT(routes), core);
    return status == JM_OK ? throttle_routes_add(core) : status;
}
