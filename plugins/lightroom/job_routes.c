/* /job: what Lightroom asks for, and what it says has come of it. */
#include "jobs.h"
#include "new_job.h"
#include "prompt.h"
#include "routes.h"

#include <junmai/sdk/query.h>
#include <stdlib.h>

#define HOLDER_BYTES 256
#define PROMPT_BYTES 32768

static jm_status respond(const struct lr_core *core, const jm_request *request, int32_t http_status,
                         json_t *json_take)
{
    return jm_json_respond(core->api.http, core->api.host, request->id, http_status, json_take);
}

/* Who leases: the poller that says so, otherwise whoever calls from that address. */
static jm_status read_holder(const struct lr_core *core, const jm_request *request,
                             jm_span *holder_out)
{
    const jm_query query = {core->api.host, core->api.http, core->api.error, request->id};
    jm_span address = request->caller->address;
    *holder_out = address.len > 0 ? address : JM_SPAN("local");
    (void)jm_query_text(&query, "client_id", holder_out);
    if (holder_out->len > 0 && holder_out->len <= HOLDER_BYTES)
        return JM_OK;
    return lr_fail(core, JM_EINVAL, "client_id must be a text of at most %d bytes", HOLDER_BYTES);
}

static jm_status next(void *user, const jm_request *request)
{
    struct lr_core *core = user;
    jm_span holder;
    json_t *job = NULL;
    jm_status status = read_holder(core, request, &holder);
    if (status == JM_OK)
        status = lr_job_lease(core, holder, &job);
    if (status == JM_ENOENT)
        return respond(core, request, 404, json_pack("{s:s}", "message", "No pending jobs"));
    if (status == JM_OK)
        status = respond(core, request, 200,
                         json_pack("{s:O, s:O, s:O, s:O}", "jobId", json_object_get(job, "id"),
                                   "config", json_object_get(job, "config"), "lease",
                                   json_object_get(job, "lease"), "photo_id",
                                   json_object_get(job, "photo_id")));
    json_decref(job);
    return status;
}

static jm_status conflict(const struct lr_core *core, const struct lr_job *job)
{
    return lr_fail(core, JM_EEXIST, "This is not the lease of job %s, whose status is %.*s",
                   job->id, JM_SPAN_ARGS(job->status));
}

/* What the job has come to, whoever has said so. */
static jm_status marked(const struct lr_core *core, const jm_request *request,
                        const struct lr_job *job, bool success)
{
    char message[96];
    snprintf(message, sizeof message, "Job '%s' marked as %s", job->id,
             success ? "success" : "failure");
    return respond(core, request, 200, json_pack("{s:s}", "message", message));
}

/* A result without a word: the job_completed or job_failed before it has said everything. */
static jm_status resolve(struct lr_core *core, const jm_request *request, const struct lr_job *job)
{
    if (jm_span_is(job->status, "completed") || jm_span_is(job->status, "failed"))
        return marked(core, request, job, jm_span_is(job->status, "completed"));
    return lr_fail(core, JM_EINVAL,
                   "Status must be 'success' or 'failure': no job_completed or job_failed came "
                   "before this result");
}

/* The job has ended before: the same result again is in order, from whoever had it. */
static jm_status repeat(struct lr_core *core, const jm_request *request, const struct lr_job *job,
                        jm_span lease, bool success)
{
    const struct lr_note *note = lr_note_find(&core->notes, jm_span_of(job->id));
    bool others =
        lease.len > 0 && note != NULL && note->lease[0] != '\0' && !jm_span_is(lease, note->lease);
    if (others || !jm_span_is(job->status, success ? "completed" : "failed"))
        return conflict(core, job);
    return marked(core, request, job, success);
}

static jm_status settle(struct lr_core *core, const jm_request *request, const struct lr_job *job,
                        const jm_doc *doc)
{
    jm_span word = {NULL, 0}, lease = {NULL, 0}, reason = {NULL, 0};
    jm_status status = jm_doc_text(doc, "lease", false, &lease);
    if (status == JM_OK)
        status = jm_doc_text(doc, "reason", false, &reason);
    word = jm_span_of(json_string_value(jm_doc_value(doc, "status")));
    bool success = jm_span_is(word, "success");
    if (status == JM_OK && !success && !jm_span_is(word, "failure"))
        return lr_fail(core, JM_EINVAL, "Status must be 'success' or 'failure'");
    if (status < 0)
        return status;
    if (jm_span_is(job->status, "completed") || jm_span_is(job->status, "failed"))
        return repeat(core, request, job, lease, success);
    const json_t *result = jm_doc_value(doc, "result");
    const struct lr_outcome outcome = {.success = success,
                                       .lease = lease,
                                       .data = json_is_object(result) ? result : NULL,
                                       .sentence = reason};
    status = lr_job_end(core, job, &outcome);
    if (status == JM_ESTATE)
        return conflict(core, job);
    return status == JM_OK ? marked(core, request, job, success) : status;
}

