/* How many jobs there are, from the totals that triggers keep: as fast with a million as with ten. */
#ifndef QUEUE_COUNTS_H
#define QUEUE_COUNTS_H

#include "core.h"

#include <junmai/sdk/json.h>

/* Of a group, or of all where it is absent. */
jm_status counts_read(const struct queue *q, jm_span group, queue_counts *counts_out);

/* {"3": n, …} by priority, of jobs in a state (0: any). */
jm_status counts_by_priority(const struct queue *q, int32_t state, json_t **json_out);

/* {"develop": {"pending": n, "processing": n}, …} of kinds that have such jobs. */
jm_status counts_by_kind(const struct queue *q, json_t **json_out);

#endif
