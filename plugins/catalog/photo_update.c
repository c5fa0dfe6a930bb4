/* Changing a photograph, and announcing what the change means. */
#include "events.h"
#include "photo_fields.h"
#include "photos.h"
#include "sessions.h"
#include "status.h"

/* What of the row decides how a change is understood. */
struct before {
    char status[16]; /* "" where there is no such photograph */
    bool approved;
    int64_t session;
    int64_t processing_at; /* 0: it never was */
};

/* An UPDATE on its way. */
struct update {
    const struct catalog *catalog;
    const json_t *changes;
    const struct before *before;
    int64_t now_ms;
    struct catalog_values values;
    char sql[CATALOG_SQL_BYTES];
};

static jm_status read_before(void *user, const jm_value *columns, size_t count)
{
    struct before *before = user;
    (void)count;
    snprintf(before->status, sizeof(before->status), "%.*s", JM_SPAN_ARGS(columns[0].bytes));
    before->approved = columns[1].integer != 0;
    before->session = columns[2].type == JM_VALUE_INT ? columns[2].integer : 0;
    before->processing_at = columns[3].type == JM_VALUE_INT ? columns[3].integer : 0;
    return JM_OK;
}

static jm_status load_before(const struct catalog *catalog, int64_t photo, struct before *before)
{
    jm_value args[] = {JM_INT(photo)};
    *before = (struct before){.session = 0};
    jm_status status = catalog->store->exec(
        catalog->host,
        "SELECT status, approved, session_id, processing_at FROM catalog_photos WHERE id = ?1",
        args, 1, read_before, before, NULL);
    if (status == JM_OK && before->status[0] == '\0')
        status = catalog_fail(catalog, JM_ENOENT, "Photo not found");
    return status;
}

/* Assign the value that was added last. */
static void assign_last(struct update *update, const char *column)
{
    char term[64];
    size_t number = update->values.count;
    snprintf(term, sizeof(term), "%s%s = ?%zu", number == 1 ? "" : ", ", column, number);
    catalog_sql_append(update->sql, term);
}

static void assign(struct update *update, const char *column, jm_value value)
{
    catalog_values_add(&update->values, value);
    assign_last(update, column);
}

/* The given fields, in the order of the table so that equal sets give equal statements. */
static jm_status assign_given(struct update *update, uint32_t uses)
{
    for (size_t i = 0; i < catalog_photo_field_count; i++) {
        const struct catalog_field *field = &catalog_photo_fields[i];
        const json_t *value = json_object_get(update->changes, field->name);
        if (value == NULL || !(field->uses & uses))
            continue;
        jm_status status = catalog_field_read(update->catalog, field, value, &update->values);
        if (status < 0)
            return status;
        assign_last(update, field->name);
    }
    return update->values.count > 0
               ? JM_OK
               : catalog_fail(update->catalog, JM_EINVAL, "No update data provided");
}

static bool is(const char *status, const char *wanted)
{
    return status != NULL && strcmp(status, wanted) == 0;
}

/* Approved or rejected, never both: what is approved has no reason of a rejection, and what is
 * rejected no time of an approval. *status_out is the new status, NULL where it stays. */
static jm_status assign_decision(struct update *update, const char **status_out)
{
    const json_t *approved = json_object_get(update->changes, "approved");
    const json_t *reason = json_object_get(update->changes, "rejection_reason");
    const char *status = json_string_value(json_object_get(update->changes, "status"));
    bool approves = json_is_true(approved);
    bool rejects = is(status, "rejected");
    bool was_rejected = is(update->before->status, "rejected");
    if (approves && (rejects || json_is_string(reason)))
        return catalog_fail(update->catalog, JM_EINVAL,
                            "approved cannot be true where status becomes rejected or a "
                            "rejection_reason is given; give one");
    if (approves && was_rejected && status == NULL) {
        status = "completed";
        assign(update, "status", JM_TEXT(jm_span_of(status)));
    }
    if (approves && !update->before->approved)
        assign(update, "approved_at", JM_INT(update->now_ms));
    if (json_is_false(approved) || rejects)
        assign(update, "approved_at", JM_NULL);
    if (rejects && approved == NULL)
        assign(update, "approved", JM_INT(0));
    if (rejects && !was_rejected)
        assign(update, "rejected_at", JM_INT(update->now_ms));
    if (was_rejected && status != NULL && !rejects)
        assign(update, "rejected_at", JM_NULL);
    if (reason == NULL && (approves || (was_rejected && status != NULL && !rejects)))
        assign(update, "rejection_reason", JM_NULL);
    *status_out = status;
    return JM_OK;
}

