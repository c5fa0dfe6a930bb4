/* Which job of a kind is next. */
#ifndef QUEUE_PICK_H
#define QUEUE_PICK_H

#include "job.h"

struct pick {
    int64_t num; /* 0: none waits */
    int64_t rank;
};

/* The job of the lowest rank that may begin. Jobs of held groups that are in its way are set aside, a
 * bounded number at a time: *more_out is then true and another look is due. */
jm_status pick_next(struct queue *q, jm_span kind, struct pick *pick_out, bool *more_out);

/* How many jobs of the kind may begin now, on this machine or (remote) elsewhere; from configuration and
 * from what runs. */
jm_status pick_room(const struct queue *q, jm_span kind, bool is_remote, int64_t *room_out);

#endif
