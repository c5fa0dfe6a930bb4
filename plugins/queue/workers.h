/* Who does jobs, as operators see it. */
#ifndef QUEUE_WORKERS_H
#define QUEUE_WORKERS_H

#include "core.h"

#include <junmai/sdk/json.h>

/* {"workers": {name: {…}}, "active_tasks": {name: [job]}, "registered_tasks": {name: [kind]}, "kinds":
 * {kind: {…}}, "unattended_kinds": [kind]}. */
jm_status workers_describe(const struct queue *q, json_t **json_out);

#endif
