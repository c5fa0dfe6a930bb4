/* Limits of the resource monitor: what /resources/config shows and changes.
 *
 * cpu_limit_percent and gpu_temp_limit_celsius are the studio's document's; the others are kept
 * beside it. */
#ifndef SYSTEM_LIMITS_H
#define SYSTEM_LIMITS_H

#include <jansson.h>
#include <junmai/types.h>

struct system_core;

enum limit {
    LIMIT_CPU,
    LIMIT_CPU_CRITICAL,
    LIMIT_CPU_IDLE,
    LIMIT_MEMORY,
    LIMIT_MEMORY_CRITICAL,
    LIMIT_GPU_TEMP,
    LIMIT_GPU_TEMP_CRITICAL,
    LIMIT_GPU_MEMORY,
    LIMIT_MONITOR_INTERVAL, /* seconds */
    LIMIT_HISTORY_SIZE,
    LIMIT_IDLE_THRESHOLD, /* seconds */
    LIMIT_IDLE_CPU,
    LIMIT_IDLE_CHECK_INTERVAL, /* seconds */
    LIMIT_COUNT
};

/* A history is never longer. */
#define LIMITS_HISTORY_MAX 1000

struct limits {
    double value[LIMIT_COUNT];
};

void limits_read(const struct system_core *core, struct limits *limits_out);

/* As the object that clients see, owned by the caller. */
json_t *limits_json(const struct limits *limits);

/* Take over those that the object names. Returns JM_OK; JM_EINVAL (a name or a value; nothing has
 * changed); or what the store said. */
jm_status limits_change(struct system_core *core, const json_t *changes);

#endif
