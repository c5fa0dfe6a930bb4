/* Requests for a job that wait until there is one. */
#ifndef QUEUE_WAITING_H
#define QUEUE_WAITING_H

#include "lease.h"

/* Keep a request for at most wait_ms; what the wish points to is copied. */
jm_status waiting_add(struct queue *q, jm_id request, const struct lease_wish *wish,
                      int64_t wait_ms);
/* Give jobs to those that wait longest; *more_out as in lease_take(). */
jm_status waiting_serve(struct queue *q, bool *more_out);
/* Answer those whose time is over that there is no job. */
void waiting_expire(struct queue *q);
/* All of them: the plugin drains. */
void waiting_end(struct queue *q);

/* {"success": true, "job": null}, or with a job. */
jm_status waiting_answer(struct queue *q, jm_id request, json_t *job_take);

#endif
