/* The service junmai.catalog/1. */
#ifndef CATALOG_SERVICE_H
#define CATALOG_SERVICE_H

#include "core.h"

/* Offer it. [loop & loaded] */
jm_status catalog_service_provide(struct catalog *catalog);

#endif
