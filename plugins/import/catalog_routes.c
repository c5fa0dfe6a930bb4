/* /import/session, /import/sessions, /import/photos, /import/stats: the catalog, as clients of the
 * import routes know it. */
#include "answers.h"
#include "routes.h"

#include <junmai/sdk/json.h>
#include <junmai/sdk/query.h>
#include <junmai/sdk/routes.h>

#define SESSIONS_LIMIT 50
#define PHOTOS_LIMIT 100

static void take_json(void *user, jm_span json)
{
    json_t **json_out = user;
    *json_out = json_loadb(json.ptr, json.len, 0, NULL);
}

/* A list as clients get it: {key: [...], "count": n}. */
static jm_status answer_list(const struct import_core *core, jm_id request, const char *key,
                             jm_status status, json_t *list_take)
{
    if (status < 0) {
        json_decref(list_take);
        return answer_by_catalog(core, status);
    }
    size_t count = json_array_size(list_take);
    answer_success(core, request,
                   json_pack("{s:o, s:I}", key, list_take, "count", (json_int_t)count));
    return JM_OK;
}

static jm_query query_of(const struct import_core *core, const jm_request *request)
{
    return (jm_query){core->host, core->http, core->error, request->id};
}

/* A negative limit has always meant none. */
static jm_status read_limit(const jm_query *query, int64_t *limit)
{
    jm_status status = jm_query_int(query, "limit", INT64_MIN, limit);
    if (*limit < 0) {
        *limit = INT64_MAX;
    }
    return status;
}

static jm_status open_session(const struct import_core *core, jm_id request, jm_span name,
                              jm_span folder)
{
    const catalog_service *catalog = catalog_of(core);
    int64_t session;
    int32_t created;
    json_t *known = NULL;
    jm_status status = catalog->open_session(catalog_data(core), name, folder, &session, &created);
    if (status == JM_OK) {
        status = catalog->get_session(catalog_data(core), session, take_json, &known);
    }
    if (status < 0) {
        return answer_by_catalog(core, status);
    }
    json_t *json = json_pack(
        "{s:s, s:I, s:O?, s:O?, s:O?}", "message", "Session created successfully", "session_id",
        (json_int_t)session, "session_name", json_object_get(known, "name"), "import_folder",
        json_object_get(known, "import_folder"), "status", json_object_get(known, "status"));
    json_decref(known);
    answer_success(core, request, json);
    return JM_OK;
}

static jm_status on_session(void *user, const jm_request *request)
{
    const struct import_core *core = user;
    jm_span name = {NULL, 0};
    jm_span folder = {NULL, 0};
    jm_doc doc;
    jm_status status = answer_if_away(core);
    if (status < 0) {
        return status;
    }
    status = jm_doc_init(&doc, core->error, core->host, request->body);
    if (status == JM_OK) {
        status = jm_doc_text(&doc, "name", false, &name);
    }
    if (status == JM_OK) {
        status = jm_doc_text(&doc, "import_folder", false, &folder);
    }
    if (status == JM_OK && (name.len == 0 || folder.len == 0)) {
        status = import_fail(core, JM_EINVAL, "Session name and import_folder are required");
    }
    if (status == JM_OK) {
        status = open_session(core, request->id, name, folder);
    }
    jm_doc_fini(&doc);
    return status;
}

static jm_status on_sessions(void *user, const jm_request *request)
{
    const struct import_core *core = user;
    const catalog_service *catalog = catalog_of(core);
    jm_query query = query_of(core, request);
    jm_span wanted = {NULL, 0};
    int64_t limit = SESSIONS_LIMIT;
    json_t *list = NULL;
    jm_status status = answer_if_away(core);
    if (status == JM_OK) {
        status = read_limit(&query, &limit);
    }
    if (status < 0) {
        return status;
    }
    jm_query_text(&query, "status", &wanted);
    status = catalog->list_sessions(catalog_data(core), wanted, limit, take_json, &list);
    return answer_list(core, request->id, "sessions", status, list);
}

static jm_status on_photos(void *user, const jm_request *request)
{
    const struct import_core *core = user;
    const catalog_service *catalog = catalog_of(core);
    jm_query query = query_of(core, request);
    jm_span wanted = {NULL, 0};
    int64_t limit = PHOTOS_LIMIT;
    int64_t session = 0;
    json_t *list = NULL;
    jm_status status = answer_if_away(core);
    if (status == JM_OK) {
        status = read_limit(&query, &limit);
    }
    if (status == JM_OK) {
        status = jm_query_int(&query, "session_id", 1, &session);
    }
    if (status < 0) {
        return status;
    }
    jm_query_text(&query, "status", &wanted);
    status = catalog->list_photos(catalog_data(core), session, wanted, limit, take_json, &list);
    return answer_list(core, request->id, "photos", status, list);
}

static jm_status on_stats(void *user, const jm_request *request)
{
    const struct import_core *core = user;
    const catalog_service *catalog = catalog_of(core);
    json_t *stats = NULL;
    jm_status status = answer_if_away(core);
    if (status < 0) {
        return status;
    }
    status = catalog->get_stats(catalog_data(core), take_json, &stats);
    if (status < 0) {
        return answer_by_catalog(core, status);
    }
    answer_success(core, request->id, stats);
    return JM_OK;
}

static const jm_route routes[] = {
    {.method = "POST",
     .path = "/import/session",
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Open the session of that name and folder, new or existing.",
     .fn = on_session,
     .body = "name:text|import_folder:text",
     .answer = "message:text|session_id:int|session_name:text?|import_folder:text?|status:text?"},
    {.method = "GET",
     .path = "/import/sessions",
     .help = "Sessions, newest first.",
     .query = "status:text|limit:int=50",
     .fn = on_sessions,
     .answer = "sessions:object[]|count:int"},
    {.method = "GET",
     .path = "/import/photos",
     .help = "Photographs, newest import first.",
     .query = "session_id:int|status:text|limit:int=100",
     .fn = on_photos,
     .answer = "photos:object[]|count:int"},
    {.method = "GET",
     .path = "/import/stats",
     .help = "How many photographs and sessions there are.",
     .fn = on_stats,
     .answer = "total_photos:int|photos_by_status:object|total_sessions:int"
               "|sessions_by_status:object|recent_imports_24h:int"},
};

jm_status catalog_routes_add(struct import_core *core)
{
    return jm_routes_add(core->http, core->host, routes, JM_COUNT(routes), core);
}
