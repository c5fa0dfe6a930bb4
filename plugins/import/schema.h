/* The tables of the plugin. */
#ifndef IMPORT_SCHEMA_H
#define IMPORT_SCHEMA_H

#include "core.h"

/* [loop & loaded] */
jm_status schema_declare(const struct import_core *core);

#endif
