/* Idempotency keys: the same key gives the same job for a day. */
#ifndef QUEUE_KEYS_H
#define QUEUE_KEYS_H

#include "core.h"

/* The job of a key; *found_out is false where there is none (any more). */
jm_status keys_find(const struct queue *q, jm_span key, char id_out[QUEUE_ID_SIZE],
                    bool *found_out);
jm_status keys_keep(struct queue *q, jm_span key, const char *job_id);
/* Forget old ones, some at a time. */
jm_status keys_expire(struct queue *q);

#endif
