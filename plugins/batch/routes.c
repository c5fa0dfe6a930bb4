/* /batch: start, pause, resume, cancel, status, list, recover, cleanup. */
#include "routes.h"

#include "events.h"
#include "feed.h"
#include "follow.h"
#include "services.h"
#include "start.h"

#include <junmai/sdk/query.h>
#include <junmai/sdk/routes.h>
#include <junmai/sdk/utc.h>

#define LIST_MAX 1000
#define DAYS_MAX 36500

static jm_status respond(const struct batch_core *core, const jm_request *request, int32_t status,
                         json_t *json_take)
{
    return jm_json_respond(core->api.http, core->api.host, request->id, status, json_take);
}

/* The batch of the path, in line with its jobs. */
static jm_status find(const struct batch_core *core, const jm_request *request, struct batch *batch,
                      struct batch_progress *progress)
{
    jm_span id;
    jm_status status = core->api.http->get_param(core->api.host, request->id, "id", &id);
    if (status == JM_OK)
        status = batch_load(core, id, batch);
    return status == JM_OK ? batch_settle(core, batch, progress) : status;
}

static jm_status start(void *user, const jm_request *request)
{
    struct batch_core *core = user;
    struct batch_progress progress = {.processed = 0};
    struct batch batch;
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, core->api.error, core->api.host, request->body);
    if (status == JM_OK)
        status = batch_start(core, &doc, &batch);
    jm_doc_fini(&doc);
    if (status == JM_OK)
        status = batch_event_status(core, "batch_started", &batch, &progress);
    if (status == JM_OK)
        status = batch_feed(core);
    if (status < 0)
        return status;
    return respond(core, request, 200,
                   json_pack("{s:s, s:s, s:I}", "message", "Batch processing started", "batch_id",
                             batch.id, "photo_count", (json_int_t)batch.total));
}

/* 409, with the state that is in the way. */
static jm_status refuse(const struct batch_core *core, const jm_request *request,
                        const struct batch *batch, const char *verb)
{
    json_t *error = json_sprintf("Failed to %s batch: it is %s", verb, batch->status);
    return respond(core, request, 409,
                   json_pack("{s:o, s:s, s:s}", "error", error, "batch_id", batch->id, "status",
                             batch->status));
}

/* Tell the new status: the event, the progress, and the answer. */
static jm_status tell(struct batch_core *core, const jm_request *request, struct batch *batch,
                      const char *event, const char *message)
{
    struct batch_progress progress;
    jm_status status = batch_progress_read(core, batch, &progress);
    if (status == JM_OK)
        status = batch_event_progress(core, batch, &progress, -1);
    if (status == JM_OK)
        status = batch_event_status(core, event, batch, &progress);
    if (status == JM_OK)
        status = batch_follow(core, jm_span_of(batch->id));
    if (status < 0)
        return status;
    return respond(core, request, 200,
                   json_pack("{s:s, s:s}", "message", message, "batch_id", batch->id));
}

static jm_status hold(const struct batch_core *core, const struct batch *batch, bool held)
{
    const queue_service *queue;
    jm_status status = batch_queue(core, &queue);
    return status < 0 ? status
                      : batch_queue_result(core, queue->hold_group(core->queue->provider_data,
                                                                   jm_span_of(batch->id), held));
}

/* Between running and paused. */
static jm_status turn(struct batch_core *core, const jm_request *request, bool pauses)
{
    struct batch batch;
    struct batch_progress progress;
    jm_status status = find(core, request, &batch, &progress);
    if (status < 0)
        return status;
    if (!batch_is(&batch, pauses ? "running" : "paused"))
        return refuse(core, request, &batch, pauses ? "pause" : "resume");
    status = hold(core, &batch, pauses);
    if (status == JM_OK)
        status = batch_set_status(core, &batch, pauses ? "paused" : "running");
    if (status < 0)
        return status;
    return pauses ? tell(core, request, &batch, "batch_paused", "Batch paused successfully")
                  : tell(core, request, &batch, "batch_resumed", "Batch resumed successfully");
}

static jm_status pause_one(void *user, const jm_request *request)
{
    return turn(user, request, true);
}

