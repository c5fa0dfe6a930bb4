/* Decisions in the store. */
#ifndef APPROVAL_DECISIONS_H
#define APPROVAL_DECISIONS_H

#include "photo.h"

struct approval_record {
    const struct approval_photo *before; /* the photograph before the decision */
    const char *action;                  /* "approved", "rejected", "modified" */
    jm_span reason;                      /* absent: none */
    jm_span final_preset;                /* absent: none */
    jm_span adjustments;                 /* a JSON object */
    jm_span job;                         /* absent: none */
    jm_span who;
};

/* All [loop & active]. */
jm_status approval_decision_add(const struct approval_core *core,
                                const struct approval_record *record);

/* The last decision on a photograph that was not undone, as {id, action, reason, original_preset,
 * adjustments (as text), final_preset, job_id, status_before, approved_before}; NULL where there is
 * none. It is the caller's. */
jm_status approval_decision_last(const struct approval_core *core, int64_t photo,
                                 json_t **decision_out);

jm_status approval_decision_undo(const struct approval_core *core, const json_t *decision);

/* The first session behind `after` that decisions belong to; 0: none. */
jm_status approval_decision_next_session(const struct approval_core *core, int64_t after,
                                         int64_t *session_out);
/* Forget at most `limit` decisions of a session that is gone. */
jm_status approval_decision_forget(const struct approval_core *core, int64_t session, int64_t limit,
                                   int64_t *count_out);

#endif
