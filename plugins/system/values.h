/* Small things that are kept by name, each a JSON value in one row. */
#ifndef SYSTEM_VALUES_H
#define SYSTEM_VALUES_H

#include "core.h"

/* The value, owned by the caller; NULL where there is none, or where the store fails. */
json_t *values_get(const struct system_core *core, const char *name);

/* Keep the value in place of the former one. Returns JM_OK, JM_ENOMEM, or what the store said. */
jm_status values_set(const struct system_core *core, const char *name, json_t *value_take);

/* A switch; `fallback` where it was never set. */
bool values_get_switch(const struct system_core *core, const char *name, bool fallback);

#endif
