/* Beginning local jobs, as many as have a place. */
#ifndef QUEUE_DISPATCH_H
#define QUEUE_DISPATCH_H

#include "core.h"

/* Begin jobs; *more_out is set where the budget of a turn ended it. */
jm_status dispatch_run(struct queue *q, bool *more_out);

/* Jobs that this machine may do at once. */
int64_t dispatch_concurrency(const struct queue *q);

/* Whether the whole queue is paused, and its change. */
bool dispatch_is_paused(const struct queue *q);
jm_status dispatch_set_paused(struct queue *q, bool paused);

#endif
