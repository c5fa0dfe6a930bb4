/* /photos: the family that answers with the photograph and its exports, and with "success". */
#include "request.h"
#include "routes.h"

#include <junmai/sdk/routes.h>

static jm_status queue(void *user, const jm_request *request)
{
    const struct approval_core *core = user;
    const jm_query query = approval_query(core, request);
    struct approval_page page = {.sort = "import_time", .limit = 50};
    json_t *photos = NULL;
    int64_t total = 0;
    jm_status status = approval_request_range(&query, &page);
    if (status == JM_OK)
        status = approval_waiting_page(core, request->id, &page, &photos, &total);
    if (status < 0)
        return status;
    return approval_respond(core, request,
                            json_pack("{s:b, s:o, s:I, s:I, s:I, s:I}", "success", 1, "photos",
                                      photos, "count", (json_int_t)json_array_size(photos),
                                      "total_count", (json_int_t)total, "limit",
                                      (json_int_t)page.limit, "offset", (json_int_t)page.offset));
}

/* *answer_out is {"success", "message", "photo"}, the caller's. */
static jm_status decide(const struct approval_core *core, const jm_request *request,
                        const struct approval_wish *wish, const char *message,
                        struct approval_outcome *outcome_out, json_t **answer_out)
{
    int64_t photo = 0;
    jm_status status = approval_request_photo(core, request, &photo);
    if (status == JM_OK)
        status = approval_decide(core, photo, wish, outcome_out);
    if (status == JM_ENOENT)
        return approval_fail(core, JM_ENOENT, "Photo not found: %lld", (long long)photo);
    if (status == JM_OK)
        *answer_out = json_pack("{s:b, s:s, s:O}", "success", 1, "message", message, "photo",
                                outcome_out->photo.json);
    return status;
}

static jm_status approve(void *user, const jm_request *request)
{
    const struct approval_core *core = user;
    struct approval_outcome outcome = {.changed = false};
    struct approval_wish wish;
    json_t *answer = NULL;
    jm_doc doc;
    jm_status status = approval_request_approval(core, request, true, &doc, &wish);
    if (status == JM_OK)
        status = decide(core, request, &wish, "Photo approved successfully", &outcome, &answer);
    if (status == JM_OK) {
        json_object_set(answer, "export_jobs", outcome.export_jobs);
        json_object_set_new(answer, "export_triggered",
                            json_boolean(json_array_size(outcome.export_jobs) > 0));
        status = approval_respond(core, request, answer);
    }
    approval_outcome_fini(&outcome);
    jm_doc_fini(&doc);
    return status;
}

static jm_status reject(void *user, const jm_request *request)
{
    const struct approval_core *core = user;
    struct approval_outcome outcome = {.changed = false};
    struct approval_wish wish;
    json_t *answer = NULL;
    jm_doc doc;
    jm_status status = approval_request_rejection(core, request, JM_SPAN(""), &doc, &wish);
    if (status == JM_OK)
        status = decide(core, request, &wish, "Photo rejected successfully", &outcome, &answer);
    if (status == JM_OK)
        status = approval_respond(core, request, answer);
    approval_outcome_fini(&outcome);
    jm_doc_fini(&doc);
    return status;
}

static const jm_route routes[] = {
    {.method = "GET",
     .path = "/photos/approval/queue",
     .fn = queue,
     .flags = JM_ROUTE_SUCCESS_FORM,
     .query = "limit:int=50|offset:int=0",
     .answer = "success:bool|photos:object[]|count:int|total_count:int|limit:int|offset:int",
     .help = "Photographs that wait for a decision, the last imported first."},
    {.method = "POST",
     .path = "/photos/{id:int}/approve",
     .fn = approve,
     .flags = JM_ROUTE_SUCCESS_FORM | JM_ROUTE_BODY_OPTIONAL,
     .body = "auto_export:bool=true",
     .answer = "success:bool|message:text|photo:object|export_triggered:bool|export_jobs:object[]",
     .help = "Approve a photograph, and export it unless auto_export is false."},
    {.method = "POST",
     .path = "/photos/{id:int}/reject",
     .fn = reject,
     .flags = JM_ROUTE_SUCCESS_FORM | JM_ROUTE_BODY_OPTIONAL,
     .body = "reason:text=",
     .answer = "success:bool|message:text|photo:object",
     .help = "Reject a photograph."},
};

jm_status approval_photo_routes_add(struct approval_core *core)
{
    return jm_routes_add(core->api.http, core->api.host, routes, JM_COUNT(routes), core);
}
