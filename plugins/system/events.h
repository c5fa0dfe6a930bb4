/* The events of the plugin: their declarations, and the one place that publishes each. */
#ifndef SYSTEM_EVENTS_H
#define SYSTEM_EVENTS_H

#include "core.h"

/* [loop & loaded] */
jm_status events_declare(const struct system_core *core);

/* `changed` is an array of JSON pointers, borrowed. */
jm_status events_config_changed(const struct system_core *core, uint64_t revision, json_t *changed);

jm_status events_system_status(const struct system_core *core, const char *status,
                               json_t *details_take);

jm_status events_resource_warning(const struct system_core *core, const char *resource_type,
                                  double current_value, double threshold, const char *message);

#endif
