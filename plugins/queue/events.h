/* The events of the queue: their declarations, and the one place that publishes each. */
#ifndef QUEUE_EVENTS_H
#define QUEUE_EVENTS_H

#include "job.h"

/* [loop & loaded] */
jm_status events_declare(const struct queue *q);

jm_status events_created(const struct queue *q, const struct job *job);
jm_status events_started(const struct queue *q, const struct job *job);
jm_status events_progress(const struct queue *q, const struct job *job, jm_span details_json);
jm_status events_completed(const struct queue *q, const struct job *job);
jm_status events_failed(const struct queue *q, const struct job *job, jm_span details_json);
jm_status events_requeued(const struct queue *q, const struct job *job, jm_span reason);
jm_status events_cancelled(const struct queue *q, const struct job *job);
jm_status events_priority(const struct queue *q, const struct job *job, int32_t old_priority,
                          jm_span reason);
/* system_status of the whole queue; the plugin system declares the type, and without it nothing is told. */
jm_status events_paused(const struct queue *q, bool paused);
jm_status events_counts(const struct queue *q, const queue_counts *counts);

/* Seconds until the job will have ended, if it goes on as so far; negative where it cannot be said. */
double events_eta_s(const struct job *job, int64_t now_ms);

#endif
