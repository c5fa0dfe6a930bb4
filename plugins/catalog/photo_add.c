/* Adding a photograph, and further places where its content was found. */
#include "events.h"
#include "photo_fields.h"
#include "photos.h"
#include "sessions.h"

static jm_span text_of(const json_t *fields, const char *key)
{
    const json_t *value = json_object_get(fields, key);
    return (jm_span){json_string_value(value), json_string_length(value)};
}

/* Refuse what the tables' constraints would refuse, with a sentence that says what is in the way. */
static jm_status check_conflicts(const struct catalog *catalog, const json_t *fields)
{
    jm_span path = text_of(fields, "file_path");
    jm_value args[] = {JM_TEXT(path)};
    int64_t other;
    jm_status status = catalog_photo_find_content(catalog, text_of(fields, "content_hash"), &other);
    if (status < 0)
        return status;
    if (other != 0)
        return catalog_fail(catalog, JM_EEXIST, "this content is already photograph %lld",
                            (long long)other);
    status = catalog_rows_integer(catalog, "SELECT photo_id FROM catalog_files WHERE path = ?1",
                                  args, 1, &other);
    if (status < 0)
        return status;
    if (other != 0)
        return catalog_fail(catalog, JM_EEXIST, "photograph %lld already has the file %.*s",
                            (long long)other, JM_SPAN_ARGS(jm_span_cut(path, 300)));
    return JM_OK;
}

static jm_status check_session(const struct catalog *catalog, int64_t session)
{
    jm_value args[] = {JM_INT(session)};
    int64_t found;
    jm_status status =
        catalog_rows_integer(catalog,
                             "SELECT id FROM catalog_sessions WHERE id = ?1"
                             " AND id NOT IN (SELECT session_id FROM catalog_deletions)",
                             args, 1, &found);
    if (status == JM_OK && found == 0)
        status = catalog_fail(catalog, JM_ENOENT, "session_id: there is no session %lld",
                              (long long)session);
    return status;
}

/* The statement always names all columns, so that it is prepared once. */
static jm_status read_values(const struct catalog *catalog, const json_t *fields,
                             struct catalog_values *values, char sql[CATALOG_SQL_BYTES])
{
    jm_status status = catalog_fields_check_names(catalog, fields, CATALOG_ADDED);
    catalog_values_add(values, JM_INT(catalog->clock->utc_ms(catalog->host)));
    strcpy(sql, "INSERT INTO catalog_photos(import_time");
    for (size_t i = 0; i < catalog_photo_field_count && status == JM_OK; i++) {
        const struct catalog_field *field = &catalog_photo_fields[i];
        if (!(field->uses & CATALOG_ADDED))
            continue;
        status = catalog_field_read(catalog, field, json_object_get(fields, field->name), values);
        catalog_sql_append(sql, ", ");
        catalog_sql_append(sql, field->name);
    }
    catalog_sql_append(sql, ") VALUES(?1");
    for (size_t i = 2; i <= values->count; i++) {
        char placeholder[16];
        snprintf(placeholder, sizeof(placeholder), ", ?%zu", i);
        catalog_sql_append(sql, placeholder);
    }
    catalog_sql_append(sql, ")");
    return status;
}

static jm_status announce(const struct catalog *catalog, int64_t photo, int64_t session)
{
    json_t *json = NULL;
    jm_status status = catalog_photo_get(catalog, photo, &json);
    if (status == JM_OK)
        status = catalog_event_photo_imported(catalog, json);
    if (status == JM_OK && session != 0)
        status = catalog_session_follow(catalog, session, "importing");
    json_decref(json);
    return status;
}

static jm_status insert_source(const struct catalog *catalog, int64_t photo, jm_span path)
{
    jm_value args[] = {JM_TEXT(path), JM_INT(photo), JM_INT(catalog->clock->utc_ms(catalog->host))};
    return catalog->store->exec(catalog->host,
                                "INSERT INTO catalog_sources(path, photo_id, seen_at)"
                                " VALUES(?1, ?2, ?3) ON CONFLICT(path, photo_id)"
                                " DO UPDATE SET seen_at = excluded.seen_at",
                                args, JM_COUNT(args), NULL, NULL, NULL);
}

static jm_status insert_original(const struct catalog *catalog, int64_t photo)
{
    jm_value args[] = {JM_INT(photo)};
    return catalog->store->exec(catalog->host,
                                "INSERT INTO catalog_files(photo_id, role, path, bytes,"
                                " content_hash) SELECT id, 'original', file_path, file_size,"
                                " content_hash FROM catalog_photos WHERE id = ?1",
                                args, JM_COUNT(args), NULL, NULL, NULL);
}

/* source_path is no column of a photograph: taken out of the fields. */
static jm_status read_source(const struct catalog *catalog, const json_t *source)
{
    if (source == NULL || json_is_null(source) || json_string_length(source) > 0)
        return JM_OK;
    return catalog_fail(catalog, JM_EINVAL, "source_path must be a text that is not empty");
}

jm_status catalog_photo_add(const struct catalog *catalog, const json_t *fields, int64_t *photo_out)
{
    struct catalog_values values = {.count = 0};
    char sql[CATALOG_SQL_BYTES];
    jm_exec_result result;
    int64_t session = json_integer_value(json_object_get(fields, "session_id"));
    json_t *columns = json_copy((json_t *)fields);
    json_t *source = json_object_get(fields, "source_path");
    jm_status status = columns == NULL ? JM_ENOMEM : read_source(catalog, source);
    json_object_del(columns, "source_path");
    if (status == JM_OK)
        status = read_values(catalog, columns, &values, sql);
    if (status == JM_OK)
        status = check_conflicts(catalog, columns);
    if (status == JM_OK && session != 0)
        status = check_session(catalog, session);
    if (status == JM_OK)
        status = catalog->store->exec(catalog->host, sql, values.values, values.count, NULL, NULL,
                                      &result);
    if (status == JM_OK)
        status = insert_original(catalog, result.last_row_id);
    if (status == JM_OK && json_is_string(source))
        status = insert_source(catalog, result.last_row_id, text_of(fields, "source_path"));
    if (status == JM_OK)
        status = announce(catalog, result.last_row_id, session);
    if (status == JM_OK)
        *photo_out = result.last_row_id;
    catalog_values_fini(&values);
    json_decref(columns);
    return status;
}

jm_status catalog_photo_add_source(const struct catalog *catalog, int64_t photo, jm_span path)
{
    json_t *json;
    jm_status status = catalog_photo_get(catalog, photo, &json);
    if (status < 0)
        return status;
    json_decref(json);
    return insert_source(catalog, photo, path);
}
