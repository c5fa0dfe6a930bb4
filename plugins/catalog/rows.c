/* Rows of the store as JSON: what sessions and photographs have in common. */
#include "rows.h"

#include <junmai/sdk/utc.h>
#include <math.h>

struct collector {
    catalog_row_json_fn row_json;
    json_t *array;
};

static jm_status collect(void *user, const jm_value *columns, size_t count)
{
    struct collector *collector = user;
    (void)count;
    return json_array_append_new(collector->array, collector->row_json(columns)) < 0 ? JM_ENOMEM
                                                                                     : JM_OK;
}

jm_status catalog_rows_append(const struct catalog *catalog, const char *sql, const jm_value *args,
                              size_t arg_count, catalog_row_json_fn row_json, json_t *array)
{
    struct collector collector = {row_json, array};
    if (array == NULL)
        return JM_ENOMEM;
    return catalog->store->exec(catalog->host, sql, args, arg_count, collect, &collector, NULL);
}

jm_status catalog_rows_one(const struct catalog *catalog, const char *sql, const jm_value *args,
                           size_t arg_count, catalog_row_json_fn row_json, json_t **json_out)
{
    json_t *rows = json_array();
    jm_status status = catalog_rows_append(catalog, sql, args, arg_count, row_json, rows);
    if (status == JM_OK && json_array_size(rows) == 0)
        status = JM_ENOENT;
    if (status == JM_OK)
        *json_out = json_incref(json_array_get(rows, 0));
    json_decref(rows);
    return status;
}

static jm_status collect_count(void *user, const jm_value *columns, size_t count)
{
    char key[32];
    jm_span word = columns[0].bytes;
    if (columns[0].type == JM_VALUE_INT) {
        snprintf(key, sizeof(key), "%lld", (long long)columns[0].integer);
        word = jm_span_of(key);
    }
    (void)count;
    return json_object_setn_new(user, word.ptr, word.len, json_integer(columns[1].integer)) < 0
               ? JM_ENOMEM
               : JM_OK;
}

jm_status catalog_rows_histogram(const struct catalog *catalog, const char *sql,
                                 const jm_value *args, size_t arg_count, json_t **json_out)
{
    json_t *counts = json_object();
    if (counts == NULL)
        return JM_ENOMEM;
    jm_status status =
        catalog->store->exec(catalog->host, sql, args, arg_count, collect_count, counts, NULL);
    if (status < 0)
        json_decref(counts);
    else
        *json_out = counts;
    return status;
}

jm_status catalog_rows_integer(const struct catalog *catalog, const char *sql, const jm_value *args,
                               size_t arg_count, int64_t *value_out)
{
    *value_out = 0;
    return catalog->store->exec(catalog->host, sql, args, arg_count, jm_row_integer, value_out,
                                NULL);
}

json_t *catalog_rows_value(const jm_value *column)
{
    switch (column->type) {
    case JM_VALUE_INT:
        return json_integer(column->integer);
    case JM_VALUE_REAL:
        return json_real(column->real);
    case JM_VALUE_TEXT:
        return jm_json_text(column->bytes);
    default:
        return json_null();
    }
}

json_t *catalog_rows_time(const jm_value *column)
{
    char text[JM_UTC_BYTES];
    if (column->type != JM_VALUE_INT)
        return json_null();
    jm_utc_format(column->integer, text);
    return json_string(text);
}

json_t *catalog_rows_percent(int64_t part, int64_t whole)
{
    if (whole == 0)
        return json_integer(0);
    return json_real(round((double)part * 10000.0 / (double)whole) / 100.0);
}
