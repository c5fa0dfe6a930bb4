/* /sessions and /api/sessions. */
#include "session_routes.h"

#include "deletion.h"
#include "rows.h"
#include "sessions.h"
#include "status.h"

#include <junmai/sdk/routes.h>

#define FOLDER_BYTES 12288

static jm_status respond(const struct catalog *catalog, const jm_request *request, int32_t status,
                         json_t *json_take)
{
    return jm_json_respond(catalog->http, catalog->host, request->id, status, json_take);
}

/* The {id} of the path. One that no integer can hold names nothing. */
static jm_status read_id(const struct catalog *catalog, const jm_request *request,
                         int64_t *session_out)
{
    jm_span text;
    if (catalog->http->get_param(catalog->host, request->id, "id", &text) < 0 ||
        !jm_span_to_int(text, session_out))
        return catalog_fail(catalog, JM_ENOENT, "Session not found");
    return JM_OK;
}

static jm_status read_filter(const struct catalog *catalog, const jm_query *query,
                             struct catalog_session_filter *filter)
{
    jm_status status = jm_query_bool(query, "active_only", &filter->active_only);
    if (status == JM_OK && jm_query_text(query, "status", &filter->status))
        status = catalog_status_check(catalog, filter->status, CATALOG_SESSION_STATUSES);
    return status;
}

static struct catalog_page first_page(void)
{
    return (struct catalog_page){
        .limit = 50, .order = &catalog_session_orders[0], .descending = true};
}

static jm_status list_bare(void *user, const jm_request *request)
{
    const struct catalog *catalog = user;
    jm_query query = catalog_query(catalog, request);
    struct catalog_session_filter filter = {.active_only = false};
    struct catalog_page page = first_page();
    json_t *sessions;
    jm_status status = read_filter(catalog, &query, &filter);
    if (status == JM_OK)
        status = catalog_page_read_range(&query, &page);
    if (status == JM_OK)
        status = catalog_session_list(catalog, &filter, &page, &sessions);
    return status < 0 ? status : respond(catalog, request, 200, sessions);
}

static jm_status list_paged(void *user, const jm_request *request)
{
    const struct catalog *catalog = user;
    jm_query query = catalog_query(catalog, request);
    struct catalog_session_filter filter = {.active_only = false};
    struct catalog_page page = first_page();
    json_t *sessions;
    int64_t total = 0;
    jm_status status = read_filter(catalog, &query, &filter);
    if (status == JM_OK)
        status = catalog_page_read_range(&query, &page);
    if (status == JM_OK)
        status = catalog_page_read_order(catalog, &query, catalog_session_orders,
                                         catalog_session_order_count, &page);
    if (status == JM_OK)
        status = catalog_session_count(catalog, &filter, &total);
    if (status == JM_OK)
        status = catalog_session_list(catalog, &filter, &page, &sessions);
    if (status < 0)
        return status;
    return respond(catalog, request, 200,
                   json_pack("{s:o, s:I, s:I, s:I, s:I}", "sessions", sessions, "count",
                             (json_int_t)json_array_size(sessions), "total", (json_int_t)total,
                             "offset", (json_int_t)page.offset, "limit", (json_int_t)page.limit));
}

static jm_status get_one(const struct catalog *catalog, const jm_request *request, bool with_scores)
{
    int64_t id = 0;
    json_t *session;
    jm_status status = read_id(catalog, request, &id);
    if (status == JM_OK)
        status = catalog_session_detail(catalog, id, with_scores, &session);
    return status < 0 ? status : respond(catalog, request, 200, session);
}

static jm_status get_plain(void *user, const jm_request *request)
{
    return get_one(user, request, false);
}

static jm_status get_with_scores(void *user, const jm_request *request)
{
    return get_one(user, request, true);
}

/* Some of a session's fields, picked for an answer. */
static json_t *pick(const json_t *session, const char *const *keys, size_t count)
{
    json_t *picked = json_object();
    for (size_t i = 0; i < count; i++)
        json_object_set(picked, keys[i], json_object_get(session, keys[i]));
    return picked;
}

static jm_status create_named(const struct catalog *catalog, jm_span name, jm_span folder,
                              json_t **session_out)
{
    int64_t id = 0;
    if (jm_span_absent(name) || jm_span_absent(folder))
        return catalog_fail(catalog, JM_EINVAL, "name and import_folder are required");
    jm_status status = catalog_session_named(catalog, name, &id);
    if (status == JM_OK && id != 0)
        status = catalog_fail(catalog, JM_EEXIST, "Session with this name already exists");
    if (status == JM_OK)
        status = catalog_session_create(catalog, name, folder, &id);
    return status < 0 ? status : catalog_session_get(catalog, id, session_out);
}

