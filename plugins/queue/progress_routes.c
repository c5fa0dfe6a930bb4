/* /progress/…: what clients report of a job, and what others see of it. */
#include "answer.h"
#include "attempts.h"
#include "change.h"
#include "check.h"
#include "events.h"
#include "query.h"
#include "routes.h"

#include <junmai/sdk/routes.h>

/* A job as the progress routes show it. */
static json_t *progress_json(const struct queue *q, const struct job *job)
{
    int64_t now = queue_now_ms(q);
    int64_t until = job->ended_ms != 0 ? job->ended_ms : now;
    double elapsed_s = job->started_ms == 0 ? 0 : (double)(until - job->started_ms) / 1000;
    double eta_s = events_eta_s(job, now);
    return json_pack("{s:s, s:o, s:{}, s:s, s:o, s:o, s:f, s:o, s:[], s:[], s:f, s:o}", "job_id",
                     job->id, "photo_id", job_ref(job->photo), "photo_info", "status",
                     machine_state_name(job->state), "started_at", job_time(job->started_ms),
                     "current_stage", job_text(job->stage), "progress", job->percent, "message",
                     job_text(job->message), "stages_completed", "errors", "elapsed_seconds",
                     elapsed_s, "eta_s", eta_s < 0 ? json_null() : json_real(eta_s));
}

/* Attempts that have failed, as "errors". */
static void add_errors(const struct queue *q, const struct job *job, json_t *json)
{
    json_t *history = NULL;
    json_t *attempt;
    size_t i;
    if (attempts_json(q, job, &history) < 0)
        return;
    json_array_foreach(history, i, attempt)
    {
        json_t *sentence = json_object_get(attempt, "error");
        if (json_is_string(sentence))
            json_array_append_new(json_object_get(json, "errors"),
                                  json_pack("{s:O, s:O, s:O}", "error_type",
                                            json_object_get(attempt, "outcome"), "error_message",
                                            sentence, "timestamp",
                                            json_object_get(attempt, "ended_at")));
    }
    json_decref(history);
}

static jm_status get(void *user, const jm_request *request)
{
    const struct queue *q = user;
    struct job job;
    jm_status status = answer_job(q, request, "id", &job);
    if (status == JM_OK) {
        json_t *json = progress_json(q, &job);
        add_errors(q, &job, json);
        status = answer(q, request, 200, json_pack("{s:b, s:o}", "success", 1, "job_status", json));
    }
    job_fini(&job);
    return status;
}

struct active {
    const struct queue *q;
    json_t *jobs;
};

static jm_status take_active(void *user, const jm_value *columns, size_t count)
{
    struct active *active = user;
    struct job job;
    (void)count;
    job_read(columns, &job);
    return json_object_set_new(active->jobs, job.id, progress_json(active->q, &job)) < 0 ? JM_ENOMEM
                                                                                         : JM_OK;
}

static jm_status list_active(void *user, const jm_request *request)
{
    struct active active = {user, json_object()};
    const jm_value args[] = {JM_INT(QUERY_MAX)};
    jm_status status = queue_select(
        user, "SELECT " JOB_COLUMNS JOB_FROM "WHERE j.state = 2 ORDER BY j.num LIMIT ?1", args, 1,
        take_active, &active);
    if (status < 0) {
        json_decref(active.jobs);
        return status;
    }
    return answer(user, request, 200,
                  json_pack("{s:b, s:o, s:I}", "success", 1, "active_jobs", active.jobs, "count",
                            (json_int_t)json_object_size(active.jobs)));
}

/* A report that names a lease must name the one of the attempt that runs. */
static jm_status check_lease(const struct queue *q, const jm_doc *doc, const struct job *job)
{
    jm_span lease = {NULL, 0};
    jm_status status = jm_doc_text(doc, "lease", false, &lease);
    if (status == JM_OK && !jm_span_absent(lease) && !jm_span_equal(lease, job->lease))
        status = queue_fail(q, JM_ESTATE, "This lease of job %s has ended", job->id);
    return status;
}

static jm_status apply_report(struct queue *q, const jm_doc *doc, jm_span stage, struct job *job)
{
    double percent = 0;
    jm_span message = {NULL, 0};
    jm_status status = check_text(q, "stage", stage, CHECK_STAGE_BYTES);
    if (status == JM_OK)
        status = jm_doc_number(doc, "progress", false, &percent);
    if (status == JM_OK)
        status = check_percent(q, percent);
    if (status == JM_OK)
        status = jm_doc_text(doc, "message", false, &message);
    jm_span details = jm_json_dump(jm_doc_value(doc, "details"));
    if (status == JM_OK)
        status = check_object(q, "details", details);
    if (status == JM_OK)
        status = check_lease(q, doc, job);
    if (status == JM_OK)
        status = change_progress(q, job, stage, percent, jm_span_cut(message, CHECK_SENTENCE_BYTES),
                                 details);
    free((char *)details.ptr);
    return status;
}