static jm_status resume_one(void *user, const jm_request *request)
{
    return turn(user, request, false);
}

static jm_status cancel_jobs(const struct batch_core *core, const struct batch *batch)
{
    const queue_service *queue;
    jm_status status = batch_drop_parts(core, batch);
    if (status == JM_OK)
        status = batch_queue(core, &queue);
    if (status == JM_OK)
        status = batch_queue_result(
            core, queue->cancel_group(core->queue->provider_data, jm_span_of(batch->id)));
    return status;
}

/* Cancelling again changes nothing and is no mistake; what is completed cannot be cancelled. */
static jm_status cancel_one(void *user, const jm_request *request)
{
    static const char done[] = "Batch cancelled successfully";
    struct batch_core *core = user;
    struct batch batch;
    struct batch_progress progress;
    jm_status status = find(core, request, &batch, &progress);
    if (status < 0)
        return status;
    if (batch_is(&batch, "completed"))
        return refuse(core, request, &batch, "cancel");
    if (batch_is(&batch, "cancelled"))
        return respond(core, request, 200,
                       json_pack("{s:s, s:s}", "message", done, "batch_id", batch.id));
    status = cancel_jobs(core, &batch);
    if (status == JM_OK)
        status = batch_set_status(core, &batch, "cancelled");
    return status == JM_OK ? tell(core, request, &batch, "batch_cancelled", done) : status;
}

static jm_status show(void *user, const jm_request *request)
{
    const struct batch_core *core = user;
    struct batch batch;
    struct batch_progress progress;
    jm_status status = find(core, request, &batch, &progress);
    return status < 0 ? status : respond(core, request, 200, batch_json(&batch, &progress));
}

static jm_status check_status(const struct batch_core *core, jm_span status)
{
    static const char *const known[] = {"running", "paused", "completed", "cancelled"};
    for (size_t i = 0; i < JM_COUNT(known); i++) {
        if (jm_span_is(status, known[i]))
            return JM_OK;
    }
    return batch_fail(core, JM_EINVAL,
                      "status must be running, paused, completed or cancelled, not \"%.*s\"",
                      JM_SPAN_ARGS(jm_span_cut(status, 64)));
}

static jm_status list(void *user, const jm_request *request)
{
    const struct batch_core *core = user;
    jm_query query = {core->api.host, core->api.http, core->api.error, request->id};
    jm_span wanted = {NULL, 0};
    int64_t limit = LIST_MAX;
    json_t *batches = NULL;
    jm_status status = jm_query_int(&query, "limit", 0, &limit);
    if (status == JM_OK && jm_query_text(&query, "status", &wanted))
        status = check_status(core, wanted);
    if (status == JM_OK)
        status = batch_list(core, wanted, limit < LIST_MAX ? limit : LIST_MAX, &batches);
    if (status < 0)
        return status;
    return respond(
        core, request, 200,
        json_pack("{s:o, s:I}", "batches", batches, "count", (json_int_t)json_array_size(batches)));
}

static jm_status append_id(void *user, const jm_value *columns, size_t count)
{
    (void)count;
    return json_array_append_new(user, jm_json_text(columns[0].bytes)) < 0 ? JM_ENOMEM : JM_OK;
}

/* What a start does by itself: the status in line with the jobs, and the jobs held or not. */
static jm_status recover_one(struct batch_core *core, jm_span id)
{
    struct batch batch;
    struct batch_progress progress;
    jm_status status = batch_load(core, id, &batch);
    if (status == JM_OK)
        status = batch_settle(core, &batch, &progress);
    if (status == JM_OK && batch.completed_ms == 0)
        status = hold(core, &batch, batch_is(&batch, "paused"));
    return status == JM_OK ? batch_follow(core, id) : status;
}

