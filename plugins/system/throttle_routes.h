/* /resources/queue. */
#ifndef SYSTEM_THROTTLE_ROUTES_H
#define SYSTEM_THROTTLE_ROUTES_H

#include "core.h"

/* [loop & loaded] */
jm_status throttle_routes_add(struct system_core *core);

#endif
