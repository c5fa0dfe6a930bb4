/* The tables of the catalog. */
#ifndef CATALOG_SCHEMA_H
#define CATALOG_SCHEMA_H

#include "core.h"

/* Declare the schema. [loop & loaded] */
jm_status catalog_schema_declare(const struct catalog *catalog);

#endif
