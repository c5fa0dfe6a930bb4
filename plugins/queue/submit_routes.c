/* POST /queue/submit, /queue/batch, /queue/session/{id}. */
#include "answer.h"
#include "bulk.h"
#include "check.h"
#include "photo.h"
#include "routes.h"
#include "submit.h"

#include <junmai/sdk/routes.h>

#define BATCH_PRIORITY 5
#define SELECT_FROM_SCORE 3.5

/* The fields that the three routes share. `config_out` is to be freed. */
static jm_status read_common(struct queue *q, const jm_request *request, const jm_doc *doc,
                             queue_submission *submission_out)
{
    json_t *config = jm_doc_value(doc, "config");
    *submission_out =
        (queue_submission){.size = sizeof(*submission_out), .kind = JM_SPAN("develop")};
    (void)q->api.http->get_header(q->api.host, request->id, "Idempotency-Key",
                                  &submission_out->key);
    jm_status status = jm_doc_text(doc, "idempotency_key", false, &submission_out->key);
    if (status == JM_OK)
        status = jm_doc_text(doc, "kind", false, &submission_out->kind);
    if (status == JM_OK)
        status = check_priority_in(q, doc, &submission_out->priority);
    if (status == JM_OK && config != NULL && !json_is_object(config))
        status = jm_doc_wrong(doc, "config", "an object", config);
    if (status == JM_OK && config != NULL)
        submission_out->config = jm_json_dump(config);
    return status;
}

static jm_status read_single(const struct queue *q, const jm_doc *doc, queue_submission *submission)
{
    bool user_requested = false;
    int64_t attempts = 0;
    if (jm_doc_value(doc, "photo_id") == NULL && jm_span_is(submission->kind, "develop"))
        return queue_fail(q, JM_EINVAL, "photo_id is required");
    jm_status status = jm_doc_int(doc, "photo_id", false, &submission->photo);
    if (status == JM_OK && jm_doc_value(doc, "photo_id") != NULL && submission->photo <= 0)
        status = queue_fail(q, JM_ENOENT, "Photo not found: %lld", (long long)submission->photo);
    if (status == JM_OK)
        status = jm_doc_bool(doc, "user_requested", false, &user_requested);
    if (status == JM_OK)
        status = jm_doc_int(doc, "max_attempts", false, &attempts);
    if (status == JM_OK && jm_doc_value(doc, "max_attempts") != NULL &&
        (attempts < 1 || attempts > 100))
        status = queue_fail(q, JM_EINVAL, "max_attempts must be an integer from 1 to 100");
    submission->max_attempts = (int32_t)attempts;
    submission->flags = user_requested ? QUEUE_USER_REQUESTED : 0;
    return status;
}

static jm_status submit(void *user, const jm_request *request)
{
    struct queue *q = user;
    queue_submission submission = {.size = sizeof(submission)};
    char id[QUEUE_ID_SIZE];
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, q->api.error, q->api.host, request->body);
    if (status == JM_OK)
        status = read_common(q, request, &doc, &submission);
    if (status == JM_OK)
        status = read_single(q, &doc, &submission);
    if (status == JM_OK)
        status = submit_one(q, &submission, id, NULL);
    if (status == JM_OK)
        status = answer(q, request, 200,
                        json_pack("{s:s, s:s, s:o}", "message", "Job submitted successfully",
                                  "task_id", id, "photo_id", job_ref(submission.photo)));
    free((char *)submission.config.ptr);
    jm_doc_fini(&doc);
    return status;
}

static jm_status check_ids(const struct queue *q, const json_t *list)
{
    size_t i;
    json_t *value;
    if (list == NULL)
        return queue_fail(q, JM_EINVAL, "photo_ids list is required");
    if (!json_is_array(list))
        return queue_fail(q, JM_EINVAL, "photo_ids must be a list");
    if (json_array_size(list) == 0 || json_array_size(list) > BULK_PHOTOS_MAX)
        return queue_fail(q, JM_EINVAL, "photo_ids must hold 1 to %d ids, not %zu", BULK_PHOTOS_MAX,
                          json_array_size(list));
    json_array_foreach(list, i, value)
    {
        if (!json_is_integer(value))
            return queue_fail(q, JM_EINVAL, "photo_ids must hold integers; entry %zu is %s", i,
                              jm_json_type_name(value));
    }
    return JM_OK;
}

