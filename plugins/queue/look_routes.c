/* /queue/stats and /queue/workers. */
#include "answer.h"
#include "counts.h"
#include "dispatch.h"
#include "registry.h"
#include "routes.h"
#include "workers.h"

#include <junmai/sdk/routes.h>

static json_t *by_status(const queue_counts *counts)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I}", "pending", (json_int_t)counts->pending,
                     "processing", (json_int_t)counts->processing, "completed",
                     (json_int_t)counts->completed, "failed", (json_int_t)counts->failed,
                     "cancelled", (json_int_t)counts->cancelled);
}

/* Jobs that wait for the time of their next attempt. */
static jm_status count_scheduled(const struct queue *q, int64_t *count_out)
{
    *count_out = 0;
    return queue_select(
        q, "SELECT count(*) FROM queue_jobs INDEXED BY queue_jobs_due WHERE state = 1 AND gate = 1",
        NULL, 0, jm_row_integer, count_out);
}

static jm_status stats(void *user, const jm_request *request)
{
    const struct queue *q = user;
    queue_counts counts;
    json_t *priorities = NULL;
    int64_t scheduled = 0;
    jm_status status = counts_read(q, (jm_span){NULL, 0}, &counts);
    if (status == JM_OK)
        status = counts_by_priority(q, 0, &priorities);
    if (status == JM_OK)
        status = count_scheduled(q, &scheduled);
    if (status < 0)
        return status;
    return answer(q, request, 200,
                  json_pack("{s:I, s:I, s:I, s:I, s:o, s:o, s:b, s:o}", "active_tasks",
                            (json_int_t)counts.processing, "scheduled_tasks", (json_int_t)scheduled,
                            "reserved_tasks", (json_int_t)(counts.pending - scheduled),
                            "total_pending", (json_int_t)(counts.pending + counts.processing),
                            "jobs_by_status", by_status(&counts), "jobs_by_priority", priorities,
                            "paused", dispatch_is_paused(q), "timestamp", answer_now(q)));
}

static jm_status workers(void *user, const jm_request *request)
{
    const struct queue *q = user;
    json_t *json = NULL;
    jm_status status = workers_describe(q, &json);
    if (status < 0)
        return status;
    json_object_set_new(json, "timestamp", answer_now(q));
    return answer(q, request, 200, json);
}

static const jm_route routes[] = {
    {.method = "GET",
     .path = "/queue/stats",
     .help = "Jobs by status and by priority.",
     .fn = stats},
    {.method = "GET",
     .path = "/queue/workers",
     .help = "Who does the jobs of each kind, the jobs that run, and kinds that nobody does.",
     .fn = workers},
};

jm_status look_routes_add(struct queue *q)
{
    return jm_routes_add(q->api.http, q->api.host, routes, JM_COUNT(routes), q);
}
