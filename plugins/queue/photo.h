/* A job's photograph, through the catalog. */
#ifndef QUEUE_PHOTO_H
#define QUEUE_PHOTO_H

#include "job.h"
#include "order.h"

/* What a submission needs to know of its photograph. */
struct photo_facts {
    int64_t session; /* 0: none */
    double ai_score; /* negative: none */
    char context_tag[64];
};

/* JM_ENOENT, with a sentence, where there is no such photograph. */
jm_status photo_read(const struct queue *q, int64_t photo, struct photo_facts *facts_out);

/* The priority of the formula. */
int32_t photo_priority(const struct photo_facts *facts, bool user_requested, int64_t age_ms);

/* The photograph of a `develop` job follows its state (queued, processing, completed, failed), unless
 * somebody has decided on it meanwhile; an `analyze` job's scores go to the catalog. Jobs of other
 * kinds leave it alone. A photograph that is gone stops no job. */
jm_status photo_follow(struct queue *q, const struct job *job, int32_t old_state);

/* {id, file_name, ai_score} for an answer; null where the photograph is gone. */
json_t *photo_summary(const struct queue *q, int64_t photo);

/* Whether the catalog has that session, or cannot say. */
bool photo_has_session(const struct queue *q, int64_t session);

/* The photographs of a session, or those with ai_score >= min_score, appended to *ids_out (to
 * free()). JM_ENOENT where there is no such session. */
jm_status photo_list_session(const struct queue *q, int64_t session, double min_score,
                             int64_t **ids_out, size_t *count_out);

#endif
