/* /approval: the family of the phone's application. */
#include "exports.h"
#include "request.h"
#include "routes.h"

#include <junmai/sdk/routes.h>

static jm_status queue(void *user, const jm_request *request)
{
    const struct approval_core *core = user;
    const jm_query query = approval_query(core, request);
    struct approval_page page = {.sort = "import_time", .limit = 100};
    json_t *photos = NULL;
    int64_t total = 0;
    jm_status status = approval_request_range(&query, &page);
    if (status == JM_OK)
        status = approval_waiting_page(core, request->id, &page, &photos, &total);
    if (status < 0)
        return status;
    return approval_respond(
        core, request,
        json_pack("{s:o, s:I}", "photos", photos, "count", (json_int_t)json_array_size(photos)));
}

static jm_status decide(const struct approval_core *core, const jm_request *request,
                        const struct approval_wish *wish, const char *message)
{
    struct approval_outcome outcome = {.changed = false};
    int64_t photo = 0;
    jm_status status = approval_request_photo(core, request, &photo);
    if (status == JM_OK)
        status = approval_decide(core, photo, wish, &outcome);
    approval_outcome_fini(&outcome);
    if (status < 0)
        return status;
    return approval_respond(
        core, request, json_pack("{s:s, s:I}", "message", message, "photo_id", (json_int_t)photo));
}

static jm_status approve(void *user, const jm_request *request)
{
    const struct approval_core *core = user;
    const struct approval_wish wish = {
        .action = APPROVAL_APPROVE,
        .who = approval_request_who(request),
        .exports = approval_exports_by_themselves(core),
    };
    return decide(core, request, &wish, "Photo approved successfully");
}

static jm_status reject(void *user, const jm_request *request)
{
    const struct approval_core *core = user;
    struct approval_wish wish;
    jm_doc doc;
    jm_status status =
        approval_request_rejection(core, request, APPROVAL_USUAL_REASON, &doc, &wish);
    if (status == JM_OK)
        status = decide(core, request, &wish, "Photo rejected successfully");
    jm_doc_fini(&doc);
    return status;
}

#define DONE "message:text|photo_id:int"

static const jm_route routes[] = {
    {.method = "GET",
     .path = "/approval/queue",
     .fn = queue,
     .query = "limit:int=100|offset:int=0",
     .answer = "photos:object[]|count:int",
     .help = "Photographs that wait for a decision, the last imported first."},
    {.method = "POST",
     .path = "/approval/{id:int}/approve",
     .fn = approve,
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .body = "",
     .answer = DONE,
     .help = "Approve a photograph; it is exported where the studio's processing.auto_export says "
             "so."},
    {.method = "POST",
     .path = "/approval/{id:int}/reject",
     .fn = reject,
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .body = "reason:text=User rejected",
     .answer = DONE,
     .help = "Reject a photograph."},
};

jm_status approval_plain_routes_add(struct approval_core *core)
{
    return jm_routes_add(core->api.http, core->api.host, routes, JM_COUNT(routes), core);
}
