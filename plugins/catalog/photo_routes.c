/* /api/photos. */
#include "photo_routes.h"

#include "photo_fields.h"
#include "photos.h"
#include "status.h"

#include <junmai/sdk/routes.h>

static jm_status respond(const struct catalog *catalog, const jm_request *request,
                         json_t *json_take)
{
    return jm_json_respond(catalog->http, catalog->host, request->id, 200, json_take);
}

/* The {id} of the path. One that no integer can hold names nothing. */
static jm_status read_id(const struct catalog *catalog, const jm_request *request,
                         int64_t *photo_out)
{
    jm_span text;
    if (catalog->http->get_param(catalog->host, request->id, "id", &text) < 0 ||
        !jm_span_to_int(text, photo_out))
        return catalog_fail(catalog, JM_ENOENT, "Photo not found");
    return JM_OK;
}

static jm_status read_filter(const struct catalog *catalog, const jm_query *query,
                             struct catalog_photo_filter *filter)
{
    jm_span ignored;
    bool approved = false;
    jm_status status = jm_query_int(query, "session_id", 1, &filter->session);
    if (status == JM_OK && jm_query_text(query, "status", &filter->status))
        status = catalog_status_check(catalog, filter->status, CATALOG_PHOTO_STATUSES);
    if (status == JM_OK)
        status = jm_query_number(query, "min_score", &filter->min_score);
    if (status == JM_OK && jm_query_text(query, "approved", &ignored)) {
        status = jm_query_bool(query, "approved", &approved);
        filter->approved = status == JM_OK && approved;
    }
    return status;
}

static jm_status list(void *user, const jm_request *request)
{
    const struct catalog *catalog = user;
    jm_query query = catalog_query(catalog, request);
    struct catalog_photo_filter filter = {.approved = -1};
    struct catalog_page page = {
        .limit = 100, .order = &catalog_photo_orders[0], .descending = true};
    json_t *photos;
    int64_t total = 0;
    jm_status status = read_filter(catalog, &query, &filter);
    if (status == JM_OK)
        status = catalog_page_read_range(&query, &page);
    if (status == JM_OK)
        status = catalog_page_read_order(catalog, &query, catalog_photo_orders,
                                         catalog_photo_order_count, &page);
    if (status == JM_OK)
        status = catalog_photo_count(catalog, &filter, &total);
    if (status == JM_OK)
        status = catalog_photo_list(catalog, &filter, &page, &photos);
    if (status < 0)
        return status;
    return respond(catalog, request,
                   json_pack("{s:o, s:I, s:I, s:I, s:I}", "photos", photos, "count",
                             (json_int_t)json_array_size(photos), "total", (json_int_t)total,
                             "offset", (json_int_t)page.offset, "limit", (json_int_t)page.limit));
}

static jm_status get(void *user, const jm_request *request)
{
    const struct catalog *catalog = user;
    int64_t id = 0;
    json_t *photo;
    jm_status status = read_id(catalog, request, &id);
    if (status == JM_OK)
        status = catalog_photo_detail(catalog, id, &photo);
    return status < 0 ? status : respond(catalog, request, photo);
}

static jm_status change(void *user, const jm_request *request)
{
    const struct catalog *catalog = user;
    int64_t id = 0;
    jm_doc doc;
    json_t *photo;
    jm_status status = jm_doc_init(&doc, catalog->error, catalog->host, request->body);
    if (status == JM_OK)
        status = read_id(catalog, request, &id);
    if (status == JM_OK)
        status = catalog_photo_update(catalog, id, doc.root, CATALOG_PATCHED, &photo);
    jm_doc_fini(&doc);
    return status < 0 ? status : respond(catalog, request, photo);
}

#define PHOTO                                                                                 \
    "id:int|session_id:int?|file_path:text|file_name:text|file_size:int|import_time:text"     \
    "|camera_make:text?|camera_model:text?|lens:text?|focal_length:number?|aperture:number?"  \
    "|shutter_speed:text?|iso:int?|capture_time:text?|ai_score:number?|focus_score:number?"   \
    "|exposure_score:number?|composition_score:number?|subject_type:text?|detected_faces:int" \
    "|context_tag:text?|selected_preset:text?|status:text|approved:bool|approved_at:text?"    \
    "|width:int?|height:int?|orientation:int?|gps_lat:number?|gps_lon:number?|rating:int?"    \
    "|content_hash:text"

static const jm_route routes[] = {
    {.method = "GET",
     .path = "/api/photos",
     .fn = list,
     .help = "Photographs, page by page.",
     .query = "session_id:int|status:text|min_score:number|approved:bool|limit:int=100"
              "|offset:int=0|sort:text=import_time|order:text=desc",
     .answer = "photos:object[]|count:int|total:int|offset:int|limit:int"},
    {.method = "GET",
     .path = "/api/photos/{id:int}",
     .fn = get,
     .help = "A photograph, with everything that is known of it.",
     .answer = PHOTO "|session_name:text?|rejection_reason:text?|warnings:any[]|metadata:object"
                     "|sources:text[]|files:object[]"},
    {.method = "PATCH",
     .path = "/api/photos/{id:int}",
     .fn = change,
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Change status, approved, rejection_reason, context_tag or selected_preset.",
     .body = "status:text?|approved:bool?|rejection_reason:text?|context_tag:text?"
             "|selected_preset:text?",
     .answer = PHOTO},
};

jm_status catalog_photo_routes_add(struct catalog *catalog)
{
    return jm_routes_add(catalog->http, catalog->host, routes, JM_COUNT(routes), catalog);
}
