/* The tables of the plugin. */
#ifndef PREVIEW_SCHEMA_H
#define PREVIEW_SCHEMA_H

#include "core.h"

/* [loop & loaded] */
jm_status schema_declare(const struct preview_core *core);

#endif
