/* Numbers about the whole catalog, each from one index. */
#include "stats.h"

#include "rows.h"

#include <junmai/sdk/utc.h>

static int64_t sum(json_t *counts)
{
    const char *status;
    json_t *count;
    int64_t total = 0;
    json_object_foreach(counts, status, count) total += json_integer_value(count);
    return total;
}

jm_status catalog_stats_get(const struct catalog *catalog, json_t **stats_out)
{
    jm_value since[] = {JM_INT(catalog->clock->utc_ms(catalog->host) - JM_DAY_MS)};
    int64_t recent = 0;
    json_t *photos = NULL;
    json_t *sessions = NULL;
    jm_status status = catalog_rows_histogram(
        catalog, "SELECT status, count(*) FROM catalog_photos GROUP BY status", NULL, 0, &photos);
    if (status == JM_OK)
        status = catalog_rows_histogram(
            catalog, "SELECT status, count(*) FROM catalog_sessions GROUP BY status", NULL, 0,
            &sessions);
    if (status == JM_OK)
        status = catalog_rows_integer(catalog,
                                      "SELECT count(*) FROM catalog_photos WHERE import_time >= ?1",
                                      since, 1, &recent);
    if (status == JM_OK) {
        *stats_out =
            json_pack("{s:I, s:O, s:I, s:O, s:I}", "total_photos", (json_int_t)sum(photos),
                      "photos_by_status", photos, "total_sessions", (json_int_t)sum(sessions),
                      "sessions_by_status", sessions, "recent_imports_24h", (json_int_t)recent);
        status = *stats_out == NULL ? JM_ENOMEM : JM_OK;
    }
    json_decref(photos);
    json_decref(sessions);
    return status;
}
