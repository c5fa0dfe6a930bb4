/* /system, /api/system and /resource/status: the studio in a few numbers. */
#ifndef SYSTEM_STATUS_ROUTES_H
#define SYSTEM_STATUS_ROUTES_H

#include "core.h"

/* [loop & loaded] */
jm_status status_routes_add(struct system_core *core);

#endif
