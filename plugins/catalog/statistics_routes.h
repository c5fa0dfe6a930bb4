/* The routes of statistics. */
#ifndef CATALOG_STATISTICS_ROUTES_H
#define CATALOG_STATISTICS_ROUTES_H

#include "core.h"

/* [loop & loaded] */
jm_status catalog_statistics_routes_add(struct catalog *catalog);

#endif
