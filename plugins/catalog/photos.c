/* Photographs in the store: finding and reading them. */
#include "photos.h"

#include "photo_fields.h"

#define TABLE "catalog_photos"

const struct catalog_order catalog_photo_orders[] = {
    {"import_time", TABLE "_by_import_time", NULL},
    {"id", TABLE "_by_id", NULL},
    {"capture_time", TABLE "_by_capture_time", NULL},
    {"file_name", TABLE "_by_file_name", NULL},
    {"file_size", TABLE "_by_file_size", NULL},
    {"status", TABLE "_by_status", "import_time"},
    {"rating", TABLE "_by_rating", NULL},
    {"ai_score", TABLE "_by_ai_score", NULL},
    {"focus_score", TABLE "_by_focus_score", NULL},
    {"exposure_score", TABLE "_by_exposure_score", NULL},
    {"composition_score", TABLE "_by_composition_score", NULL},
};
const size_t catalog_photo_order_count = JM_COUNT(catalog_photo_orders);

static jm_status not_found(const struct catalog *catalog, jm_status status)
{
    return status == JM_ENOENT ? catalog_fail(catalog, JM_ENOENT, "Photo not found") : status;
}

jm_status catalog_photo_get(const struct catalog *catalog, int64_t photo, json_t **photo_out)
{
    char sql[CATALOG_SQL_BYTES] = "SELECT ";
    jm_value args[] = {JM_INT(photo)};
    catalog_photo_columns_append(sql);
    catalog_sql_append(sql, " FROM " TABLE " WHERE id = ?1");
    return not_found(catalog,
                     catalog_rows_one(catalog, sql, args, 1, catalog_photo_row_json, photo_out));
}

/* The index that a list is read from; NULL lets the ids find it. A session, and a status, have one in
 * the usual order; any other combination is one pass over the index of the order, which carries the
 * filters. */
static const char *choose_index(const struct catalog_photo_filter *filter,
                                const struct catalog_order *order)
{
    if (!jm_span_absent(filter->ids))
        return NULL;
    if (order != &catalog_photo_orders[0])
        return order->index;
    if (filter->session != 0)
        return TABLE "_by_session";
    return jm_span_absent(filter->status) ? order->index : TABLE "_by_status";
}

#define WHERE_BYTES 320

/* The filter as a condition on ?3 to ?7. A comparison that an index can begin with is there only
 * where it is given; the others are left open, so that few different statements are prepared. */
static void write_where(char where_out[WHERE_BYTES], const struct catalog_photo_filter *filter)
{
    snprintf(where_out, WHERE_BYTES,
             "%s AND %s AND %s"
             " AND (?5 IS NULL OR approved = ?5) AND (?6 IS NULL OR ai_score >= ?6)",
             jm_span_absent(filter->ids) ? "?7 IS NULL" : "id IN (SELECT value FROM json_each(?7))",
             filter->session == 0 ? "?3 IS NULL" : "session_id = ?3",
             jm_span_absent(filter->status) ? "?4 IS NULL" : "status = ?4");
}

#define ARG_COUNT 7

static void fill_args(jm_value args[ARG_COUNT], const struct catalog_photo_filter *filter,
                      int64_t limit, int64_t offset)
{
    args[0] = JM_INT(limit);
    args[1] = JM_INT(offset);
    args[2] = filter->session == 0 ? JM_NULL : JM_INT(filter->session);
    args[3] = jm_value_text(filter->status);
    args[4] = filter->approved < 0 ? JM_NULL : JM_INT(filter->approved);
    args[5] = filter->min_score > 0 ? JM_REAL(filter->min_score) : JM_NULL;
    args[6] = jm_value_text(filter->ids);
}

jm_status catalog_photo_list(const struct catalog *catalog,
                             const struct catalog_photo_filter *filter,
                             const struct catalog_page *page, json_t **photos_out)
{
    char columns[CATALOG_SQL_BYTES] = "";
    char sql[CATALOG_SQL_BYTES];
    jm_value args[ARG_COUNT];
    char where[WHERE_BYTES];
    struct catalog_list list = {TABLE, columns, choose_index(filter, page->order), where};
    json_t *photos = json_array();
    write_where(where, filter);
    catalog_photo_columns_append(columns);
    catalog_page_sql(sql, &list, page);
    fill_args(args, filter, page->limit, page->offset);
    jm_status status =
        catalog_rows_append(catalog, sql, args, ARG_COUNT, catalog_photo_row_json, photos);
    if (status < 0)
        json_decref(photos);
    else
        *photos_out = photos;
    return status;
}

jm_status catalog_photo_count(const struct catalog *catalog,
                              const struct catalog_photo_filter *filter, int64_t *count_out)
{
    char sql[CATALOG_SQL_BYTES];
    jm_value args[ARG_COUNT];
    char where[WHERE_BYTES];
    char indexed[CATALOG_INDEXED_BYTES];
    write_where(where, filter);
    catalog_page_indexed(indexed, choose_index(filter, &catalog_photo_orders[0]));
    /* count(*) is one row: limit and offset, which the filters stand behind, do nothing here. */
    snprintf(sql, sizeof(sql), "SELECT count(*) FROM " TABLE "%s WHERE %s LIMIT ?1 OFFSET ?2",
             indexed, where);
    fill_args(args, filter, 1, 0);
    return catalog_rows_integer(catalog, sql, args, ARG_COUNT, count_out);
}

jm_status catalog_photo_find_content(const struct catalog *catalog, jm_span content_hash,
                                     int64_t *photo_out)
{
    jm_value args[] = {JM_TEXT(content_hash)};
    return catalog_rows_integer(catalog,
                                "SELECT photo_id FROM catalog_files WHERE content_hash = lower(?1)"
                                " AND role IN ('original', 'rendition') ORDER BY role LIMIT 1",
                                args, 1, photo_out);
}

jm_status catalog_photo_find_path(const struct catalog *catalog, jm_span path, int64_t *photo_out)
{
    jm_value args[] = {JM_TEXT(path)};
    jm_status status = catalog_rows_integer(
        catalog, "SELECT photo_id FROM catalog_files WHERE path = ?1", args, 1, photo_out);
    if (status < 0 || *photo_out != 0)
        return status;
    return catalog_rows_integer(catalog,
                                "SELECT photo_id FROM catalog_sources WHERE path = ?1"
                                " ORDER BY seen_at DESC, photo_id DESC LIMIT 1",
                                args, 1, photo_out);
}
