/* Attempts: the one that runs, its lease and its place, and the history. */
#ifndef QUEUE_ATTEMPTS_H
#define QUEUE_ATTEMPTS_H

#include "job.h"

/* The attempt that job->attempt, lease, holder and ttl_ms describe. */
jm_status attempts_begin(struct queue *q, const struct job *job);
/* A sign of life. */
jm_status attempts_renew(struct queue *q, const struct job *job);
/* The attempt has ended for its job. With tell_executor a local one keeps its place until it is
 * reported, and its executor is told to stop. */
jm_status attempts_end(struct queue *q, const struct job *job, const char *outcome,
                       jm_span sentence, jm_span details_json, bool tell_executor);

/* Load a job of which an attempt reports. *live_out says whether its lease is that of the attempt that
 * runs. A local attempt whose job is settled gives up its place here, for which JM_OK with
 * *live_out = false is returned; any other lease is JM_ESTATE. */
jm_status attempts_find(struct queue *q, jm_span job_id, jm_span lease, struct job *job_out,
                        bool *live_out);

/* Jobs whose attempts died with an earlier process go back to the queue. [activate] */
jm_status attempts_recover(struct queue *q);
/* The same for leases that have expired; at most `limit`. Returns how many, or a status. */
int64_t attempts_expire(struct queue *q, int64_t limit);
/* The same for what a holder has. */
int64_t attempts_release(struct queue *q, jm_span holder);

/* [{attempt, started_at, ended_at, outcome, error, holder}], the first one first. */
jm_status attempts_json(const struct queue *q, const struct job *job, json_t **json_out);

#endif
