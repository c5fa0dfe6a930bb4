/* Changing a photograph, and announcing what the change means. */
#include "events.h"
#include "photo_fields.h"
#include "photos.h"
#include "sessions.h"
#include "status.h"

/* What of the row decides how a change is understood. */
struct before {
    bool found;
    bool approved;
    bool processed;
    int64_t session;
};

static jm_status read_before(void *user, const jm_value *columns, size_t count)
{
    struct before *before = user;
    (void)count;
    before->found = true;
    before->processed = catalog_status_is_processed(columns[0].bytes);
    before->approved = columns[1].integer != 0;
    before->session = columns[2].type == JM_VALUE_INT ? columns[2].integer : 0;
    return JM_OK;
}

static jm_status load_before(const struct catalog *catalog, int64_t photo, struct before *before)
{
    jm_value args[] = {JM_INT(photo)};
    *before = (struct before){.found = false};
    jm_status status = catalog->store->exec(
        catalog->host, "SELECT status, approved, session_id FROM catalog_photos WHERE id = ?1",
        args, 1, read_before, before, NULL);
    if (status == JM_OK && !before->found)
        status = catalog_fail(catalog, JM_ENOENT, "Photo not found");
    return status;
}

static void assign(char sql[CATALOG_SQL_BYTES], const char *column, size_t number)
{
    char term[64];
    snprintf(term, sizeof(term), "%s%s = ?%zu", number == 1 ? "" : ", ", column, number);
    catalog_sql_append(sql, term);
}

/* The given fields, in the order of the table so that equal sets give equal statements. */
static jm_status assign_given(const struct catalog *catalog, const json_t *changes, uint32_t uses,
                              char sql[CATALOG_SQL_BYTES], struct catalog_values *values)
{
    for (size_t i = 0; i < catalog_photo_field_count; i++) {
        const struct catalog_field *field = &catalog_photo_fields[i];
        const json_t *value = json_object_get(changes, field->name);
        if (value == NULL || !(field->uses & uses))
            continue;
        jm_status status = catalog_field_read(catalog, field, value, values);
        if (status < 0)
            return status;
        assign(sql, field->name, values->count);
    }
    return values->count > 0 ? JM_OK : catalog_fail(catalog, JM_EINVAL, "No update data provided");
}

/* What follows from the given fields: the time of an approval, and that none is left by a
 * rejection. */
static jm_status assign_derived(const struct catalog *catalog, const json_t *changes,
                                const struct before *before, char sql[CATALOG_SQL_BYTES],
                                struct catalog_values *values)
{
    const json_t *approved = json_object_get(changes, "approved");
    const char *status = json_string_value(json_object_get(changes, "status"));
    bool rejects = status != NULL && strcmp(status, "rejected") == 0;
    if (rejects && json_is_true(approved))
        return catalog_fail(catalog, JM_EINVAL,
                            "approved cannot be true where status becomes rejected; give one");
    if (json_is_true(approved) && !before->approved) {
        catalog_values_add(values, JM_INT(catalog->clock->utc_ms(catalog->host)));
        assign(sql, "approved_at", values->count);
    }
    if (json_is_false(approved) || rejects) {
        catalog_values_add(values, JM_NULL);
        assign(sql, "approved_at", values->count);
    }
    if (rejects && approved == NULL) {
        catalog_values_add(values, JM_INT(0));
        assign(sql, "approved", values->count);
    }
    return JM_OK;
}

static jm_status write_changes(const struct catalog *catalog, int64_t photo, const json_t *changes,
                               uint32_t uses, const struct before *before)
{
    struct catalog_values values = {.count = 0};
    char sql[CATALOG_SQL_BYTES] = "UPDATE catalog_photos SET ";
    char where[32];
    jm_status status = assign_given(catalog, changes, uses, sql, &values);
    if (status == JM_OK)
        status = assign_derived(catalog, changes, before, sql, &values);
    if (status == JM_OK) {
        catalog_values_add(&values, JM_INT(photo));
        snprintf(where, sizeof(where), " WHERE id = ?%zu", values.count);
        catalog_sql_append(sql, where);
        status =
            catalog->store->exec(catalog->host, sql, values.values, values.count, NULL, NULL, NULL);
    }
    catalog_values_fini(&values);
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

static jm_status announce(const struct catalog *catalog, const json_t *changes, uint32_t uses,
                          const struct before *before, const json_t *photo)
{
    static const char *const scores[] = {"ai_score", "focus_score", "exposure_score",
                                         "composition_score"};
    static const char *const selection[] = {"context_tag", "selected_preset"};
    const json_t *status_now = json_object_get(photo, "status");
    bool processed = catalog_status_is_processed(jm_span_of(json_string_value(status_now)));
    jm_status status = JM_OK;
    if (sets_any(changes, uses, scores, JM_COUNT(scores)))
        status = catalog_event_photo_analyzed(catalog, photo);
    if (status == JM_OK && sets_any(changes, uses, selection, JM_COUNT(selection)))
        status = catalog_event_photo_selected(catalog, photo);
    if (status == JM_OK && before->session != 0 && processed != before->processed)
        status = catalog_session_announce(catalog, before->session);
    return status;
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