/* The list as numbers, to free(). A number that names no photograph is found out with the others. */
static jm_status copy_ids(const json_t *list, int64_t **ids_out)
{
    size_t count = json_array_size(list);
    int64_t *ids = malloc(count * sizeof(*ids));
    *ids_out = ids;
    if (ids == NULL)
        return JM_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        ids[i] = json_integer_value(json_array_get(list, i));
        if (ids[i] == 0)
            ids[i] = -1;
    }
    return JM_OK;
}

static json_t *batch_answer(const queue_submission *common, json_t *ids)
{
    char message[64];
    size_t count = json_array_size(ids);
    (void)common;
    snprintf(message, sizeof(message), "Batch of %zu photos submitted", count);
    return json_pack("{s:s, s:O, s:I}", "message", message, "task_ids", ids, "photo_count",
                     (json_int_t)count);
}

static jm_status batch(void *user, const jm_request *request)
{
    struct queue *q = user;
    queue_submission common = {.size = sizeof(common)};
    int64_t *ids = NULL;
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, q->api.error, q->api.host, request->body);
    const json_t *list = status == JM_OK ? jm_doc_value(&doc, "photo_ids") : NULL;
    if (status == JM_OK)
        status = check_ids(q, list);
    if (status == JM_OK)
        status = read_common(q, request, &doc, &common);
    if (common.priority == 0)
        common.priority = BATCH_PRIORITY;
    if (status == JM_OK)
        status = copy_ids(list, &ids);
    if (status == JM_OK)
        status =
            bulk_start(q, request->id, &common, ids, json_array_size(list), false, batch_answer);
    free((char *)common.config.ptr);
    jm_doc_fini(&doc);
    return status;
}

static json_t *session_answer(const queue_submission *common, json_t *ids)
{
    char message[64];
    size_t count = json_array_size(ids);
    snprintf(message, sizeof(message), "Session submitted with %zu photos", count);
    return json_pack("{s:s, s:I, s:I, s:O}", "message", message, "session_id",
                     (json_int_t)common->session, "photo_count", (json_int_t)count, "task_ids",
                     ids);
}

static jm_status submit_session(struct queue *q, const jm_request *request,
                                const queue_submission *common, bool auto_select)
{
    int64_t *photos = NULL;
    size_t count = 0;
    jm_status status = photo_list_session(q, common->session, auto_select ? SELECT_FROM_SCORE : 0,
                                          &photos, &count);
    if (status == JM_OK && count > BULK_PHOTOS_MAX)
        status = queue_fail(q, JM_EINVAL, "the session has %zu photos; at most %d at once", count,
                            BULK_PHOTOS_MAX);
    if (status == JM_OK)
        return bulk_start(q, request->id, common, photos, count, true, session_answer);
    free(photos);
    return status;
}

static jm_status session(void *user, const jm_request *request)
{
    struct queue *q = user;
    queue_submission common = {.size = sizeof(common)};
    bool auto_select = true;
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, q->api.error, q->api.host, request->body);
    if (status == JM_OK)
        status = read_common(q, request, &doc, &common);
    if (status == JM_OK)
        status = jm_doc_bool(&doc, "auto_select", false, &auto_select);
    common.session = answer_number(q, request, "session");
    if (status == JM_OK)
        status = submit_session(q, request, &common, auto_select);
    free((char *)common.config.ptr);
    jm_doc_fini(&doc);
    return status;
}

static const jm_route routes[] = {
    {.method = "POST",
     .path = "/queue/submit",
     .help = "Make a job; of kind develop unless it says "
             "another.",
     .fn = submit},
    {.method = "POST",
     .path = "/queue/batch",
     .help = "Make a job for each photograph of a list: "
             "all of them or, where one is wrong, none.",
     .fn = batch},
    {.method = "POST",
     .path = "/queue/session/{session:int}",
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help =
         "Make a job for each photograph of a session (auto_select: for those with a score of at "
         "least 3.5).",
     .fn = session},
};

jm_status submit_routes_add(struct queue *q)
{
    return jm_routes_add(q->api.http, q->api.host, routes, JM_COUNT(routes), q);
}
