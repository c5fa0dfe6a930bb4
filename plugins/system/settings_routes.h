/* /config. */
#ifndef SYSTEM_SETTINGS_ROUTES_H
#define SYSTEM_SETTINGS_ROUTES_H

#include "core.h"

/* [loop & loaded] */
jm_status settings_routes_add(struct system_core *core);

#endif
