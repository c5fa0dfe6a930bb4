/* The tables of the plugin. */
#ifndef EXPORT_SCHEMA_H
#define EXPORT_SCHEMA_H

#include "core.h"

jm_status export_schema_declare(const struct export_core *core);

#endif