static jm_status create(void *user, const jm_request *request)
{
    static const char *const shown[] = {"id", "name", "import_folder", "status", "created_at"};
    const struct catalog *catalog = user;
    jm_doc doc;
    jm_span name = {NULL, 0};
    jm_span folder = {NULL, 0};
    json_t *session = NULL;
    jm_status status = jm_doc_init(&doc, catalog->error, catalog->host, request->body);
    if (status == JM_OK)
        status = catalog_session_text(catalog, &doc, "name", CATALOG_SESSION_NAME_BYTES, &name);
    if (status == JM_OK)
        status = catalog_session_text(catalog, &doc, "import_folder", FOLDER_BYTES, &folder);
    if (status == JM_OK)
        status = create_named(catalog, name, folder, &session);
    if (status == JM_OK)
        status = respond(catalog, request, 201, pick(session, shown, JM_COUNT(shown)));
    json_decref(session);
    jm_doc_fini(&doc);
    return status;
}

static jm_status change(void *user, const jm_request *request)
{
    static const char *const shown[] = {"id", "name", "status", "import_folder"};
    const struct catalog *catalog = user;
    jm_doc doc;
    json_t *session = NULL;
    int64_t id = 0;
    jm_status status = jm_doc_init(&doc, catalog->error, catalog->host, request->body);
    if (status == JM_OK)
        status = read_id(catalog, request, &id);
    if (status == JM_OK)
        status = catalog_session_change(catalog, id, &doc, &session);
    if (status == JM_OK)
        status = respond(catalog, request, 200, pick(session, shown, JM_COUNT(shown)));
    json_decref(session);
    jm_doc_fini(&doc);
    return status;
}

static jm_status remove_one(void *user, const jm_request *request)
{
    struct catalog *catalog = user;
    int64_t id = 0;
    jm_status status = read_id(catalog, request, &id);
    return status < 0 ? status : catalog_delete_session(catalog, id, request->id);
}

#define LIST_QUERY "status:text|active_only:bool=false|limit:int=50|offset:int=0"
#define PAGED_QUERY LIST_QUERY "|sort:text=created_at|order:text=desc"

#define SESSION                                                                                 \
    "id:int|name:text|created_at:text|import_folder:text|total_photos:int|processed_photos:int" \
    "|status:text|progress_percent:number"

static const jm_route routes[] = {
    {.method = "GET",
     .path = "/sessions",
     .fn = list_bare,
     .query = LIST_QUERY,
     .help = "Sessions, newest first, as a bare array.",
     .answer = "[]" SESSION},
    {.method = "GET",
     .path = "/sessions/{id:int}",
     .fn = get_plain,
     .help = "A session, with the number of its photographs by status.",
     .answer = SESSION "|photo_stats:object"},
    {.method = "DELETE",
     .path = "/sessions/{id:int}",
     .fn = remove_one,
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Delete a session and the rows of its photographs; files stay.",
     .body = "",
     .answer = "message:text|session_id:int"},
    {.method = "GET",
     .path = "/api/sessions",
     .fn = list_paged,
     .query = PAGED_QUERY,
     .help = "Sessions, page by page.",
     .answer = "sessions:object[]|count:int|total:int|offset:int|limit:int"},
    {.method = "POST",
     .path = "/api/sessions",
     .fn = create,
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Make a session of a name and an import folder.",
     .body = "name:text|import_folder:text",
     .answer = "id:int|name:text|import_folder:text|status:text|created_at:text"},
    {.method = "GET",
     .path = "/api/sessions/{id:int}",
     .fn = get_with_scores,
     .help = "A session, with its photographs by status and by score.",
     .answer = SESSION "|photo_stats:object|score_distribution:object"},
    {.method = "PATCH",
     .path = "/api/sessions/{id:int}",
     .fn = change,
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Change a session's name or status.",
     .body = "name:text?|status:text?",
     .answer = "id:int|name:text|status:text|import_folder:text"},
    {.method = "DELETE",
     .path = "/api/sessions/{id:int}",
     .fn = remove_one,
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Delete a session and the rows of its photographs; files stay.",
     .body = "",
     .answer = "message:text|session_id:int"},
};

jm_status catalog_session_routes_add(struct catalog *catalog)
{
    return jm_routes_add(catalog->http, catalog->host, routes, JM_COUNT(routes), catalog);
}
