/* Calls to executors. Each runs once the turn that decided on it is committed, as a callback of its
 * own: what an executor that fails has written is taken back, and nothing else. */
#ifndef QUEUE_CALLS_H
#define QUEUE_CALLS_H

#include "job.h"

/* Have the local attempt that has just begun started; have one that was ended told to stop. */
jm_status calls_start(struct queue *q, const struct job *job);
jm_status calls_cancel(struct queue *q, const struct job *job);

#endif
