/* What can happen to a job: each function checks with the state machine, writes the store, publishes
 * the event, and tells listeners and the photograph. `job` is as loaded and holds the new state
 * afterwards; its texts are those of before, or the caller's.
 * A step that its state does not allow is JM_ESTATE with a sentence that names the state. */
#ifndef QUEUE_CHANGE_H
#define QUEUE_CHANGE_H

#include "job.h"

/* How an attempt ended, in the history. */
#define OUTCOME_COMPLETED "completed"
#define OUTCOME_FAILED "failed"
#define OUTCOME_EXPIRED "expired"   /* no sign of life in time */
#define OUTCOME_RELEASED "released" /* whoever did it is gone */
#define OUTCOME_LOST "lost"         /* the host died with it */
#define OUTCOME_CANCELLED "cancelled"

struct change_failure {
    const char *outcome;
    jm_span sentence;
    jm_span details_json; /* absent: none */
    bool is_final;        /* no further attempt may help */
    bool uncounted;       /* the attempt never really began */
};

/* An attempt begins. `holder` is absent for this machine. The lease is in job->lease, which points
 * into `lease_out`. */
jm_status change_start(struct queue *q, struct job *job, jm_span holder, int64_t ttl_ms,
                       char lease_out[QUEUE_LEASE_SIZE]);
jm_status change_progress(struct queue *q, struct job *job, jm_span stage, double percent,
                          jm_span message, jm_span details_json);
jm_status change_complete(struct queue *q, struct job *job, jm_span result_json);
jm_status change_fail(struct queue *q, struct job *job, const struct change_failure *failure);
jm_status change_cancel(struct queue *q, struct job *job);
jm_status change_retry(struct queue *q, struct job *job);
/* by_formula: a later rebalance may change it again. */
jm_status change_priority(struct queue *q, struct job *job, int32_t priority, bool by_formula,
                          jm_span reason);
/* The row goes, with its history. */
jm_status change_remove(struct queue *q, struct job *job);

/* Tell of a job whose state has changed; of a new one, old_state is 0. */
jm_status change_tell(struct queue *q, const struct job *job, int32_t old_state);

#endif
