/* /api/approval: the family of the desktop program, which can do the most. */
#include "exports.h"
#include "request.h"
#include "routes.h"

#include <junmai/sdk/routes.h>

static jm_status queue(void *user, const jm_request *request)
{
    const struct approval_core *core = user;
    const jm_query query = approval_query(core, request);
    struct approval_page page = {.sort = "ai_score", .limit = 100};
    json_t *photos = NULL;
    int64_t total = 0;
    jm_status status = jm_query_int(&query, "session_id", 1, &page.session);
    if (status == JM_OK)
        status = jm_query_number(&query, "min_score", &page.min_score);
    if (status == JM_OK)
        status = approval_request_range(&query, &page);
    if (status == JM_OK)
        status = approval_waiting_page(core, request->id, &page, &photos, &total);
    if (status < 0)
        return status;
    return approval_respond(core, request,
                            json_pack("{s:o, s:I, s:I, s:I, s:I}", "photos", photos, "count",
                                      (json_int_t)json_array_size(photos), "total",
                                      (json_int_t)total, "offset", (json_int_t)page.offset, "limit",
                                      (json_int_t)page.limit));
}

/* Decide on the photograph of the path, and answer with its id and further fields. */
static jm_status decide(const struct approval_core *core, const jm_request *request,
                        const struct approval_wish *wish, const char *message, json_t *more_take)
{
    struct approval_outcome outcome = {.changed = false};
    int64_t photo = 0;
    jm_status status = approval_request_photo(core, request, &photo);
    if (status == JM_OK)
        status = approval_decide(core, photo, wish, &outcome);
    if (status == JM_OK) {
        json_object_set_new(more_take, "message", json_string(message));
        json_object_set_new(more_take, "photo_id", json_integer((json_int_t)photo));
        if (wish->exports) {
            json_object_set_new(more_take, "export_triggered",
                                json_boolean(json_array_size(outcome.export_jobs) > 0));
            json_object_set(more_take, "export_jobs", outcome.export_jobs);
        }
        status = approval_respond(core, request, json_incref(more_take));
    }
    json_decref(more_take);
    approval_outcome_fini(&outcome);
    return status;
}

static jm_status approve(void *user, const jm_request *request)
{
    const struct approval_core *core = user;
    struct approval_wish wish;
    jm_doc doc;
    jm_status status =
        approval_request_approval(core, request, approval_exports_by_themselves(core), &doc, &wish);
    if (status == JM_OK)
        status = decide(core, request, &wish, "Photo approved successfully", json_object());
    jm_doc_fini(&doc);
    return status;
}

static jm_status reject(void *user, const jm_request *request)
{
    const struct approval_core *core = user;
    struct approval_wish wish;
    jm_doc doc;
    jm_status status =
        approval_request_rejection(core, request, APPROVAL_USUAL_REASON, &doc, &wish);
    if (status == JM_OK)
        status = decide(core, request, &wish, "Photo rejected successfully", json_object());
    jm_doc_fini(&doc);
    return status;
}

static jm_status read_modification(const struct approval_core *core, const jm_doc *doc,
                                   json_t *nothing, struct approval_wish *wish)
{
    const json_t *adjustments = jm_doc_value(doc, "adjustments");
    jm_status status = jm_doc_text(doc, "new_preset", false, &wish->preset);
    if (status == JM_OK && wish->preset.len == 0)
        status = approval_fail(core, JM_EINVAL, "new_preset is required");
    if (status == JM_OK && adjustments != NULL && !json_is_object(adjustments))
        status = jm_doc_wrong(doc, "adjustments", "an object", adjustments);
    wish->adjustments = adjustments != NULL ? adjustments : nothing;
    return status;
}

static jm_status modify(void *user, const jm_request *request)
{
    const struct approval_core *core = user;
    struct approval_wish wish = {.action = APPROVAL_MODIFY, .who = approval_request_who(request)};
    json_t *nothing = json_object();
    jm_doc doc;
    jm_status status = approval_body(core, request, &doc);
    if (status == JM_OK)
        status = read_modification(core, &doc, nothing, &wish);
    if (status == JM_OK)
        status = decide(core, request, &wish, "Photo preset modified, re-queued for processing",
                        json_pack("{s:o}", "new_preset", jm_json_text(wish.preset)));
    jm_doc_fini(&doc);
    json_decref(nothing);
    return status;
}

/* With nothing to undo, nothing has been written yet: the answer can stand as it is. */
static jm_status undo(void *user, const jm_request *request)
{
    const struct approval_core *core = user;
    struct approval_photo now = {.json = NULL};
    json_t *undone = NULL;
    int64_t photo = 0;
    jm_status status = approval_request_photo(core, request, &photo);
    if (status == JM_OK)
        status = approval_undo(core, photo, &now, &undone);
    if (status == JM_OK)
        status = approval_respond(core, request,
                                  json_pack("{s:s, s:I, s:O, s:O}", "message",
                                            "Decision undone successfully", "photo_id",
                                            (json_int_t)photo, "undone",
                                            json_object_get(undone, "action"), "photo", now.json));
    else if (status == JM_ESTATE)
        status = core->api.http->respond_error(core->api.host, request->id, 409,
                                               core->api.error->last(core->api.host));
    json_decref(undone);
    approval_photo_fini(&now);
    return status;
}

#define DONE "message:text|photo_id:int"

static const jm_route routes[] = {
    {.method = "GET",
     .path = "/api/approval/queue",
     .fn = queue,
     .query = "session_id:int|min_score:number|limit:int=100|offset:int=0",
     .answer = "photos:object[]|count:int|total:int|offset:int|limit:int",
     .help = "Photographs that wait for a decision, the best ai_score first."},
    {.method = "POST",
     .path = "/api/approval/{id:int}/approve",
     .fn = approve,
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .body = "auto_export:bool?",
     .answer = DONE "|export_triggered:bool?|export_jobs:object[]?",
     .help = "Approve a photograph, and export it where auto_export or, without it, the studio's "
             "processing.auto_export says so."},
    {.method = "POST",
     .path = "/api/approval/{id:int}/reject",
     .fn = reject,
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .body = "reason:text=User rejected",
     .answer = DONE,
     .help = "Reject a photograph."},
    {.method = "POST",
     .path = "/api/approval/{id:int}/modify",
     .fn = modify,
     .body = "new_preset:text|adjustments:object?",
     .answer = DONE "|new_preset:text",
     .help = "Have a photograph developed anew with another preset, and decide again then."},
    {.method = "POST",
     .path = "/api/approval/{id:int}/undo",
     .fn = undo,
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .body = "",
     .answer = DONE "|undone:text|photo:object",
     .help = "Take back the last decision on a photograph; then the one before it, and so on."},
};

jm_status approval_api_routes_add(struct approval_core *core)
{
    return jm_routes_add(core->api.http, core->api.host, routes, JM_COUNT(routes), core);
}
