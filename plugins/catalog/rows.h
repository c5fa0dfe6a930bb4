/* Rows of the store as JSON. */
#ifndef CATALOG_ROWS_H
#define CATALOG_ROWS_H

#include "core.h"

#include <junmai/sdk/json.h>
#include <junmai/sdk/store.h>

/* Makes JSON of one row; NULL when out of memory. */
typedef json_t *(*catalog_row_json_fn)(const jm_value *columns);

/* Run a statement and append each of its rows to `array`. */
jm_status catalog_rows_append(const struct catalog *catalog, const char *sql, const jm_value *args,
                              size_t arg_count, catalog_row_json_fn row_json, json_t *array);

/* The only row of a statement; JM_ENOENT, without a sentence, where there is none. */
jm_status catalog_rows_one(const struct catalog *catalog, const char *sql, const jm_value *args,
                           size_t arg_count, catalog_row_json_fn row_json, json_t **json_out);

/* Of a statement with the columns (word, number): {"word": number, …}. */
jm_status catalog_rows_histogram(const struct catalog *catalog, const char *sql,
                                 const jm_value *args, size_t arg_count, json_t **json_out);

/* The integer that a statement of one column finds; 0 where there is no row, which is no id. */
jm_status catalog_rows_integer(const struct catalog *catalog, const char *sql, const jm_value *args,
                               size_t arg_count, int64_t *value_out);

/* A column: NULL is null. */
json_t *catalog_rows_value(const jm_value *column);
/* A column of milliseconds as a time of the wire; NULL is null. */
json_t *catalog_rows_time(const jm_value *column);

/* 100 * part / whole with two decimals, the integer 0 of nothing. */
json_t *catalog_rows_percent(int64_t part, int64_t whole);

#endif
