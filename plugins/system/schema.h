/* The tables of the plugin. */
#ifndef SYSTEM_SCHEMA_H
#define SYSTEM_SCHEMA_H

#include "core.h"

/* [loop & loaded] */
jm_status schema_declare(const struct system_core *core);

#endif
