/* Remote executors over HTTP: lease a job, keep it, report it. */
#include "after.h"
#include "answer.h"
#include "change.h"
#include "check.h"
#include "ids.h"
#include "report.h"
#include "routes.h"
#include "waiting.h"

#include <junmai/sdk/routes.h>

#define KINDS_MAX 16
#define TTL_MAX_MS 86400000
#define WAIT_MAX_S 60

/* What a report says, borrowed from its document. */
struct remote_report {
    jm_doc doc;
    char id[QUEUE_ID_SIZE];
    jm_span lease;
};

static jm_status report_open(const struct queue *q, const jm_request *request,
                             struct remote_report *report)
{
    (void)q->api.http->get_param(q->api.host, request->id, "lease", &report->lease);
    if (!ids_read_lease(report->lease, report->id)) {
        report->doc = (jm_doc){0};
        return queue_fail(q, JM_ENOENT, "There is no such lease");
    }
    return jm_doc_init(&report->doc, q->api.error, q->api.host, request->body);
}

/* The member of a document as text, to free(); absent where it is not given or null. */
static jm_span member_text(const jm_doc *doc, const char *key)
{
    return jm_json_dump(jm_doc_value(doc, key));
}

/* Answer what has been reported with the job's new status. */
static jm_status report_close(struct queue *q, const jm_request *request,
                              struct remote_report *report, jm_status status)
{
    struct job job = {0};
    if (status == JM_OK)
        status = job_load(q, jm_span_of(report->id), &job);
    if (status == JM_OK)
        status = answer(q, request, 200,
                        json_pack("{s:b, s:s, s:s}", "success", 1, "job_id", job.id, "status",
                                  machine_state_name(job.state)));
    job_fini(&job);
    jm_doc_fini(&report->doc);
    return answer_status(q, request, status);
}

static jm_status renew(void *user, const jm_request *request)
{
    struct queue *q = user;
    struct remote_report report;
    jm_status status = report_open(q, request, &report);
    if (status == JM_OK)
        status = report_alive(q, jm_span_of(report.id), report.lease);
    return report_close(q, request, &report, status);
}

static jm_status progress(void *user, const jm_request *request)
{
    struct queue *q = user;
    struct remote_report report;
    jm_span stage = JM_SPAN("processing");
    jm_span message = {NULL, 0};
    double percent = 0;
    jm_status status = report_open(q, request, &report);
    if (status == JM_OK)
        status = jm_doc_text(&report.doc, "stage", false, &stage);
    if (status == JM_OK)
        status = jm_doc_number(&report.doc, "progress", false, &percent);
    if (status == JM_OK)
        status = jm_doc_text(&report.doc, "message", false, &message);
    if (status == JM_OK) {
        jm_span details = member_text(&report.doc, "details");
        status = report_progress(q, jm_span_of(report.id), report.lease, stage, percent, message,
                                 details);
        free((char *)details.ptr);
    }
    return report_close(q, request, &report, status);
}

static jm_status complete(void *user, const jm_request *request)
{
    struct queue *q = user;
    struct remote_report report;
    jm_status status = report_open(q, request, &report);
    if (status == JM_OK) {
        jm_span result = member_text(&report.doc, "result");
        status = report_complete(q, jm_span_of(report.id), report.lease, result);
        free((char *)result.ptr);
    }
    return report_close(q, request, &report, status);
}

static jm_status fail(void *user, const jm_request *request)
{
    struct queue *q = user;
    struct remote_report report;
    jm_span sentence = {NULL, 0};
    bool is_final = false;
    jm_status status = report_open(q, request, &report);
    if (status == JM_OK)
        status = jm_doc_text(&report.doc, "error_message", false, &sentence);
    if (status == JM_OK)
        status = jm_doc_bool(&report.doc, "final", false, &is_final);
    if (status == JM_OK) {
        jm_span details = member_text(&report.doc, "error_details");
        status =
            report_failure(q, jm_span_of(report.id), report.lease, sentence, details, is_final);
        free((char *)details.ptr);
    }
    return report_close(q, request, &report, status);
}

