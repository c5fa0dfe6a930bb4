/* The table of limits. */
#include "limits.h"

#include "settings.h"
#include "values.h"

#include <math.h>

struct rule {
    const char *name;
    const char *setting; /* its place in the studio's document; NULL: it is kept here */
    double usual, min, max;
};

static const struct rule rules[LIMIT_COUNT] = {
    [LIMIT_CPU] = {"cpu_limit_percent", "/processing/cpu_limit_percent", 80, 10, 100},
    [LIMIT_CPU_CRITICAL] = {"cpu_critical_percent", NULL, 95, 1, 100},
    [LIMIT_CPU_IDLE] = {"cpu_idle_percent", NULL, 20, 0, 100},
    [LIMIT_MEMORY] = {"memory_limit_percent", NULL, 85, 1, 100},
    [LIMIT_MEMORY_CRITICAL] = {"memory_critical_percent", NULL, 95, 1, 100},
    [LIMIT_GPU_TEMP] = {"gpu_temp_limit_celsius", "/processing/gpu_temp_limit_celsius", 75, 60, 90},
    [LIMIT_GPU_TEMP_CRITICAL] = {"gpu_temp_critical_celsius", NULL, 85, 60, 120},
    [LIMIT_GPU_MEMORY] = {"gpu_memory_limit_percent", NULL, 90, 1, 100},
    [LIMIT_MONITOR_INTERVAL] = {"monitor_interval", NULL, 5, 0.2, 3600},
    [LIMIT_HISTORY_SIZE] = {"history_size", NULL, 100, 1, LIMITS_HISTORY_MAX},
    [LIMIT_IDLE_THRESHOLD] = {"idle_threshold_seconds", NULL, 300, 1, 86400},
    [LIMIT_IDLE_CPU] = {"idle_cpu_threshold", NULL, 15, 0, 100},
    [LIMIT_IDLE_CHECK_INTERVAL] = {"idle_check_interval", NULL, 60, 1, 86400},
};

void limits_read(const struct system_core *core, struct limits *limits_out)
{
    json_t *kept = values_get(core, "limits");
    for (size_t i = 0; i < LIMIT_COUNT; i++) {
        const json_t *value = json_object_get(kept, rules[i].name);
        limits_out->value[i] = json_is_number(value) ? json_number_value(value) : rules[i].usual;
        if (rules[i].setting != NULL)
            limits_out->value[i] = settings_number(core, rules[i].setting, rules[i].usual);
    }
    json_decref(kept);
}

static json_t *number(double value)
{
    return value == trunc(value) ? json_integer((json_int_t)value) : json_real(value);
}

json_t *limits_json(const struct limits *limits)
{
    json_t *json = json_object();
    for (size_t i = 0; i < LIMIT_COUNT; i++)
        json_object_set_new(json, rules[i].name, number(limits->value[i]));
    return json;
}

static jm_status check_one(const struct system_core *core, const char *name, const json_t *value,
                           size_t *index_out)
{
    for (size_t i = 0; i < LIMIT_COUNT; i++) {
        const struct rule *rule = &rules[i];
        if (strcmp(rule->name, name) != 0)
            continue;
        *index_out = i;
        if (!json_is_number(value) || json_number_value(value) < rule->min ||
            json_number_value(value) > rule->max)
            return system_fail(core, JM_EINVAL, "%s must be a number from %g to %g", name,
                               rule->min, rule->max);
        return JM_OK;
    }
    return system_fail(core, JM_EINVAL, "there is no limit %.64s; GET /resources/config lists them",
                       name);
}

/* The studio's document may say otherwise; only what is changed here is judged. */
static jm_status check_order(const struct system_core *core, const struct limits *limits,
                             const bool *changed)
{
    static const enum limit pairs[][2] = {{LIMIT_CPU, LIMIT_CPU_CRITICAL},
                                          {LIMIT_MEMORY, LIMIT_MEMORY_CRITICAL},
                                          {LIMIT_GPU_TEMP, LIMIT_GPU_TEMP_CRITICAL}};
    for (size_t i = 0; i < JM_COUNT(pairs); i++) {
        enum limit low = pairs[i][0];
        enum limit high = pairs[i][1];
        if ((changed[low] || changed[high]) && limits->value[low] > limits->value[high])
            return system_fail(core, JM_EINVAL, "%s must not be above %s", rules[low].name,
                               rules[high].name);
    }
    return JM_OK;
}

static jm_status keep(struct system_core *core, const struct limits *limits, const bool *changed)
{
    json_t *kept = json_object();
    jm_status status = JM_OK;
    for (size_t i = 0; i < LIMIT_COUNT && status == JM_OK; i++) {
        if (rules[i].setting == NULL)
            json_object_set_new(kept, rules[i].name, number(limits->value[i]));
        else if (changed[i])
            status = settings_set(core, jm_span_of(rules[i].setting), number(limits->value[i]));
    }
    if (status == JM_OK)
        return values_set(core, "limits", kept);
    json_decref(kept);
    return status;
}

jm_status limits_change(struct system_core *core, const json_t *changes)
{
    struct limits limits;
    bool changed[LIMIT_COUNT] = {false};
    jm_status status = JM_OK;
    const char *name;
    json_t *value;
    limits_read(core, &limits);
    json_object_foreach((json_t *)changes, name, value)
    {
        size_t index = 0;
        if (status == JM_OK)
            status = check_one(core, name, value, &index);
        if (status == JM_OK) {
            limits.value[index] = json_number_value(value);
            changed[index] = true;
        }
    }
    if (status == JM_OK)
        status = check_order(core, &limits, changed);
    return status == JM_OK ? keep(core, &limits, changed) : status;
}
