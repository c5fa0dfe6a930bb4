/* The routes of photographs. */
#ifndef CATALOG_PHOTO_ROUTES_H
#define CATALOG_PHOTO_ROUTES_H

#include "core.h"

/* [loop & loaded] */
jm_status catalog_photo_routes_add(struct catalog *catalog);

#endif
