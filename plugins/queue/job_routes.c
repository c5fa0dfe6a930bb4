/* /api/jobs. */
#include "answer.h"
#include "attempts.h"
#include "change.h"
#include "check.h"
#include "photo.h"
#include "query.h"
#include "routes.h"
#include "submit.h"

#include <junmai/sdk/routes.h>

static jm_status read_filter(const struct queue *q, const jm_request *request, struct query *query)
{
    jm_query parameters = answer_query(q, request);
    jm_span word = {NULL, 0};
    int64_t priority = 0;
    (void)jm_query_text(&parameters, "kind", &query->kind);
    jm_status status = answer_range(q, request, &query->limit, &query->offset);
    if (status == JM_OK)
        status = jm_query_int(&parameters, "photo_id", 1, &query->photo);
    if (status == JM_OK)
        status = jm_query_int(&parameters, "priority", 1, &priority);
    if (status == JM_OK && priority != 0)
        status = check_priority(q, priority);
    query->priority = (int32_t)priority;
    if (status == JM_OK && jm_query_text(&parameters, "status", &word)) {
        query->state = machine_state_named(word);
        if (query->state == 0)
            status = jm_query_wrong(&parameters, "status",
                                    "pending, processing, completed, failed or cancelled", word);
    }
    return status;
}

static jm_status list(void *user, const jm_request *request)
{
    const struct queue *q = user;
    struct query query = {.limit = 100};
    json_t *jobs;
    int64_t total = 0;
    jm_status status = read_filter(q, request, &query);
    if (status == JM_OK)
        status = query_count(q, &query, &total);
    if (status == JM_OK)
        status = query_list(q, &query, job_row_json, &jobs);
    if (status < 0)
        return status;
    return answer(q, request, 200,
                  json_pack("{s:o, s:I, s:I, s:I, s:I}", "jobs", jobs, "count",
                            (json_int_t)json_array_size(jobs), "total", (json_int_t)total, "offset",
                            (json_int_t)query.offset, "limit", (json_int_t)query.limit));
}

static jm_status get(void *user, const jm_request *request)
{
    const struct queue *q = user;
    struct job job;
    json_t *history = NULL;
    jm_status status = answer_job(q, request, "id", &job);
    if (status == JM_OK)
        status = attempts_json(q, &job, &history);
    if (status == JM_OK) {
        json_t *json = job_json(&job);
        json_object_set_new(json, "attempts", history);
        if (job.photo != 0)
            json_object_set_new(json, "photo", photo_summary(q, job.photo));
        status = answer(q, request, 200, json);
    }
    job_fini(&job);
    return status;
}

static jm_status create_from(struct queue *q, const jm_doc *doc, queue_submission *submission,
                             char id_out[QUEUE_ID_SIZE])
{
    json_t *config = jm_doc_value(doc, "config");
    jm_status status = jm_doc_int(doc, "photo_id", false, &submission->photo);
    if (status == JM_OK && (submission->photo == 0 || config == NULL))
        status = queue_fail(q, JM_EINVAL, "photo_id and config are required");
    if (status == JM_OK && !json_is_object(config))
        status = jm_doc_wrong(doc, "config", "an object", config);
    if (status == JM_OK)
        status = jm_doc_text(doc, "kind", false, &submission->kind);
    if (status == JM_OK)
        status = jm_doc_text(doc, "idempotency_key", false, &submission->key);
    if (status == JM_OK)
        status = check_priority_in(q, doc, &submission->priority);
    if (status < 0)
        return status;
    submission->config = jm_json_dump(config);
    status = submit_one(q, submission, id_out, NULL);
    free((char *)submission->config.ptr);
    return status;
}

static jm_status create(void *user, const jm_request *request)
{
    struct queue *q = user;
    queue_submission submission = {
        .size = sizeof(submission), .priority = 2, .kind = JM_SPAN("develop")};
    char id[QUEUE_ID_SIZE];
    struct job job = {0};
    jm_doc doc;
    (void)q->api.http->get_header(q->api.host, request->id, "Idempotency-Key", &submission.key);
    jm_status status = jm_doc_init(&doc, q->api.error, q->api.host, request->body);
    if (status == JM_OK)
        status = create_from(q, &doc, &submission, id);
    if (status == JM_OK)
        status = job_load(q, jm_span_of(id), &job);
    if (status == JM_OK)
        status = answer(q, request, 201,
                        json_pack("{s:s, s:o, s:i, s:s, s:o}", "id", job.id, "photo_id",
                                  job_ref(job.photo), "priority", job.priority, "status",
                                  machine_state_name(job.state), "created_at",
                                  job_time(job.created_ms)));
    job_fini(&job);
    jm_doc_fini(&doc);
    return status;
}

static jm_status delete (void *user, const jm_request *request)
{
    struct queue *q = user;
    struct job job;
    jm_status status = answer_job(q, request, "id", &job);
    if (status == JM_OK && machine_step(job.state, EVENT_REMOVE).next == 0)
        status = queue_fail(q, JM_EINVAL, "Cannot delete job with status: %s",
                            machine_state_name(job.state));
    if (status == JM_OK)
        status = change_remove(q, &job);
    if (status == JM_OK)
        status = answer(
            q, request, 200,
            json_pack("{s:s, s:s}", "message", "Job deleted successfully", "job_id", job.id));
    job_fini(&job);
    return status;
}

static const jm_route routes[] = {
    {.method = "GET",
     .path = "/api/jobs",
     .help = "Jobs, the newest first.",
     .query = "status:text|photo_id:int|priority:int|kind:text|limit:int=100|offset:int=0",
     .fn = list},
    {.method = "GET",
     .path = "/api/jobs/{id}",
     .help = "A job with its configuration, its photograph and all its attempts.",
     .fn = get},
    {.method = "POST", .path = "/api/jobs", .help = "Make a job for a photograph.", .fn = create},
    {.method = "DELETE",
     .path = "/api/jobs/{id}",
     .help = "Delete a job that is pending, failed or cancelled.",
     .fn = delete},
};

jm_status job_routes_add(struct queue *q)
{
    return jm_routes_add(q->api.http, q->api.host, routes, JM_COUNT(routes), q);
}
