/* The routes of sessions. */
#ifndef CATALOG_SESSION_ROUTES_H
#define CATALOG_SESSION_ROUTES_H

#include "core.h"

/* [loop & loaded] */
jm_status catalog_session_routes_add(struct catalog *catalog);

#endif