/* "kind" or "kinds" of a wish. */
static jm_status read_kinds(struct queue *q, const jm_doc *doc, jm_span kinds_out[KINDS_MAX],
                            size_t *count_out)
{
    const json_t *list = jm_doc_value(doc, "kinds");
    const json_t *one = jm_doc_value(doc, "kind");
    size_t count = list == NULL ? 1 : json_array_size(list);
    jm_status status = JM_OK;
    if (list != NULL && (!json_is_array(list) || count == 0 || count > KINDS_MAX))
        return queue_fail(q, JM_EINVAL, "kinds must be a list of 1 to %d kinds", KINDS_MAX);
    for (size_t i = 0; i < count && status == JM_OK; i++) {
        const json_t *value = list == NULL ? one : json_array_get(list, i);
        if (!json_is_string(value))
            return queue_fail(q, JM_EINVAL, "kind is required: a text");
        kinds_out[i] = (jm_span){json_string_value(value), json_string_length(value)};
        status = check_kind(q, kinds_out[i]);
    }
    *count_out = count;
    return status;
}

static jm_status read_wish(struct queue *q, const jm_doc *doc, struct lease_wish *wish,
                           double *wait_s_out)
{
    jm_status status = jm_doc_text(doc, "holder", true, &wish->holder);
    if (status == JM_OK)
        status = check_text(q, "holder", wish->holder, CHECK_HOLDER_BYTES);
    if (status == JM_OK)
        status = jm_doc_int(doc, "ttl_ms", false, &wish->ttl_ms);
    if (status == JM_OK && jm_doc_value(doc, "ttl_ms") != NULL &&
        (wish->ttl_ms < 100 || wish->ttl_ms > TTL_MAX_MS))
        status = queue_fail(q, JM_EINVAL, "ttl_ms must be an integer from 100 to %d", TTL_MAX_MS);
    if (status == JM_OK)
        status = jm_doc_number(doc, "wait", false, wait_s_out);
    if (status == JM_OK && !(*wait_s_out >= 0 && *wait_s_out <= WAIT_MAX_S))
        status =
            queue_fail(q, JM_EINVAL, "wait must be a number from 0 to %d, in seconds", WAIT_MAX_S);
    return status;
}

static jm_status take(struct queue *q, const jm_request *request, const struct lease_wish *wish,
                      double wait_s)
{
    json_t *job = NULL;
    bool more = false;
    jm_status status = lease_take(q, wish, &job, &more);
    if (status < 0)
        return status;
    if (more)
        after_arm(q);
    if (job == NULL && (wait_s > 0 || more))
        return waiting_add(q, request->id, wish, (int64_t)(wait_s * 1000));
    return waiting_answer(q, request->id, job);
}

static jm_status lease(void *user, const jm_request *request)
{
    struct queue *q = user;
    jm_span kinds[KINDS_MAX];
    struct lease_wish wish = {.kinds = kinds};
    double wait_s = 0;
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, q->api.error, q->api.host, request->body);
    if (status == JM_OK)
        status = read_kinds(q, &doc, kinds, &wish.kind_count);
    if (status == JM_OK)
        status = read_wish(q, &doc, &wish, &wait_s);
    if (status == JM_OK)
        status = take(q, request, &wish, wait_s);
    jm_doc_fini(&doc);
    return status;
}

static const jm_route routes[] = {
    {.method = "POST",
     .path = "/queue/lease",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help =
         "Lease the most urgent job of \"kind\" (or of \"kinds\") to \"holder\" for \"ttl_ms\"; "
         "\"wait\" says for how many seconds to wait for one. The job is null where none waits.",
     .fn = lease},
    {.method = "POST",
     .path = "/queue/lease/{lease}/renew",
     .flags = JM_ROUTE_SUCCESS_FORM | JM_ROUTE_BODY_OPTIONAL,
     .help = "The holder lives: the lease begins anew.",
     .fn = renew},
    {.method = "POST",
     .path = "/queue/lease/{lease}/progress",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help = "Report stage, progress (percent), message and details; renews the lease.",
     .fn = progress},
    {.method = "POST",
     .path = "/queue/lease/{lease}/complete",
     .flags = JM_ROUTE_SUCCESS_FORM | JM_ROUTE_BODY_OPTIONAL,
     .help = "The job succeeded; \"result\" is an object.",
     .fn = complete},
    {.method = "POST",
     .path = "/queue/lease/{lease}/fail",
     .flags = JM_ROUTE_SUCCESS_FORM | JM_ROUTE_BODY_OPTIONAL,
     .help = "The attempt failed: error_message, error_details, and \"final\" where no other "
             "attempt can help.",
     .fn = fail},
};

jm_status lease_routes_add(struct queue *q)
{
    return jm_routes_add(q->api.http, q->api.host, routes, JM_COUNT(routes), q);
}
