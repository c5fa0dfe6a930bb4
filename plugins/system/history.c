/* A ring of points. */
#include "history.h"

#include "sample.h"

#include <junmai/sdk/utc.h>

void history_add(struct history *history, const struct history_point *point)
{
    history->points[history->next] = *point;
    history->next = (history->next + 1) % LIMITS_HISTORY_MAX;
    if (history->count < LIMITS_HISTORY_MAX)
        history->count++;
}

const struct history_point *history_at(const struct history *history, size_t back)
{
    if (back >= history->count)
        return NULL;
    return &history->points[(history->next + LIMITS_HISTORY_MAX - 1 - back) % LIMITS_HISTORY_MAX];
}

json_t *history_averages(const struct history *history, int64_t now_ms, int64_t minutes)
{
    struct history_point sum = {0};
    int64_t count = 0;
    const struct history_point *point;
    while ((point = history_at(history, (size_t)count)) != NULL &&
           point->at_ms > now_ms - minutes * 60000) {
        sum.cpu_percent += point->cpu_percent;
        sum.memory_percent += point->memory_percent;
        sum.gpu_load += point->gpu_load;
        sum.gpu_temperature += point->gpu_temperature;
        count++;
    }
    double by = count > 0 ? (double)count : 1;
    return json_pack("{s:f, s:f, s:f, s:f, s:I, s:I}", "avg_cpu_percent",
                     sample_rounded(sum.cpu_percent / by), "avg_memory_percent",
                     sample_rounded(sum.memory_percent / by), "avg_gpu_load",
                     sample_rounded(sum.gpu_load / by), "avg_gpu_temperature",
                     sample_rounded(sum.gpu_temperature / by), "duration_minutes",
                     (json_int_t)minutes, "sample_count", (json_int_t)count);
}

json_t *history_json(const struct history *history, size_t limit)
{
    json_t *list = json_array();
    size_t shown = limit < history->count ? limit : history->count;
    while (shown-- > 0) {
        const struct history_point *point = history_at(history, shown);
        char at[JM_UTC_BYTES];
        jm_utc_format(point->at_ms, at);
        json_array_append_new(list, json_pack("{s:s, s:f, s:f, s:f, s:f, s:s}", "timestamp", at,
                                              "cpu_percent", point->cpu_percent, "memory_percent",
                                              point->memory_percent, "gpu_load", point->gpu_load,
                                              "gpu_temperature", point->gpu_temperature, "state",
                                              judge_state_name(point->state)));
    }
    return list;
}
