/* A request that does something to each waiting job, in slices of one turn each, and is answered behind
 * the last one. Jobs that come meanwhile are left alone. */
#ifndef QUEUE_SWEEP_H
#define QUEUE_SWEEP_H

#include "job.h"

struct sweep_plan {
    int64_t session;   /* of this session alone; 0: all */
    int64_t before_ms; /* only jobs that were made before; 0: all */
    int64_t amount;    /* for visit() and answer() */
    /* Do it; *changed_out is as the name says. */
    jm_status (*visit)(struct queue *q, const struct sweep_plan *plan, struct job *job,
                       bool *changed_out);
    /* The answer, of how many were looked at and how many were changed. */
    json_t *(*answer)(const struct queue *q, const struct sweep_plan *plan, int64_t visited,
                      int64_t changed);
};

/* The plan is copied. */
jm_status sweep_start(struct queue *q, jm_id request, const struct sweep_plan *plan);

#endif
