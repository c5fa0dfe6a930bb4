/* Changing sessions in the store, and following what changes their photographs. */
#include "sessions.h"

#include "events.h"
#include "rows.h"
#include "status.h"

#define TABLE "catalog_sessions"

static bool is_completed(const json_t *session)
{
    return strcmp(json_string_value(json_object_get(session, "status")), "completed") == 0;
}

static jm_status announce_completed(const struct catalog *catalog, const json_t *session)
{
    jm_value args[] = {JM_INT(json_integer_value(json_object_get(session, "id")))};
    int64_t approved;
    jm_status status = catalog_rows_integer(
        catalog, "SELECT count(*) FROM catalog_photos WHERE session_id = ?1 AND approved = 1", args,
        1, &approved);
    return status < 0 ? status : catalog_event_session_completed(catalog, session, approved);
}

/* Write what is given, and announce the session as it is then. */
static jm_status write(const struct catalog *catalog, const json_t *before, jm_span name,
                       jm_span new_status, json_t **after_out)
{
    int64_t session = json_integer_value(json_object_get(before, "id"));
    jm_value args[] = {jm_value_text(name), jm_value_text(new_status), JM_INT(session)};
    json_t *after = NULL;
    jm_status status = catalog->store->exec(catalog->host,
                                            "UPDATE " TABLE " SET name = coalesce(?1, name),"
                                            " status = coalesce(?2, status) WHERE id = ?3",
                                            args, JM_COUNT(args), NULL, NULL, NULL);
    if (status == JM_OK)
        status = catalog_session_get(catalog, session, &after);
    if (status == JM_OK)
        status = catalog_event_session_updated(catalog, after);
    if (status == JM_OK && is_completed(after) && !is_completed(before))
        status = announce_completed(catalog, after);
    if (status < 0)
        json_decref(after);
    else
        *after_out = after;
    return status;
}

/* Refuse a name that another session has. */
static jm_status check_name(const struct catalog *catalog, int64_t session, jm_span name)
{
    jm_value args[] = {JM_TEXT(name), JM_INT(session)};
    int64_t other;
    jm_status status = catalog_rows_integer(catalog,
                                            "SELECT id FROM " TABLE " WHERE name = ?1 AND id <> ?2"
                                            " LIMIT 1",
                                            args, JM_COUNT(args), &other);
    if (status < 0 || other == 0)
        return status;
    return catalog_fail(catalog, JM_EEXIST, "Session with this name already exists");
}

jm_status catalog_session_text(const struct catalog *catalog, const jm_doc *doc, const char *key,
                               size_t max_bytes, jm_span *text_out)
{
    jm_status status = jm_doc_text(doc, key, false, text_out);
    if (status < 0 || jm_span_absent(*text_out))
        return status;
    if (text_out->len == 0 || text_out->len > max_bytes)
        return catalog_fail(catalog, JM_EINVAL, "%s must be a text of 1 to %zu bytes", key,
                            max_bytes);
    return JM_OK;
}

jm_status catalog_session_change(const struct catalog *catalog, int64_t session, const jm_doc *doc,
                                 json_t **session_out)
{
    jm_span name = {NULL, 0};
    jm_span new_status = {NULL, 0};
    json_t *before = NULL;
    jm_status status =
        catalog_session_text(catalog, doc, "name", CATALOG_SESSION_NAME_BYTES, &name);
    if (status == JM_OK)
        status = jm_doc_text(doc, "status", false, &new_status);
    if (status == JM_OK && jm_span_absent(name) && jm_span_absent(new_status))
        status = catalog_fail(catalog, JM_EINVAL, "No update data provided");
    if (status == JM_OK)
        status = catalog_session_get(catalog, session, &before);
    if (status == JM_OK && !jm_span_absent(new_status))
        status = catalog_status_check(catalog, new_status, CATALOG_SESSION_STATUSES);
    if (status == JM_OK && !jm_span_absent(name))
        status = check_name(catalog, session, name);
    if (status == JM_OK)
        status = write(catalog, before, name, new_status, session_out);
    json_decref(before);
    return status;
}

/* Whether all photographs are completed or rejected. The counters say at once where one is not even
 * processed; what failed is processed, but not done. */
static jm_status check_done(const struct catalog *catalog, const json_t *session, bool *done_out)
{
    jm_value args[] = {JM_INT(json_integer_value(json_object_get(session, "id")))};
    int64_t total = json_integer_value(json_object_get(session, "total_photos"));
    int64_t failed = 0;
    *done_out = false;
    if (total == 0 || json_integer_value(json_object_get(session, "processed_photos")) < total)
        return JM_OK;
    jm_status status = catalog_rows_integer(catalog,
                                            "SELECT id FROM catalog_photos WHERE session_id = ?1"
                                            " AND status = 'failed' LIMIT 1",
                                            args, 1, &failed);
    *done_out = failed == 0;
    return status;
}

jm_status catalog_session_follow(const struct catalog *catalog, int64_t session,
                                 const char *reopened_as)
{
    static const jm_span same = {NULL, 0};
    jm_span new_status = same;
    bool done = false;
    json_t *before = NULL;
    json_t *after = NULL;
    jm_status status = catalog_session_get(catalog, session, &before);
    if (status == JM_OK && is_completed(before))
        new_status = jm_span_of(reopened_as);
    else if (status == JM_OK)
        status = check_done(catalog, before, &done);
    if (done)
        new_status = JM_SPAN("completed");
    if (status == JM_OK && jm_span_absent(new_status))
        status = catalog_event_session_updated(catalog, before);
    else if (status == JM_OK)
        status = write(catalog, before, same, new_status, &after);
    json_decref(before);
    json_decref(after);
    return status;
}