static jm_status recover(void *user, const jm_request *request)
{
    struct batch_core *core = user;
    char now[JM_UTC_BYTES];
    size_t i;
    json_t *id;
    int64_t failed = 0;
    json_t *ids = json_array();
    jm_status status = batch_each_open(core, append_id, ids);
    json_array_foreach(ids, i, id)
    {
        failed += recover_one(core, jm_span_of(json_string_value(id))) < 0;
    }
    int64_t recovered = (int64_t)json_array_size(ids) - failed;
    json_decref(ids);
    if (status == JM_OK)
        status = batch_feed(core);
    if (status < 0)
        return status;
    jm_utc_format(batch_now_ms(core), now);
    return respond(core, request, 200,
                   json_pack("{s:s, s:I, s:I, s:s}", "message", "Batch recovery completed",
                             "recovered_count", (json_int_t)recovered, "failed_count",
                             (json_int_t)failed, "timestamp", now));
}

static jm_status read_days(const struct batch_core *core, const jm_request *request,
                           int64_t *days_out)
{
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, core->api.error, core->api.host, request->body);
    if (status == JM_OK)
        status = jm_doc_int(&doc, "days_old", false, days_out);
    jm_doc_fini(&doc);
    if (status == JM_OK && (*days_out < 0 || *days_out > DAYS_MAX))
        status = batch_fail(core, JM_EINVAL, "days_old must be an integer from 0 to %d", DAYS_MAX);
    return status;
}

static jm_status cleanup(void *user, const jm_request *request)
{
    const struct batch_core *core = user;
    int64_t days = 7;
    int64_t cleaned = 0;
    jm_status status = read_days(core, request, &days);
    if (status == JM_OK)
        status = batch_delete_before(core, batch_now_ms(core) - days * JM_DAY_MS, &cleaned);
    if (status < 0)
        return status;
    return respond(core, request, 200,
                   json_pack("{s:s, s:I, s:I}", "message", "Batch cleanup completed",
                             "cleaned_count", (json_int_t)cleaned, "days_old", (json_int_t)days));
}

#define DONE "message:text|batch_id:text"
#define BATCH                                                                        \
    "batch_id:text|session_id:int?|status:text|kind:text|total_photos:int"           \
    "|processed_count:int|failed_count:int|cancelled_count:int|processing_count:int" \
    "|pending_count:int|progress_percent:number|created_at:text|started_at:text"     \
    "|paused_at:text?|completed_at:text?"

static const jm_route routes[] = {
    {.method = "POST",
     .path = "/batch/start",
     .fn = start,
     .body = "photo_ids:int[]|session_id:int?|config:object?|kind:text=develop|priority:int?",
     .answer = "message:text|batch_id:text|photo_count:int",
     .help = "Make a job of each photograph; they have one progress, and are paused and cancelled "
             "together."},
    {.method = "POST",
     .path = "/batch/{id}/pause",
     .fn = pause_one,
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .body = "",
     .answer = DONE,
     .help = "Let the jobs that run end, and hold the rest."},
    {.method = "POST",
     .path = "/batch/{id}/resume",
     .fn = resume_one,
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .body = "",
     .answer = DONE,
     .help = "Go on with a paused batch."},
    {.method = "POST",
     .path = "/batch/{id}/cancel",
     .fn = cancel_one,
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .body = "",
     .answer = DONE,
     .help = "Cancel all jobs of a batch that have not ended."},
    {.method = "GET",
     .path = "/batch/{id}/status",
     .fn = show,
     .answer = BATCH,
     .help = "A batch, with its progress as its jobs have it."},
    {.method = "GET",
     .path = "/batch/list",
     .fn = list,
     .query = "status:text|limit:int=1000",
     .answer = "batches:object[]|count:int",
     .help = "Batches, newest first."},
    {.method = "POST",
     .path = "/batch/recover",
     .fn = recover,
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .body = "",
     .answer = "message:text|recovered_count:int|failed_count:int|timestamp:text",
     .help = "Bring every open batch in line with its jobs, as each start of the host does."},
    {.method = "POST",
     .path = "/batch/cleanup",
     .fn = cleanup,
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .body = "days_old:int=7",
     .answer = "message:text|cleaned_count:int|days_old:int",
     .help = "Forget batches that were completed or cancelled so many days ago; their jobs stay."},
};

jm_status batch_routes_add(struct batch_core *core)
{
    return jm_routes_add(core->api.http, core->api.host, routes, JM_COUNT(routes), core);
}
