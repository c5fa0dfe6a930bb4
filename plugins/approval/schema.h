/* The table of the plugin approval. */
#ifndef APPROVAL_SCHEMA_H
#define APPROVAL_SCHEMA_H

#include "core.h"

/* Declare the schema. [loop & loaded] */
jm_status approval_schema_declare(const struct approval_core *core);

#endif
