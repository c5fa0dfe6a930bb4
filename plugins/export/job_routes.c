/* The routes of export jobs: making them, looking at them, ending them. Loop thread. */
#include "history.h"
#include "jobs.h"
#include "routes.h"

#include <junmai/sdk/query.h>
#include <junmai/sdk/routes.h>

#define HISTORY_LIMIT 100
#define HISTORY_MOST 10000

/* The id of the path, without the dashes that clients may write; "" when out of memory. */
static void read_id(const struct export_core *core, const jm_request *request, char id_out[64])
{
    jm_span text = {0};
    size_t used = 0;
    (void)core->api.http->get_param(core->api.host, request->id, "id", &text);
    for (size_t i = 0; i < text.len && used < 63; i++) {
        if (text.ptr[i] != '-')
            id_out[used++] = text.ptr[i];
    }
    id_out[used] = '\0';
}

static jm_status answer_created(const struct export_core *core, const jm_request *request,
                                jm_status status, json_t *xjobs_take)
{
    if (status < 0)
        return status;
    size_t count = json_array_size(xjobs_take);
    json_t *answer = export_message("Created %zu export jobs", count);
    json_object_set_new(answer, "job_count", json_integer((json_int_t)count));
    json_object_set_new(answer, "jobs", xjobs_take);
    return export_answer(core, request->id, 200, answer);
}

static jm_status check_approved(const struct export_core *core, int64_t photo)
{
    json_t *json;
    jm_status status = export_photo_read(core, photo, &json);
    bool approved = json_is_true(json_object_get(json, "approved"));
    json_decref(json);
    if (status < 0 || approved)
        return status;
    return export_fail(core, JM_EINVAL, "Photo not approved: photo_id=%lld", (long long)photo);
}

static jm_status on_trigger(void *user, const jm_request *request)
{
    const struct export_core *core = user;
    int64_t photo = 0;
    json_t *xjobs = NULL;
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, core->api.error, core->api.host, request->body);
    if (status == JM_OK && jm_doc_value(&doc, "photo_id") == NULL)
        status = export_fail(core, JM_EINVAL, "photo_id is required");
    if (status == JM_OK)
        status = jm_doc_int(&doc, "photo_id", true, &photo);
    jm_doc_fini(&doc);
    if (status == JM_OK)
        status = check_approved(core, photo);
    if (status == JM_OK)
        status = export_jobs_create(core, photo, NULL, &xjobs);
    return answer_created(core, request, status, xjobs);
}

static jm_status on_multiple(void *user, const jm_request *request)
{
    const struct export_core *core = user;
    int64_t photo = 0;
    json_t *xjobs = NULL;
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, core->api.error, core->api.host, request->body);
    json_t *names = status == JM_OK ? jm_doc_value(&doc, "preset_names") : NULL;
    if (status == JM_OK && (names == NULL || jm_doc_value(&doc, "photo_id") == NULL))
        status = export_fail(core, JM_EINVAL, "photo_id and preset_names are required");
    if (status == JM_OK && !json_is_array(names))
        status = export_fail(core, JM_EINVAL, "preset_names must be a list");
    if (status == JM_OK)
        status = jm_doc_int(&doc, "photo_id", true, &photo);
    if (status == JM_OK)
        status = export_jobs_create(core, photo, names, &xjobs);
    jm_doc_fini(&doc);
    return answer_created(core, request, status, xjobs);
}

static jm_status on_queue(void *user, const jm_request *request)
{
    const struct export_core *core = user;
    json_t *pending = NULL;
    json_t *processing = NULL;
    jm_status status = export_jobs_list(core, "pending", &pending);
    if (status == JM_OK)
        status = export_jobs_list(core, "processing", &processing);
    if (status < 0) {
        json_decref(pending);
        return status;
    }
    return export_answer(core, request->id, 200,
                         json_pack("{s:I, s:I, s:o, s:o}", "pending_count",
                                   (json_int_t)json_array_size(pending), "processing_count",
                                   (json_int_t)json_array_size(processing), "pending_jobs", pending,
                                   "processing_jobs", processing));
}

static jm_status on_get(void *user, const jm_request *request)
{
    const struct export_core *core = user;
    char id[64];
    json_t *job = NULL;
    json_t *xjob = NULL;
    read_id(core, request, id);
    /* What has ended is in the history, with more; the queue forgets it some day. */
    jm_status status = export_job_read(core, id, &job);
    const char *state = export_preset_text(job, "status");
    bool runs = strcmp(state, "pending") == 0 || strcmp(state, "processing") == 0;
    if (status == JM_OK && runs)
        xjob = export_xjob(core, job);
    else if (status == JM_OK || status == JM_ENOENT)
        status = export_history_get(core, id, &xjob);
    json_decref(job);
    return status < 0 ? status
                      : export_answer(core, request->id, 200, json_pack("{s:o}", "job", xjob));
}