/* The job of a result; one that waits or was cancelled is nobody's to report. */
static jm_status find_job(struct lr_core *core, const jm_request *request, struct lr_job *job)
{
    jm_span id = {NULL, 0};
    (void)core->api.http->get_param(core->api.host, request->id, "id", &id);
    jm_status status = lr_job_load(core, id, job);
    bool is_ours =
        status == JM_OK &&
        jm_span_is(jm_span_of(json_string_value(json_object_get(job->json, "kind"))), LR_KIND);
    if (status == JM_ENOENT || (status == JM_OK && !is_ours))
        return lr_fail(core, JM_ENOENT, "Job not found in processing queue");
    return status;
}

static jm_status result(void *user, const jm_request *request)
{
    struct lr_core *core = user;
    struct lr_job job;
    jm_doc doc = {core->api.host, core->api.error,
                  json_loadb(request->body.ptr, request->body.len, JSON_DECODE_ANY, NULL)};
    jm_status status = find_job(core, request, &job);
    bool says_nothing = !json_is_object(doc.root) || json_object_size(doc.root) == 0;
    if (status == JM_OK)
        status = says_nothing ? resolve(core, request, &job) : settle(core, request, &job, &doc);
    lr_job_fini(&job);
    jm_doc_fini(&doc);
    return status;
}

static jm_status read_order(const struct lr_core *core, const jm_doc *doc, struct lr_order *order)
{
    int64_t priority = 0;
    jm_status status = jm_doc_int(doc, "priority", false, &priority);
    if (status == JM_OK && (priority < 0 || priority > 10))
        status = lr_fail(core, JM_EINVAL, "priority must be an integer from 1 to 10");
    order->priority = (int32_t)priority;
    return status == JM_OK ? jm_doc_int(doc, "photo_id", false, &order->photo) : status;
}

static jm_status create_job(struct lr_core *core, const jm_doc *doc, const struct lr_order *order)
{
    const json_t *config = jm_doc_value(doc, "config");
    const json_t *prompt = jm_doc_value(doc, "prompt");
    if (config != NULL)
        return lr_new_job(core, order, config, 400, "Config failed validation");
    if (!json_is_string(prompt) || json_string_length(prompt) == 0)
        return lr_fail(core, JM_EINVAL, "Prompt is required");
    if (json_string_length(prompt) > PROMPT_BYTES)
        return lr_fail(core, JM_EINVAL, "prompt must be a text of at most %d bytes", PROMPT_BYTES);
    return lr_prompt_ask(core, order, prompt);
}

static jm_status create(void *user, const jm_request *request)
{
    struct lr_core *core = user;
    struct lr_order order = {.request = request->id};
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, core->api.error, core->api.host, request->body);
    if (status == JM_OK)
        status = read_order(core, &doc, &order);
    if (status == JM_OK)
        status = create_job(core, &doc, &order);
    jm_doc_fini(&doc);
    return status;
}

static const jm_route routes[] = {
    {.method = "POST",
     .path = "/job",
     .fn = create,
     .body = "prompt:text?|config:object?|priority:int?|photo_id:int?",
     .answer = "jobId:text|message:text",
     .help = "A develop job with the settings \"config\", or with those that the language model "
             "makes of \"prompt\"."},
    {.method = "GET",
     .path = "/job/next",
     .fn = next,
     .flags = JM_ROUTE_CHANGES_STATE,
     .query = "client_id:text",
     .answer = "jobId:text|config:object|lease:text|photo_id:int?",
     .help = "Lease the most urgent develop job; 404 where none waits."},
    {.method = "POST",
     .path = "/job/{id}/result",
     .fn = result,
     .flags = JM_ROUTE_BODY_ANY | JM_ROUTE_BODY_OPTIONAL,
     .body = "status:text|reason:text?|lease:text?|result:object?",
     .answer = "message:text",
     .help = "A job has ended: \"success\" or \"failure\". Without a status, what job_completed or "
             "job_failed said before holds."},
};

jm_status lr_job_routes_add(struct lr_core *core)
{
    return jm_routes_add(core->api.http, core->api.host, routes, JM_COUNT(routes), core);
}