/* When the photograph was processed, and how long that took, where its beginning was told. */
static void assign_processing(struct update *update, const char *status)
{
    const struct before *before = update->before;
    if (status == NULL || is(status, before->status))
        return;
    if (is(status, "processing"))
        assign(update, "processing_at", JM_INT(update->now_ms));
    if (is(before->status, "processing") && (is(status, "completed") || is(status, "failed"))) {
        int64_t took_ms = update->now_ms - before->processing_at;
        assign(update, "processed_at", JM_INT(update->now_ms));
        assign(update, "processing_ms", JM_INT(took_ms > 0 ? took_ms : 0));
    }
}

static jm_status write_changes(const struct catalog *catalog, int64_t photo, const json_t *changes,
                               uint32_t uses, const struct before *before)
{
    struct update update = {.catalog = catalog,
                            .changes = changes,
                            .before = before,
                            .now_ms = catalog->clock->utc_ms(catalog->host),
                            .sql = "UPDATE catalog_photos SET "};
    const char *new_status = NULL;
    char where[32];
    jm_status status = assign_given(&update, uses);
    if (status == JM_OK)
        status = assign_decision(&update, &new_status);
    if (status == JM_OK) {
        assign_processing(&update, new_status);
        catalog_values_add(&update.values, JM_INT(photo));
        snprintf(where, sizeof(where), " WHERE id = ?%zu", update.values.count);
        catalog_sql_append(update.sql, where);
        status = catalog->store->exec(catalog->host, update.sql, update.values.values,
                                      update.values.count, NULL, NULL, NULL);
    }
    catalog_values_fini(&update.values);
    return status;
}

/* Whether one of the named fields is given, and not to clear it. */
static bool sets_any(const json_t *changes, uint32_t uses, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const json_t *value = json_object_get(changes, names[i]);
        if (value != NULL && !json_is_null(value) && catalog_field_find(names[i], uses) != NULL)
            return true;
    }
    return false;
}

/* Let the session follow where the photograph counts differently in it now. */
static jm_status follow(const struct catalog *catalog, const struct before *before,
                        const json_t *photo)
{
    jm_span was = jm_span_of(before->status);
    jm_span now = jm_span_of(json_string_value(json_object_get(photo, "status")));
    bool was_done = catalog_status_is_done(was);
    bool is_done = catalog_status_is_done(now);
    if (before->session == 0 || (was_done == is_done && catalog_status_is_processed(was) ==
                                                            catalog_status_is_processed(now)))
        return JM_OK;
    return catalog_session_follow(catalog, before->session,
                                  was_done && !is_done ? "developing" : NULL);
}

static jm_status announce(const struct catalog *catalog, const json_t *changes, uint32_t uses,
                          const struct before *before, const json_t *photo)
{
    static const char *const scores[] = {"ai_score", "focus_score", "exposure_score",
                                         "composition_score"};
    static const char *const selection[] = {"context_tag", "selected_preset"};
    jm_status status = JM_OK;
    if (sets_any(changes, uses, scores, JM_COUNT(scores)))
        status = catalog_event_photo_analyzed(catalog, photo);
    if (status == JM_OK && sets_any(changes, uses, selection, JM_COUNT(selection)))
        status = catalog_event_photo_selected(catalog, photo);
    return status == JM_OK ? follow(catalog, before, photo) : status;
}

jm_status catalog_photo_update(const struct catalog *catalog, int64_t photo, const json_t *changes,
                               uint32_t uses, json_t **photo_out)
{
    struct before before;
    json_t *after = NULL;
    jm_status status = load_before(catalog, photo, &before);
    if (status == JM_OK && uses == CATALOG_UPDATED)
        status = catalog_fields_check_names(catalog, changes, uses);
    if (status == JM_OK)
        status = write_changes(catalog, photo, changes, uses, &before);
    if (status == JM_OK)
        status = catalog_photo_get(catalog, photo, &after);
    if (status == JM_OK)
        status = announce(catalog, changes, uses, &before, after);
    if (status == JM_OK)
        *photo_out = after;
    else
        json_decref(after);
    return status;
}
