/* The routes /batch. */
#ifndef BATCH_ROUTES_H
#define BATCH_ROUTES_H

#include "core.h"

/* [loop & loaded] */
jm_status batch_routes_add(struct batch_core *core);

#endif
