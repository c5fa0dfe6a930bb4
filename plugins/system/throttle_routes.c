/* The queue as the machine sees it. */
#include "throttle_routes.h"

#include "resource_json.h"
#include "throttle.h"

#include <junmai/sdk/routes.h>

static json_t *counts_json(const queue_counts *counts)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I}", "pending", (json_int_t)counts->pending,
                     "processing", (json_int_t)counts->processing, "completed",
                     (json_int_t)counts->completed, "failed", (json_int_t)counts->failed,
                     "cancelled", (json_int_t)counts->cancelled);
}

static jm_status on_status(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    struct queue_view view;
    throttle_look(core, &view);
    json_t *status =
        json_pack("{s:b, s:b, s:f, s:b, s:b, s:i, s:o, s:o}", "is_running", throttle_is_on(core),
                  "is_paused", view.paused, "current_speed", judge_speed(core->monitor.now.state),
                  "auto_adjust", throttle_adjusts(core), "queue_available", view.available,
                  "recommended_concurrency", throttle_concurrency(core), "system",
                  resource_status_json(core), "queue", counts_json(&view.counts));
    return system_respond(core, request->id, 200,
                          json_pack("{s:b, s:o}", "success", 1, "status", status));
}

static jm_status answer_switched(const struct system_core *core, const jm_request *request,
                                 jm_status status, const char *message)
{
    if (status < 0)
        return status;
    return system_respond(core, request->id, 200,
                          json_pack("{s:b, s:s}", "success", 1, "message", message));
}

static jm_status on_start(void *user, const jm_request *request)
{
    return answer_switched(user, request, throttle_switch(user, true),
                           "Resource-aware queue control started");
}

static jm_status on_stop(void *user, const jm_request *request)
{
    return answer_switched(user, request, throttle_switch(user, false),
                           "Resource-aware queue control stopped");
}

static jm_status on_auto_adjust(void *user, const jm_request *request)
{
    struct system_core *core = user;
    bool enabled = false;
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, core->api.error, core->host, request->body);
    if (status == JM_OK && json_object_get(doc.root, "enabled") == NULL)
        status = system_fail(core, JM_EINVAL, "Missing 'enabled' field");
    if (status == JM_OK)
        status = jm_doc_bool(&doc, "enabled", true, &enabled);
    if (status == JM_OK)
        status = throttle_set_adjusts(core, enabled);
    jm_doc_fini(&doc);
    if (status < 0)
        return status;
    return system_respond(core, request->id, 200,
                          json_pack("{s:b, s:s, s:b}", "success", 1, "message",
                                    enabled ? "Auto-adjust enabled" : "Auto-adjust disabled",
                                    "enabled", enabled));
}

static jm_status on_concurrency(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    return system_respond(core, request->id, 200,
                          json_pack("{s:b, s:i}", "success", 1, "recommended_concurrency",
                                    throttle_concurrency(core)));
}

static jm_status on_accept_jobs(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    return system_respond(core, request->id, 200,
                          json_pack("{s:b, s:b, s:f}", "success", 1, "should_accept",
                                    throttle_accepts(core), "processing_delay_seconds",
                                    judge_delay_s(core->monitor.now.state)));
}

#define FORM .flags = JM_ROUTE_SUCCESS_FORM
#define BARE_FORM .flags = (JM_ROUTE_SUCCESS_FORM | JM_ROUTE_BODY_OPTIONAL)

static const jm_route routes[] = {
    {.method = "GET",
     .path = "/resources/queue/status",
     .fn = on_status,
     FORM,
     .help = "The queue, and how it follows the machine."},
    {.method = "POST",
     .path = "/resources/queue/start",
     .fn = on_start,
     BARE_FORM,
     .help = "Let the queue follow the machine: it is paused while that is critical."},
    {.method = "POST",
     .path = "/resources/queue/stop",
     .fn = on_stop,
     BARE_FORM,
     .help = "Let the queue be; what was paused for the machine's sake is resumed."},
    {.method = "PUT",
     .path = "/resources/queue/auto-adjust",
     .fn = on_auto_adjust,
     FORM,
     .help = "Whether following includes pausing."},
    {.method = "GET",
     .path = "/resources/queue/concurrency",
     .fn = on_concurrency,
     FORM,
     .help = "Jobs at once that the machine allows now, at most max_concurrent_jobs."},
    {.method = "GET",
     .path = "/resources/queue/accept-jobs",
     .fn = on_accept_jobs,
     FORM,
     .help = "Whether new jobs are welcome now."},
};

jm_status throttle_routes_add(struct system_core *core)
{
    return jm_routes_add(core->api.http, core->host, routes, JM_COUNT(routes), core);
}
