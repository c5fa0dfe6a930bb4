/* The service junmai.settings/1. */
#ifndef SYSTEM_SERVICE_H
#define SYSTEM_SERVICE_H

#include "core.h"

/* [loop & loaded] */
jm_status service_provide(struct system_core *core);

#endif
