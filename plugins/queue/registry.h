/* Who does the jobs of a kind in this process, who leases them, and who hears of them. */
#ifndef QUEUE_REGISTRY_H
#define QUEUE_REGISTRY_H

#include "job.h"

struct executor {
    jm_id token; /* 0: the entry is free */
    int32_t concurrency;
    char *kind;
    char *label;
    jm_status (*start)(void *user, const queue_job *job); /* NULL: a remote one */
    void (*cancel)(void *user, jm_span job, jm_span lease);
    void *user;
};

struct registry *registry_new(void);
void registry_free(struct registry *registry);

/* Copied. JM_EINVAL, JM_EEXIST, JM_ENOMEM. */
jm_status registry_add_executor(struct queue *q, const queue_executor *executor, jm_id *token_out);
jm_status registry_add_listener(struct queue *q, jm_span kind, queue_listener_fn fn, void *user,
                                jm_id *token_out);
jm_status registry_remove(struct queue *q, jm_id token);

/* NULL where nobody does the kind. Valid until the next change of the registry. */
const struct executor *registry_executor(const struct queue *q, jm_span kind);
/* Each executor in turn, from *at = 0; NULL behind the last. */
const struct executor *registry_next(const struct queue *q, size_t *at);

/* Call the listeners of the job's kind. */
void registry_tell(struct queue *q, const struct job *job, int32_t old_state);

#endif
