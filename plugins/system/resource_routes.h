/* /resources. */
#ifndef SYSTEM_RESOURCE_ROUTES_H
#define SYSTEM_RESOURCE_ROUTES_H

#include "core.h"

/* [loop & loaded] */
jm_status resource_routes_add(struct system_core *core);

#endif
