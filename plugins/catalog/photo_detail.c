/* One photograph with everything that is known of it. */
#include "photo_fields.h"
#include "photos.h"

static json_t *text_json(const jm_value *columns)
{
    return catalog_rows_value(&columns[0]);
}

/* JSON that is kept as text; `empty` where there is none. */
static json_t *kept_json(const jm_value *column, json_t *empty_take)
{
    if (column->type != JM_VALUE_TEXT)
        return empty_take;
    json_decref(empty_take);
    return json_loadb(column->bytes.ptr, column->bytes.len, 0, NULL);
}

static json_t *extra_json(const jm_value *columns)
{
    json_t *extra = json_pack(
        "{s:o, s:o, s:o}", "rejection_reason", catalog_rows_value(&columns[1]), "warnings",
        kept_json(&columns[2], json_array()), "metadata", kept_json(&columns[3], json_object()));
    if (extra != NULL && columns[0].type == JM_VALUE_TEXT)
        json_object_set_new(extra, "session_name", catalog_rows_value(&columns[0]));
    return extra;
}

static jm_status add_sources(const struct catalog *catalog, int64_t photo, json_t *detail)
{
    jm_value args[] = {JM_INT(photo)};
    json_t *sources = json_array();
    jm_status status = catalog_rows_append(
        catalog, "SELECT path FROM catalog_sources WHERE photo_id = ?1 ORDER BY seen_at, path",
        args, 1, text_json, sources);
    if (json_object_set_new(detail, "sources", sources) < 0 && status == JM_OK)
        status = JM_ENOMEM;
    return status;
}

static jm_status add_files(const struct catalog *catalog, int64_t photo, json_t *detail)
{
    json_t *files = NULL;
    jm_status status = catalog_photo_files(catalog, photo, &files);
    if (status == JM_OK && json_object_set_new(detail, "files", files) < 0)
        status = JM_ENOMEM;
    return status;
}

jm_status catalog_photo_detail(const struct catalog *catalog, int64_t photo, json_t **photo_out)
{
    jm_value args[] = {JM_INT(photo)};
    json_t *detail = NULL;
    json_t *extra = NULL;
    jm_status status = catalog_photo_get(catalog, photo, &detail);
    if (status == JM_OK)
        status = catalog_rows_one(catalog,
                                  "SELECT s.name, p.rejection_reason, p.warnings, p.metadata"
                                  " FROM catalog_photos p LEFT JOIN catalog_sessions s"
                                  " ON s.id = p.session_id WHERE p.id = ?1",
                                  args, 1, extra_json, &extra);
    if (status == JM_OK && json_object_update(detail, extra) < 0)
        status = JM_ENOMEM;
    if (status == JM_OK)
        status = add_sources(catalog, photo, detail);
    if (status == JM_OK)
        status = add_files(catalog, photo, detail);
    json_decref(extra);
    if (status < 0)
        json_decref(detail);
    else
        *photo_out = detail;
    return status;
}
