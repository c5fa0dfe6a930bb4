/* /logs. */
#ifndef SYSTEM_LOG_ROUTES_H
#define SYSTEM_LOG_ROUTES_H

#include "core.h"

/* [loop & loaded] */
jm_status log_routes_add(struct system_core *core);

#endif
