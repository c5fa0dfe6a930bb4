/* The machine as clients of /resources see it. Each is owned by the caller. */
#ifndef SYSTEM_RESOURCE_JSON_H
#define SYSTEM_RESOURCE_JSON_H

#include "core.h"

json_t *resource_cpu_json(const struct system_core *core, const struct limits *limits);
json_t *resource_memory_json(const struct system_core *core, const struct limits *limits);
json_t *resource_gpu_json(const struct system_core *core);

/* All of it, with the state and what follows from it. */
json_t *resource_status_json(const struct system_core *core);

/* Whether the machine has been idle for the time that the limits name. */
bool resource_is_idle(const struct system_core *core, const struct limits *limits);

#endif
