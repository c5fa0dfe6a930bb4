/* The service junmai.catalog/1: spans and sinks outside, the functions of sessions and photographs
 * inside. Spans that are names or paths may hold any bytes; they are kept as text (sdk/path.h). */
#include "service.h"

#include "photo_fields.h"
#include "photos.h"
#include "sessions.h"
#include "stats.h"
#include "status.h"

#include <catalog/catalog.h>
#include <junmai/sdk/path.h>

static jm_span last_error(void *user)
{
    const struct catalog *catalog = user;
    return catalog->error->last(catalog->host);
}

/* Hand a document to the sink, where the status says that there is one. */
static jm_status give(jm_status status, json_t *json_take, catalog_sink_fn sink, void *user)
{
    if (status < 0)
        return status;
    jm_span text = jm_json_dump(json_take);
    json_decref(json_take);
    if (jm_span_absent(text))
        return JM_ENOMEM;
    sink(user, text);
    free((char *)text.ptr);
    return JM_OK;
}

/* What a find_ function has found; 0 is JM_ENOENT. */
static jm_status found_photo(const struct catalog *catalog, jm_status status, int64_t photo)
{
    if (status == JM_OK && photo == 0)
        status = catalog_fail(catalog, JM_ENOENT, "Photo not found");
    return status;
}

static jm_status open_named(const struct catalog *catalog, jm_span name, jm_span import_folder,
                            int64_t *session_out, int32_t *created_out)
{
    if (name.len == 0 || import_folder.len == 0)
        return catalog_fail(catalog, JM_EINVAL, "a session needs a name and an import folder");
    jm_status status = catalog_session_find(catalog, name, import_folder, session_out);
    *created_out = status == JM_OK && *session_out == 0;
    return *created_out ? catalog_session_create(catalog, name, import_folder, session_out)
                        : status;
}

static jm_status open_session(void *user, jm_span name, jm_span import_folder, int64_t *session_out,
                              int32_t *created_out)
{
    char *name_text = jm_path_text(name);
    char *folder_text = jm_path_text(import_folder);
    jm_status status = JM_ENOMEM;
    if (name_text != NULL && folder_text != NULL)
        status = open_named(user, jm_span_of(name_text), jm_span_of(folder_text), session_out,
                            created_out);
    free(name_text);
    free(folder_text);
    return status;
}

static jm_status get_session(void *user, int64_t session, catalog_sink_fn sink, void *sink_user)
{
    json_t *json = NULL;
    jm_status status = catalog_session_get(user, session, &json);
    return give(status, json, sink, sink_user);
}

static jm_status check_limit(const struct catalog *catalog, int64_t limit)
{
    return limit >= 0 ? JM_OK : catalog_fail(catalog, JM_EINVAL, "limit must not be negative");
}

static jm_status list_sessions(void *user, jm_span wanted, int64_t limit, catalog_sink_fn sink,
                               void *sink_user)
{
    struct catalog_session_filter filter = {.status = wanted};
    struct catalog_page page = {
        .limit = limit, .order = &catalog_session_orders[0], .descending = true};
    json_t *json = NULL;
    jm_status status = check_limit(user, limit);
    if (status == JM_OK && !jm_span_absent(wanted))
        status = catalog_status_check(user, wanted, CATALOG_SESSION_STATUSES);
    if (status == JM_OK)
        status = catalog_session_list(user, &filter, &page, &json);
    return give(status, json, sink, sink_user);
}

static jm_status add_photo(void *user, jm_span json, int64_t *photo_out)
{
    const struct catalog *catalog = user;
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, catalog->error, catalog->host, json);
    if (status == JM_OK)
        status = catalog_photo_add(catalog, doc.root, photo_out);
    jm_doc_fini(&doc);
    return status;
}

static jm_status find_content(void *user, jm_span content_hash, int64_t *photo_out)
{
    jm_status status = catalog_photo_find_content(user, content_hash, photo_out);
    return found_photo(user, status, *photo_out);
}

static jm_status find_path(void *user, jm_span path, int64_t *photo_out)
{
    char *text = jm_path_text(path);
    if (text == NULL)
        return JM_ENOMEM;
    jm_status status = catalog_photo_find_path(user, jm_span_of(text), photo_out);
    free(text);
    return found_photo(user, status, *photo_out);
}

