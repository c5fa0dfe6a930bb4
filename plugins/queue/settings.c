/* One value. */
#include "settings.h"

#include <junmai/sdk/json.h>
#include <system/system.h>

static void take_integer(void *user, jm_span json)
{
    json_t *value = json_loadb(json.ptr, json.len, JSON_DECODE_ANY, NULL);
    *(int64_t *)user = json_integer_value(value);
    json_decref(value);
}

int64_t settings_concurrency(const struct queue *q)
{
    int64_t limit = 0;
    if (q->settings == NULL || q->settings->table == NULL)
        return 0;
    const settings_service *settings = q->settings->table;
    if (settings->get(q->settings->provider_data, JM_SPAN("/processing/max_concurrent_jobs"),
                      take_integer, &limit) < 0)
        return 0;
    return limit;
}
