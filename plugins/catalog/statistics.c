/* Statistics: each question is one range of an index that holds all that it asks for. */
#include "statistics.h"

#include "rows.h"

#include <export/export.h>
#include <junmai/sdk/utc.h>

#define IN_RANGE(column) column " >= ?1 AND " column " < ?2"

static jm_status ask(const struct catalog *catalog, const char *sql, struct catalog_range range,
                     jm_row_fn row, void *user)
{
    jm_value args[] = {JM_INT(range.from_ms), JM_INT(range.to_ms)};
    return catalog->store->exec(catalog->host, sql, args, JM_COUNT(args), row, user, NULL);
}

static jm_status read_imported(void *user, const jm_value *columns, size_t count)
{
    struct catalog_figures *figures = user;
    (void)count;
    figures->imported = columns[0].integer;
    figures->selected = columns[1].integer;
    if (figures->imported > 0)
        figures->success_rate = (double)columns[2].integer / (double)figures->imported;
    figures->ai_score = jm_value_number(&columns[3]);
    figures->focus_score = jm_value_number(&columns[4]);
    figures->exposure_score = jm_value_number(&columns[5]);
    figures->composition_score = jm_value_number(&columns[6]);
    return JM_OK;
}

static jm_status read_processed(void *user, const jm_value *columns, size_t count)
{
    struct catalog_figures *figures = user;
    (void)count;
    figures->processed = columns[0].integer;
    figures->processing_s = jm_value_number(&columns[1]) / 1000;
    return JM_OK;
}

static void read_exported(void *user, jm_span json)
{
    int64_t *count = user;
    json_t *document = json_loadb(json.ptr, json.len, 0, NULL);
    *count = json_integer_value(json_object_get(document, "exported_since"));
    json_decref(document);
}

static jm_status count_exported_since(const struct catalog *catalog, int64_t since_ms,
                                      int64_t *count_out)
{
    const export_service *service = catalog->exports->table;
    char since[JM_UTC_BYTES];
    *count_out = 0;
    if (service == NULL)
        return JM_OK;
    jm_utc_format(since_ms, since);
    jm_status status = service->count(catalog->exports->provider_data, jm_span_of(since),
                                      read_exported, count_out);
    if (status < 0)
        return catalog_fail(catalog, status, "exports cannot be counted: %.*s",
                            JM_SPAN_ARGS(service->last_error(catalog->exports->provider_data)));
    return JM_OK;
}

static jm_status count_exported(const struct catalog *catalog, struct catalog_range range,
                                int64_t *count_out)
{
    int64_t later = 0;
    jm_status status = count_exported_since(catalog, range.from_ms, count_out);
    if (status == JM_OK)
        status = count_exported_since(catalog, range.to_ms, &later);
    *count_out -= later;
    return status;
}

jm_status catalog_figures_read(const struct catalog *catalog, struct catalog_range range,
                               struct catalog_figures *figures_out)
{
    *figures_out = (struct catalog_figures){.imported = 0};
    jm_status status =
        ask(catalog,
            "SELECT count(*), count(selected_preset), sum(approved), avg(ai_score),"
            " avg(focus_score), avg(exposure_score), avg(composition_score)"
            " FROM catalog_photos INDEXED BY catalog_photos_of_time WHERE " IN_RANGE("import_time"),
            range, read_imported, figures_out);
    if (status == JM_OK)
        status = ask(catalog,
                     "SELECT count(*), avg(processing_ms) FROM catalog_photos"
                     " INDEXED BY catalog_photos_of_processing WHERE " IN_RANGE("processed_at"),
                     range, read_processed, figures_out);
    if (status == JM_OK)
        status = ask(catalog,
                     "SELECT count(*) FROM catalog_photos INDEXED BY catalog_photos_of_approval"
                     " WHERE " IN_RANGE("approved_at"),
                     range, jm_row_integer, &figures_out->approved);
    if (status == JM_OK)
        status = ask(catalog,
                     "SELECT count(*) FROM catalog_photos INDEXED BY catalog_photos_of_rejection"
                     " WHERE " IN_RANGE("rejected_at"),
                     range, jm_row_integer, &figures_out->rejected);
    return status == JM_OK ? count_exported(catalog, range, &figures_out->exported) : status;
}

static jm_status histogram(const struct catalog *catalog, const char *sql,
                           struct catalog_range range, json_t **json_out)
{
    jm_value args[] = {JM_INT(range.from_ms), JM_INT(range.to_ms)};
    return catalog_rows_histogram(catalog, sql, args, JM_COUNT(args), json_out);
}

jm_status catalog_figures_presets(const struct catalog *catalog, struct catalog_range range,
                                  json_t **usage_out)
{
    return histogram(catalog,
                     "SELECT selected_preset, count(*) FROM catalog_photos"
                     " INDEXED BY catalog_photos_of_time"
                     " WHERE " IN_RANGE("import_time") " AND selected_preset IS NOT NULL"
                                                       " GROUP BY selected_preset",
                     range, usage_out);
}

jm_status catalog_figures_subjects(const struct catalog *catalog, struct catalog_range range,
                                   json_t **subjects_out)
{
    return histogram(catalog,
                     "SELECT subject_type, count(*) FROM catalog_photos"
                     " INDEXED BY catalog_photos_of_time"
                     " WHERE " IN_RANGE("import_time") " AND subject_type IS NOT NULL"
                                                       " GROUP BY subject_type",
                     range, subjects_out);
}

static json_t *approvals_json(const jm_value *columns)
{
    return json_pack("{s:o, s:o, s:o}", "preset_name", catalog_rows_value(&columns[0]),
                     "usage_count", catalog_rows_value(&columns[1]), "approved_count",
                     catalog_rows_value(&columns[2]));
}

jm_status catalog_figures_approvals(const struct catalog *catalog, struct catalog_range range,
                                    json_t **presets_out)
{
    jm_value args[] = {JM_INT(range.from_ms), JM_INT(range.to_ms)};
    json_t *presets = json_array();
    jm_status status = catalog_rows_append(
        catalog,
        "SELECT selected_preset, count(*) AS uses, sum(approved) FROM catalog_photos"
        " INDEXED BY catalog_photos_of_preset WHERE selected_preset IS NOT NULL"
        " AND " IN_RANGE("import_time") " GROUP BY selected_preset"
                                        " ORDER BY uses DESC, selected_preset",
        args, JM_COUNT(args), approvals_json, presets);
    if (status < 0)
        json_decref(presets);
    else
        *presets_out = presets;
    return status;
}
