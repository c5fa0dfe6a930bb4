/* Ids of jobs, tokens of leases, and which process this is. */
#ifndef QUEUE_IDS_H
#define QUEUE_IDS_H

#include "core.h"

/* A new id: 32 hex digits, each greater than the one before. */
void ids_make(struct queue *q, char id_out[QUEUE_ID_SIZE]);

/* The canonical form of what a client sent, dashes and upper case accepted. Returns false where that
 * is no id. */
bool ids_read(jm_span text, char id_out[QUEUE_ID_SIZE]);

/* A lease is JOB.ATTEMPT.RANDOM: who holds it cannot guess another, and a stale one still says what
 * it was for. */
void ids_make_lease(const char *job_id, int32_t attempt, char lease_out[QUEUE_LEASE_SIZE]);
bool ids_read_lease(jm_span lease, char job_id_out[QUEUE_ID_SIZE]);

/* Fill q->process: the same text as long as this process lives, and in no other one. */
void ids_find_process(struct queue *q);

/* In [0, 1). */
double ids_random(void);

#endif
