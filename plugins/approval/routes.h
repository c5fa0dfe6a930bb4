/* The three families of routes, which older clients know, and the bulk routes. Each is a shape of
 * the behaviour of decide.h. */
#ifndef APPROVAL_ROUTES_H
#define APPROVAL_ROUTES_H

#include "core.h"

/* All [loop & loaded]. */
jm_status approval_plain_routes_add(struct approval_core *core);
jm_status approval_api_routes_add(struct approval_core *core);
jm_status approval_bulk_routes_add(struct approval_core *core);
jm_status approval_photo_routes_add(struct approval_core *core);

#endif
