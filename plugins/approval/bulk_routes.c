/* POST /api/approval/approve and /reject: one decision on many photographs, in one turn. Each gets
 * its own photo event, and approval_queue_updated is told once. */
#include "events.h"
#include "exports.h"
#include "request.h"
#include "routes.h"

#include <junmai/sdk/routes.h>

#define PHOTOS_MAX 1000

struct bulk {
    const struct approval_wish *wish;
    json_t *results;     /* {"photo_id", "result"} of each */
    json_t *export_jobs; /* XJOB, of all */
    int64_t changed, unchanged, not_found;
};

static jm_status read_ids(const struct approval_core *core, const jm_doc *doc,
                          const json_t **ids_out)
{
    const json_t *ids = jm_doc_value(doc, "photo_ids");
    size_t i;
    json_t *id;
    if (ids == NULL)
        return approval_fail(core, JM_EINVAL, "photo_ids is required");
    if (json_array_size(ids) == 0)
        return approval_fail(core, JM_EINVAL, "photo_ids must be a non-empty list");
    if (json_array_size(ids) > PHOTOS_MAX)
        return approval_fail(
            core, JM_EINVAL,
            "photo_ids has %zu photographs, but one request decides on at most %d: "
            "send several",
            json_array_size(ids), PHOTOS_MAX);
    json_array_foreach((json_t *)ids, i, id)
    {
        if (!json_is_integer(id) || json_integer_value(id) <= 0)
            return approval_fail(
                core, JM_EINVAL, "photo_ids must be a list of positive integers; number %zu is %s",
                i + 1, json_is_integer(id) ? "not positive" : jm_json_type_name(id));
    }
    *ids_out = ids;
    return JM_OK;
}

/* A photograph that is not there stops nobody: its result says so. */
static jm_status decide_one(const struct approval_core *core, struct bulk *bulk, int64_t photo)
{
    struct approval_outcome outcome;
    const char *result = bulk->wish->action == APPROVAL_APPROVE ? "approved" : "rejected";
    jm_status status = approval_decide_quietly(core, photo, bulk->wish, &outcome);
    if (status == JM_ENOENT) {
        bulk->not_found++;
        result = "not_found";
        status = JM_OK;
    } else if (outcome.changed) {
        bulk->changed++;
    } else {
        bulk->unchanged++;
        result = "unchanged";
    }
    json_array_extend(bulk->export_jobs, outcome.export_jobs);
    json_array_append_new(bulk->results,
                          json_pack("{s:I, s:s}", "photo_id", (json_int_t)photo, "result", result));
    approval_outcome_fini(&outcome);
    return status;
}

static json_t *answer(const struct bulk *bulk)
{
    bool approves = bulk->wish->action == APPROVAL_APPROVE;
    json_t *json =
        json_pack("{s:s, s:I, s:I, s:I, s:O}", "message",
                  approves ? "Photos approved successfully" : "Photos rejected successfully",
                  "changed", (json_int_t)bulk->changed, "unchanged", (json_int_t)bulk->unchanged,
                  "not_found", (json_int_t)bulk->not_found, "results", bulk->results);
    if (bulk->wish->exports) {
        json_object_set_new(json, "export_triggered",
                            json_boolean(json_array_size(bulk->export_jobs) > 0));
        json_object_set(json, "export_jobs", bulk->export_jobs);
    }
    return json;
}

static jm_status decide_all(const struct approval_core *core, const jm_request *request,
                            const json_t *ids, const struct approval_wish *wish)
{
    struct bulk bulk = {.wish = wish, .results = json_array(), .export_jobs = json_array()};
    jm_status status = JM_OK;
    for (size_t i = 0; i < json_array_size(ids) && status == JM_OK; i++)
        status = decide_one(core, &bulk, json_integer_value(json_array_get(ids, i)));
    if (status == JM_OK && bulk.changed > 0)
        status = approval_event_queue(core, 0);
    if (status == JM_OK)
        status = approval_respond(core, request, answer(&bulk));
    json_decref(bulk.results);
    json_decref(bulk.export_jobs);
    return status;
}

static jm_status approve(void *user, const jm_request *request)
{
    const struct approval_core *core = user;
    struct approval_wish wish;
    const json_t *ids = NULL;
    jm_doc doc;
    jm_status status =
        approval_request_approval(core, request, approval_exports_by_themselves(core), &doc, &wish);
    if (status == JM_OK)
        status = read_ids(core, &doc, &ids);
    if (status == JM_OK)
        status = decide_all(core, request, ids, &wish);
    jm_doc_fini(&doc);
    return status;
}

static jm_status reject(void *user, const jm_request *request)
{
    const struct approval_core *core = user;
    struct approval_wish wish;
    const json_t *ids = NULL;
    jm_doc doc;
    jm_status status =
        approval_request_rejection(core, request, APPROVAL_USUAL_REASON, &doc, &wish);
    if (status == JM_OK)
        status = read_ids(core, &doc, &ids);
    if (status == JM_OK)
        status = decide_all(core, request, ids, &wish);
    jm_doc_fini(&doc);
    return status;
}

#define COUNTS "message:text|changed:int|unchanged:int|not_found:int|results:object[]"

static const jm_route routes[] = {
    {.method = "POST",
     .path = "/api/approval/approve",
     .fn = approve,
     .body = "photo_ids:int[]|auto_export:bool?",
     .answer = COUNTS "|export_triggered:bool?|export_jobs:object[]?",
     .help = "Approve up to 1,000 photographs at once; results says of each what came of it."},
    {.method = "POST",
     .path = "/api/approval/reject",
     .fn = reject,
     .body = "photo_ids:int[]|reason:text=User rejected",
     .answer = COUNTS,
     .help = "Reject up to 1,000 photographs at once; results says of each what came of it."},
};

jm_status approval_bulk_routes_add(struct approval_core *core)
{
    return jm_routes_add(core->api.http, core->api.host, routes, JM_COUNT(routes), core);
}