static jm_status on_cancel(void *user, const jm_request *request)
{
    const struct export_core *core = user;
    char id[64];
    json_t *job = NULL;
    read_id(core, request, id);
    jm_status status = export_job_read(core, id, &job);
    bool waits = strcmp(export_preset_text(job, "status"), "pending") == 0;
    json_decref(job);
    if (status == JM_ENOENT || (status == JM_OK && !waits))
        return export_fail(core, JM_ENOENT, "Export job not found or cannot be cancelled: %s", id);
    if (status == JM_OK)
        status = export_queue(core)->cancel(export_queue_data(core), jm_span_of(id));
    return status < 0 ? status
                      : export_answer(core, request->id, 200,
                                      export_message("Export job cancelled successfully"));
}

static jm_status on_retry(void *user, const jm_request *request)
{
    const struct export_core *core = user;
    char id[64];
    json_t *job = NULL;
    read_id(core, request, id);
    jm_status status = export_job_read(core, id, &job);
    json_decref(job);
    if (status < 0)
        return status;
    status = export_queue(core)->retry(export_queue_data(core), jm_span_of(id));
    if (status == JM_ESTATE)
        return export_refuse(core, request->id, 409,
                             "Export job %s has not failed and was not cancelled", id);
    if (status < 0)
        return export_fail_by_queue(core, status);
    return export_answer(core, request->id, 200, export_message("Export job retried successfully"));
}

static jm_status on_clear(void *user, const jm_request *request)
{
    const struct export_core *core = user;
    json_t *pending = NULL;
    json_int_t cleared = 0;
    jm_status status = export_jobs_list(core, "pending", &pending);
    if (status < 0)
        return status;
    size_t i;
    json_t *job;
    json_array_foreach(pending, i, job)
    {
        const char *id = export_preset_text(job, "id");
        cleared += export_queue(core)->cancel(export_queue_data(core), jm_span_of(id)) == JM_OK;
    }
    json_decref(pending);
    json_t *answer = export_message("Cleared %lld export jobs", (long long)cleared);
    json_object_set_new(answer, "cleared_count", json_integer(cleared));
    return export_answer(core, request->id, 200, answer);
}

static jm_status on_history(void *user, const jm_request *request)
{
    const struct export_core *core = user;
    const jm_query query = {core->api.host, core->api.http, core->api.error, request->id};
    jm_span state = {NULL, 0};
    int64_t limit = HISTORY_LIMIT;
    json_t *exports;
    jm_status status = jm_query_int(&query, "limit", 1, &limit);
    if (status < 0)
        return status;
    bool is_given = jm_query_text(&query, "status", &state);
    bool is_known = jm_span_is(state, "completed") || jm_span_is(state, "failed") ||
                    jm_span_is(state, "cancelled");
    if (status == JM_OK && is_given && !is_known)
        status = jm_query_wrong(&query, "status", "completed, failed or cancelled", state);
    if (status == JM_OK)
        status =
            export_history_list(core, state, limit < HISTORY_MOST ? limit : HISTORY_MOST, &exports);
    if (status < 0)
        return status;
    return export_answer(
        core, request->id, 200,
        json_pack("{s:o, s:I}", "exports", exports, "count", (json_int_t)json_array_size(exports)));
}

static const jm_route routes[] = {
    {.method = "POST",
     .path = "/export/auto/trigger",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help = "Export an approved photograph (photo_id) with every enabled preset.",
     .fn = on_trigger},
    {.method = "POST",
     .path = "/export/auto/multiple",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help = "Export a photograph (photo_id) with the presets of preset_names.",
     .fn = on_multiple},
    {.method = "GET",
     .path = "/export/auto/queue",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help = "Exports that wait and that run, oldest first.",
     .fn = on_queue},
    {.method = "GET",
     .path = "/export/auto/history",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help = "Exports that have ended, newest first, with file, size and duration.",
     .query = "limit:int=100|status:text",
     .fn = on_history},
    {.method = "POST",
     .path = "/export/auto/queue/clear",
     .flags = JM_ROUTE_SUCCESS_FORM | JM_ROUTE_BODY_OPTIONAL,
     .help = "Cancel all exports that wait.",
     .fn = on_clear},
    {.method = "GET",
     .path = "/export/auto/job/{id}",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help = "An export job, also one that has ended.",
     .fn = on_get},
    {.method = "POST",
     .path = "/export/auto/job/{id}/cancel",
     .flags = JM_ROUTE_SUCCESS_FORM | JM_ROUTE_BODY_OPTIONAL,
     .help = "Cancel an export that waits.",
     .fn = on_cancel},
    {.method = "POST",
     .path = "/export/auto/job/{id}/retry",
     .flags = JM_ROUTE_SUCCESS_FORM | JM_ROUTE_BODY_OPTIONAL,
     .help = "Begin an export anew that has failed or was cancelled.",
     .fn = on_retry},
};

jm_status export_job_routes_add(struct export_core *core)
{
    return jm_routes_add(core->api.http, core->api.host, routes, JM_COUNT(routes), core);
}
