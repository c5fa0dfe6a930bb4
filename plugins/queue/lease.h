/* Leases of remote executors. */
#ifndef QUEUE_LEASE_H
#define QUEUE_LEASE_H

#include "job.h"

struct lease_wish {
    const jm_span *kinds; /* any of these */
    size_t kind_count;
    jm_span holder;
    int64_t ttl_ms; /* 0: as configured */
};

/* The most urgent job of these kinds begins, and its JSON (with "lease" and "config") is in *json_out.
 * *json_out is NULL where none waits, or the queue is paused, or the kinds have as many running as they
 * may. *more_out is set where another look is due. */
jm_status lease_take(struct queue *q, const struct lease_wish *wish, json_t **json_out,
                     bool *more_out);

#endif
