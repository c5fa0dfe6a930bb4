/* /notifications. */
#ifndef SYSTEM_NOTIFICATION_ROUTES_H
#define SYSTEM_NOTIFICATION_ROUTES_H

#include "core.h"

/* [loop & loaded] */
jm_status notification_routes_add(struct system_core *core);

#endif