static jm_status ok(const struct queue *q, const jm_request *request, const char *message)
{
    return answer(q, request, 200, json_pack("{s:b, s:s}", "success", 1, "message", message));
}

static jm_status report(void *user, const jm_request *request)
{
    struct queue *q = user;
    struct job job = {0};
    jm_span id = {NULL, 0};
    jm_span stage = {NULL, 0};
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, q->api.error, q->api.host, request->body);
    if (status == JM_OK)
        status = jm_doc_text(&doc, "job_id", false, &id);
    if (status == JM_OK)
        status = jm_doc_text(&doc, "stage", false, &stage);
    if (status == JM_OK && (id.len == 0 || stage.len == 0))
        status = queue_fail(q, JM_EINVAL, "job_id and stage are required");
    if (status == JM_OK)
        status = job_load(q, id, &job);
    if (status == JM_OK)
        status = apply_report(q, &doc, stage, &job);
    if (status == JM_OK)
        status = ok(q, request, "Progress reported successfully");
    job_fini(&job);
    jm_doc_fini(&doc);
    return answer_status(q, request, status);
}

/* An error that ends nothing: it is told, on the channel of the jobs. */
static jm_status publish_error(const struct queue *q, const jm_doc *doc, const struct job *job,
                               jm_span type, jm_span message)
{
    jm_span stage = {NULL, 0};
    json_t *details = jm_doc_value(doc, "error_details");
    jm_status status = jm_doc_text(doc, "stage", false, &stage);
    if (status == JM_OK && details != NULL && !json_is_object(details))
        status = jm_doc_wrong(doc, "error_details", "an object", details);
    if (status < 0)
        return status;
    json_t *shown = details == NULL ? json_object() : json_deep_copy(details);
    if (!jm_span_absent(stage))
        json_object_set_new(shown, "stage", jm_json_text(stage));
    json_t *json =
        json_pack("{s:o, s:o, s:o, s:s}", "error_type", jm_json_text(type), "error_message",
                  jm_json_text(message), "error_details", shown, "job_id", job->id);
    if (job->photo != 0)
        json_object_set_new(json, "photo_id", job_ref(job->photo));
    jm_span text = jm_json_dump(json);
    json_decref(json);
    if (jm_span_absent(text))
        return JM_ENOMEM;
    status = q->api.event->publish(q->api.host, JM_SPAN("error_occurred"), JM_SPAN("jobs"), text);
    free((char *)text.ptr);
    return status;
}

static jm_status error(void *user, const jm_request *request)
{
    struct queue *q = user;
    struct job job = {0};
    jm_span id = {NULL, 0};
    jm_span type = {NULL, 0};
    jm_span message = {NULL, 0};
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, q->api.error, q->api.host, request->body);
    if (status == JM_OK)
        status = jm_doc_text(&doc, "job_id", false, &id);
    if (status == JM_OK)
        status = jm_doc_text(&doc, "error_type", false, &type);
    if (status == JM_OK)
        status = jm_doc_text(&doc, "error_message", false, &message);
    if (status == JM_OK && (id.len == 0 || type.len == 0 || message.len == 0))
        status = queue_fail(q, JM_EINVAL, "job_id, error_type, and error_message are required");
    if (status == JM_OK)
        status = job_load(q, id, &job);
    if (status == JM_OK)
        status = publish_error(q, &doc, &job, type, message);
    if (status == JM_OK)
        status = ok(q, request, "Error reported successfully");
    job_fini(&job);
    jm_doc_fini(&doc);
    return status;
}

static const jm_route routes[] = {
    {.method = "GET",
     .path = "/progress/job/{id}",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help = "How far a job is.",
     .fn = get},
    {.method = "GET",
     .path = "/progress/active",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help = "How far all jobs are that run, at most 1000.",
     .fn = list_active},
    {.method = "POST",
     .path = "/progress/report",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help = "Report stage and progress of a job that runs.",
     .fn = report},
    {.method = "POST",
     .path = "/progress/error",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help = "Tell of an error of a job, without ending it.",
     .fn = error},
};

jm_status progress_routes_add(struct queue *q)
{
    return jm_routes_add(q->api.http, q->api.host, routes, JM_COUNT(routes), q);
}
