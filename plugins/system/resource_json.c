/* Snapshots as JSON. */
#include "resource_json.h"

#include <junmai/sdk/utc.h>

json_t *resource_cpu_json(const struct system_core *core, const struct limits *limits)
{
    const struct snapshot *now = &core->monitor.now;
    json_t *cores = json_array();
    json_t *load = json_array();
    for (size_t i = 0; i < now->core_count; i++)
        json_array_append_new(cores, json_real(now->core_percent[i]));
    for (size_t i = 0; i < JM_COUNT(now->load); i++)
        json_array_append_new(load, json_real(now->load[i]));
    return json_pack("{s:I, s:f, s:b, s:b, s:o, s:f, s:o}", "core_count",
                     (json_int_t)now->core_count, "frequency_mhz", now->frequency_mhz, "is_busy",
                     now->cpu_percent >= limits->value[LIMIT_CPU], "is_critical",
                     now->cpu_percent >= limits->value[LIMIT_CPU_CRITICAL], "per_core_percent",
                     cores, "usage_percent", now->cpu_percent, "load_average", load);
}

json_t *resource_memory_json(const struct system_core *core, const struct limits *limits)
{
    const struct snapshot *now = &core->monitor.now;
    return json_pack("{s:f, s:f, s:f, s:f, s:b, s:b}", "total_mb", now->memory_total_mb, "used_mb",
                     now->memory_used_mb, "available_mb", now->memory_available_mb, "percent",
                     now->memory_percent, "is_busy",
                     now->memory_percent >= limits->value[LIMIT_MEMORY], "is_critical",
                     now->memory_percent >= limits->value[LIMIT_MEMORY_CRITICAL]);
}

json_t *resource_gpu_json(const struct system_core *core)
{
    const struct gpu *gpu = &core->monitor.now.gpu;
    if (!gpu->available)
        return json_pack("{s:b, s:s}", "available", 0, "message",
                         gpu->message[0] != '\0' ? gpu->message : "not asked yet");
    return json_pack("{s:b, s:s, s:f, s:f, s:f, s:f}", "available", 1, "name", gpu->name,
                     "temperature_celsius", gpu->temperature_celsius, "load_percent",
                     gpu->load_percent, "memory_used_mb", gpu->memory_used_mb, "memory_total_mb",
                     gpu->memory_total_mb);
}

bool resource_is_idle(const struct system_core *core, const struct limits *limits)
{
    return monitor_idle_s(core) >= limits->value[LIMIT_IDLE_THRESHOLD];
}

json_t *resource_status_json(const struct system_core *core)
{
    const struct snapshot *now = &core->monitor.now;
    struct limits limits;
    char at[JM_UTC_BYTES];
    double speed = judge_speed(now->state);
    limits_read(core, &limits);
    jm_utc_format(now->at_ms > 0 ? now->at_ms : core->api.clock->utc_ms(core->host), at);
    return json_pack(
        "{s:o, s:o, s:o, s:f, s:f, s:b, s:f, s:b, s:s, s:s}", "cpu",
        resource_cpu_json(core, &limits), "memory", resource_memory_json(core, &limits), "gpu",
        resource_gpu_json(core), "disk_usage_percent", now->disks.percent, "idle_duration_seconds",
        monitor_idle_s(core), "is_idle", resource_is_idle(core, &limits), "recommended_speed",
        speed, "should_throttle", now->state == MACHINE_BUSY || now->state == MACHINE_CRITICAL,
        "state", judge_state_name(now->state), "timestamp", at);
}
