/* GET /api/photos/{id}/thumbnail. */
#ifndef PREVIEW_ROUTES_H
#define PREVIEW_ROUTES_H

#include "core.h"

/* [loop & loaded] */
jm_status routes_add(struct preview_core *core);

#endif
