/* Sessions in the store. */
#include "sessions.h"

#include "events.h"
#include "rows.h"
#include "status.h"

#define TABLE "catalog_sessions"
#define COLUMNS "id, name, created_at, import_folder, total_photos, processed_photos, status"

const struct catalog_order catalog_session_orders[] = {
    {"created_at", TABLE "_by_created_at", NULL},
    {"id", TABLE "_by_id", NULL},
    {"name", TABLE "_by_name", NULL},
    {"import_folder", TABLE "_by_import_folder", NULL},
    {"status", TABLE "_by_status", "created_at"},
    {"total_photos", TABLE "_by_total_photos", NULL},
    {"processed_photos", TABLE "_by_processed_photos", NULL},
};
const size_t catalog_session_order_count = JM_COUNT(catalog_session_orders);

static const char filter_sql[] =
    "(?3 IS NULL OR status = ?3) AND (?4 = 0 OR status <> 'completed')";

static json_t *row_json(const jm_value *columns)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", catalog_rows_value(&columns[0]), "name",
        catalog_rows_value(&columns[1]), "created_at", catalog_rows_time(&columns[2]),
        "import_folder", catalog_rows_value(&columns[3]), "total_photos",
        catalog_rows_value(&columns[4]), "processed_photos", catalog_rows_value(&columns[5]),
        "status", catalog_rows_value(&columns[6]), "progress_percent",
        catalog_rows_percent(columns[5].integer, columns[4].integer));
}

static jm_status not_found(const struct catalog *catalog, jm_status status)
{
    return status == JM_ENOENT ? catalog_fail(catalog, JM_ENOENT, "Session not found") : status;
}

jm_status catalog_session_get(const struct catalog *catalog, int64_t session, json_t **session_out)
{
    jm_value args[] = {JM_INT(session)};
    return not_found(catalog,
                     catalog_rows_one(catalog, "SELECT " COLUMNS " FROM " TABLE " WHERE id = ?1",
                                      args, 1, row_json, session_out));
}

static jm_status add_histogram(const struct catalog *catalog, json_t *session, const char *key,
                               const char *sql)
{
    jm_value args[] = {JM_INT(json_integer_value(json_object_get(session, "id")))};
    json_t *counts;
    jm_status status = catalog_rows_histogram(catalog, sql, args, 1, &counts);
    if (status < 0)
        return status;
    return json_object_set_new(session, key, counts) < 0 ? JM_ENOMEM : JM_OK;
}

jm_status catalog_session_detail(const struct catalog *catalog, int64_t session, bool with_scores,
                                 json_t **session_out)
{
    json_t *detail = NULL;
    jm_status status = catalog_session_get(catalog, session, &detail);
    if (status == JM_OK)
        status = add_histogram(catalog, detail, "photo_stats",
                               "SELECT status, count(*) FROM catalog_photos WHERE session_id = ?1"
                               " GROUP BY status");
    if (status == JM_OK && with_scores)
        status = add_histogram(catalog, detail, "score_distribution",
                               "SELECT CAST(round(ai_score) AS INTEGER) AS score, count(*)"
                               " FROM catalog_photos WHERE session_id = ?1"
                               " AND ai_score IS NOT NULL GROUP BY score ORDER BY score");
    if (status < 0)
        json_decref(detail);
    else
        *session_out = detail;
    return status;
}

jm_status catalog_session_list(const struct catalog *catalog,
                               const struct catalog_session_filter *filter,
                               const struct catalog_page *page, json_t **sessions_out)
{
    char sql[CATALOG_SQL_BYTES];
    struct catalog_list list = {TABLE, COLUMNS, page->order->index, filter_sql};
    jm_value args[] = {JM_INT(page->limit), JM_INT(page->offset), jm_value_text(filter->status),
                       JM_INT(filter->active_only)};
    json_t *sessions = json_array();
    catalog_page_sql(sql, &list, page);
    jm_status status = catalog_rows_append(catalog, sql, args, JM_COUNT(args), row_json, sessions);
    if (status < 0)
        json_decref(sessions);
    else
        *sessions_out = sessions;
    return status;
}

jm_status catalog_session_count(const struct catalog *catalog,
                                const struct catalog_session_filter *filter, int64_t *count_out)
{
    jm_value args[] = {jm_value_text(filter->status), JM_INT(filter->active_only)};
    return catalog_rows_integer(catalog,
                                "SELECT count(*) FROM " TABLE " WHERE (?1 IS NULL OR status = ?1)"
                                " AND (?2 = 0 OR status <> 'completed')",
                                args, JM_COUNT(args), count_out);
}

jm_status catalog_session_named(const struct catalog *catalog, jm_span name, int64_t *session_out)
{
    jm_value args[] = {JM_TEXT(name)};
    return catalog_rows_integer(catalog, "SELECT id FROM " TABLE " WHERE name = ?1 LIMIT 1", args,
                                1, session_out);
}

jm_status catalog_session_find(const struct catalog *catalog, jm_span name, jm_span import_folder,
                               int64_t *session_out)
{
    jm_value args[] = {JM_TEXT(name), JM_TEXT(import_folder)};
    return catalog_rows_integer(catalog,
                                "SELECT id FROM " TABLE " WHERE name = ?1 AND import_folder = ?2",
                                args, JM_COUNT(args), session_out);
}

jm_status catalog_session_create(const struct catalog *catalog, jm_span name, jm_span import_folder,
                                 int64_t *session_out)
{
    jm_value args[] = {JM_TEXT(name), JM_TEXT(import_folder),
                       JM_INT(catalog->clock->utc_ms(catalog->host))};
    jm_exec_result result;
    json_t *session = NULL;
    jm_status status = catalog->store->exec(
        catalog->host, "INSERT INTO " TABLE "(name, import_folder, created_at) VALUES(?1, ?2, ?3)",
        args, JM_COUNT(args), NULL, NULL, &result);
    if (status == JM_OK)
        status = catalog_session_get(catalog, result.last_row_id, &session);
    if (status == JM_OK)
        status = catalog_event_session_created(catalog, session);
    if (status == JM_OK)
        *session_out = result.last_row_id;
    json_decref(session);
    return status;
}
