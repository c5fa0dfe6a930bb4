/* Groups of jobs: held, let go, cancelled. Each of these is one row now, and the jobs follow in slices:
 * a held job is set aside when its turn comes, and comes back after the group was let go. */
#ifndef QUEUE_GROUPS_H
#define QUEUE_GROUPS_H

#include "core.h"

jm_status groups_hold(struct queue *q, jm_span group, bool held);

/* Cancel what has not ended. Returns how many that are, or a status. */
int64_t groups_cancel(struct queue *q, jm_span group);

/* A pending job that its group holds leaves the index of ready jobs. */
jm_status groups_set_aside(struct queue *q, int64_t num);

/* One slice of what is under way; *more_out is set where there is more. */
jm_status groups_step(struct queue *q, bool *more_out);

#endif
