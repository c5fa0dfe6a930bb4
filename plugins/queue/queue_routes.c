/* The queue as a whole and one job of it: /queue/status, cancel, retry, purge, pause, resume, failed;
 * and the two of /api/system. */
#include "answer.h"
#include "change.h"
#include "dispatch.h"
#include "query.h"
#include "routes.h"
#include "sweep.h"

#include <junmai/sdk/routes.h>

/* The state as Celery would call it. */
static const char *task_state(const struct job *job)
{
    switch (job->state) {
    case QUEUE_PROCESSING:
        return "STARTED";
    case QUEUE_COMPLETED:
        return "SUCCESS";
    case QUEUE_FAILED:
        return "FAILURE";
    case QUEUE_CANCELLED:
        return "REVOKED";
    default:
        return job->attempt > 0 ? "RETRY" : "PENDING";
    }
}

static jm_status status_of(void *user, const jm_request *request)
{
    const struct queue *q = user;
    struct job job;
    jm_status status = answer_job(q, request, "id", &job);
    if (status == JM_OK) {
        bool has_ended = job.state >= QUEUE_COMPLETED;
        json_t *json = json_pack(
            "{s:s, s:s, s:b, s:o, s:o, s:s, s:o, s:f}", "task_id", job.id, "state",
            task_state(&job), "ready", has_ended, "successful",
            has_ended ? json_boolean(job.state == QUEUE_COMPLETED) : json_null(), "failed",
            has_ended ? json_boolean(job.state == QUEUE_FAILED) : json_null(), "status",
            machine_state_name(job.state), "stage", job_text(job.stage), "progress", job.percent);
        if (!jm_span_absent(job.result))
            json_object_set_new(json, "result", job_object(job.result));
        if (!jm_span_absent(job.error))
            json_object_set_new(json, "error", job_text(job.error));
        status = answer(q, request, 200, json);
    }
    job_fini(&job);
    return status;
}

static jm_status cancel(void *user, const jm_request *request)
{
    struct queue *q = user;
    struct job job;
    jm_status status = answer_job(q, request, "id", &job);
    if (status == JM_OK)
        status = change_cancel(q, &job);
    if (status == JM_OK)
        status = answer(
            q, request, 200,
            json_pack("{s:s, s:s}", "message", "Job cancelled successfully", "task_id", job.id));
    job_fini(&job);
    return answer_status(q, request, status);
}

static jm_status retry(void *user, const jm_request *request)
{
    struct queue *q = user;
    struct job job;
    jm_status status = answer_job(q, request, "id", &job);
    if (status == JM_OK)
        status = change_retry(q, &job);
    if (status == JM_OK)
        status = answer(q, request, 200,
                        json_pack("{s:s, s:s, s:s}", "message", "Job retried successfully",
                                  "original_task_id", job.id, "new_task_id", job.id));
    job_fini(&job);
    return answer_status(q, request, status);
}

static jm_status purge_job(struct queue *q, const struct sweep_plan *plan, struct job *job,
                           bool *changed_out)
{
    (void)plan;
    *changed_out = true;
    return change_cancel(q, job);
}

static json_t *purge_answer(const struct queue *q, const struct sweep_plan *plan, int64_t visited,
                            int64_t changed)
{
    char message[64];
    (void)q;
    (void)plan;
    (void)visited;
    snprintf(message, sizeof(message), "Purged %lld tasks from queue", (long long)changed);
    return json_pack("{s:s, s:I}", "message", message, "tasks_purged", (json_int_t)changed);
}

static jm_status purge(void *user, const jm_request *request)
{
    static const struct sweep_plan plan = {.visit = purge_job, .answer = purge_answer};
    return sweep_start(user, request->id, &plan);
}

static jm_status set_paused(struct queue *q, const jm_request *request, bool paused,
                            const char *what)
{
    char message[64];
    jm_status status = dispatch_set_paused(q, paused);
    if (status < 0)
        return status;
    snprintf(message, sizeof(message), "%s %s successfully", what, paused ? "paused" : "resumed");
    return answer(q, request, 200, json_pack("{s:s}", "message", message));
}

static jm_status pause(void *user, const jm_request *request)
{
    return set_paused(user, request, true, "Queue");
}

static jm_status resume(void *user, const jm_request *request)
{
    return set_paused(user, request, false, "Queue");
}

static jm_status pause_system(void *user, const jm_request *request)
{
    return set_paused(user, request, true, "System processing");
}

static jm_status resume_system(void *user, const jm_request *request)
{
    return set_paused(user, request, false, "System processing");
}

static jm_status failed(void *user, const jm_request *request)
{
    const struct queue *q = user;
    struct query query = {.state = QUEUE_FAILED, .limit = 50};
    json_t *jobs;
    jm_status status = answer_range(q, request, &query.limit, &query.offset);
    if (status == JM_OK)
        status = query_list(q, &query, job_row_json, &jobs);
    if (status < 0)
        return status;
    return answer(
        q, request, 200,
        json_pack("{s:o, s:I}", "failed_jobs", jobs, "count", (json_int_t)json_array_size(jobs)));
}

static const jm_route routes[] = {
    {.method = "GET", .path = "/queue/status/{id}", .help = "How far a job is.", .fn = status_of},
    {.method = "POST",
     .path = "/queue/cancel/{id}",
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Cancel a job that has not ended; one that runs is told to stop.",
     .fn = cancel},
    {.method = "POST",
     .path = "/queue/retry/{id}",
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Begin a failed or cancelled job anew; it keeps its id and its history.",
     .fn = retry},
    {.method = "POST",
     .path = "/queue/purge",
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Cancel all pending jobs.",
     .fn = purge},
    {.method = "POST",
     .path = "/queue/pause",
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Begin no more jobs; what runs goes on.",
     .fn = pause},
    {.method = "POST",
     .path = "/queue/resume",
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Begin jobs again.",
     .fn = resume},
    {.method = "POST",
     .path = "/api/system/pause",
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "As /queue/pause.",
     .fn = pause_system},
    {.method = "POST",
     .path = "/api/system/resume",
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "As /queue/resume.",
     .fn = resume_system},
    {.method = "GET",
     .path = "/queue/failed",
     .help = "Jobs that have failed, the newest first.",
     .query = "limit:int=50|offset:int=0",
     .fn = failed},
};

jm_status queue_routes_add(struct queue *q)
{
    return jm_routes_add(q->api.http, q->api.host, routes, JM_COUNT(routes), q);
}
