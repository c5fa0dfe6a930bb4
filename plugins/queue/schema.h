/* The tables of the queue. */
#ifndef QUEUE_SCHEMA_H
#define QUEUE_SCHEMA_H

#include "core.h"

/* Declare the schema. [loop & loaded] */
jm_status schema_declare(const struct queue *q);

#endif
