/* The tables of the plugin batch. */
#ifndef BATCH_SCHEMA_H
#define BATCH_SCHEMA_H

#include "core.h"

/* Declare the schema. [loop & loaded] */
jm_status batch_schema_declare(const struct batch_core *core);

#endif
