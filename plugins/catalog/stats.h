/* Numbers about the whole catalog. */
#ifndef CATALOG_STATS_H
#define CATALOG_STATS_H

#include "core.h"

#include <jansson.h>

/* The document of get_stats; owned by the caller. [loop & active] */
jm_status catalog_stats_get(const struct catalog *catalog, json_t **stats_out);

#endif