static jm_status add_source(void *user, int64_t photo, jm_span path)
{
    const struct catalog *catalog = user;
    if (path.len == 0)
        return catalog_fail(catalog, JM_EINVAL, "a source needs a path");
    char *text = jm_path_text(path);
    if (text == NULL)
        return JM_ENOMEM;
    jm_status status = catalog_photo_add_source(catalog, photo, jm_span_of(text));
    free(text);
    return status;
}

static jm_status get_photo(void *user, int64_t photo, catalog_sink_fn sink, void *sink_user)
{
    json_t *json = NULL;
    jm_status status = catalog_photo_get(user, photo, &json);
    return give(status, json, sink, sink_user);
}

static jm_status list_photos(void *user, int64_t session, jm_span wanted, int64_t limit,
                             catalog_sink_fn sink, void *sink_user)
{
    struct catalog_photo_filter filter = {.session = session, .status = wanted, .approved = -1};
    struct catalog_page page = {
        .limit = limit, .order = &catalog_photo_orders[0], .descending = true};
    json_t *json = NULL;
    jm_status status = check_limit(user, limit);
    if (status == JM_OK && !jm_span_absent(wanted))
        status = catalog_status_check(user, wanted, CATALOG_PHOTO_STATUSES);
    if (status == JM_OK)
        status = catalog_photo_list(user, &filter, &page, &json);
    return give(status, json, sink, sink_user);
}

static jm_status update_photo(void *user, int64_t photo, jm_span json)
{
    const struct catalog *catalog = user;
    jm_doc doc;
    json_t *after = NULL;
    jm_status status = jm_doc_init(&doc, catalog->error, catalog->host, json);
    if (status == JM_OK)
        status = catalog_photo_update(catalog, photo, doc.root, CATALOG_UPDATED, &after);
    json_decref(after);
    jm_doc_fini(&doc);
    return status;
}

static jm_status get_stats(void *user, catalog_sink_fn sink, void *sink_user)
{
    json_t *json = NULL;
    jm_status status = catalog_stats_get(user, &json);
    return give(status, json, sink, sink_user);
}

static jm_status add_file(void *user, int64_t photo, jm_span json)
{
    const struct catalog *catalog = user;
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, catalog->error, catalog->host, json);
    if (status == JM_OK)
        status = catalog_photo_add_file(catalog, photo, doc.root);
    jm_doc_fini(&doc);
    return status;
}

static jm_status list_files(void *user, int64_t photo, catalog_sink_fn sink, void *sink_user)
{
    json_t *json = NULL;
    jm_status status = catalog_photo_files(user, photo, &json);
    return give(status, json, sink, sink_user);
}

static jm_status query_photos(void *user, jm_span query_json, catalog_sink_fn sink, void *sink_user)
{
    const struct catalog *catalog = user;
    jm_doc doc;
    json_t *found = NULL;
    jm_status status = jm_doc_init(&doc, catalog->error, catalog->host, query_json);
    if (status == JM_OK)
        status = catalog_photo_query(catalog, doc.root, &found);
    jm_doc_fini(&doc);
    return give(status, found, sink, sink_user);
}

static jm_status update_session(void *user, int64_t session, jm_span json)
{
    const struct catalog *catalog = user;
    jm_doc doc;
    json_t *after = NULL;
    jm_status status = jm_doc_init(&doc, catalog->error, catalog->host, json);
    if (status == JM_OK)
        status = catalog_session_change(catalog, session, &doc, &after);
    json_decref(after);
    jm_doc_fini(&doc);
    return status;
}

static const catalog_service table = {
    .size = sizeof(catalog_service),
    .last_error = last_error,
    .open_session = open_session,
    .get_session = get_session,
    .list_sessions = list_sessions,
    .add_photo = add_photo,
    .find_content = find_content,
    .find_path = find_path,
    .add_source = add_source,
    .get_photo = get_photo,
    .list_photos = list_photos,
    .update_photo = update_photo,
    .get_stats = get_stats,
    .add_file = add_file,
    .list_files = list_files,
    .query_photos = query_photos,
    .update_session = update_session,
};

jm_status catalog_service_provide(struct catalog *catalog)
{
    return catalog->service->provide(catalog->host, CATALOG_SERVICE, &table, catalog);
}
