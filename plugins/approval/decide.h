/* The one behaviour behind all routes: what approving, rejecting, modifying and undoing do.
 *
 * A decision that changes nothing (the photograph is approved already, …) succeeds, leaves no row
 * and publishes nothing. All functions are [loop & active]; what fails is to fail the caller's
 * handler, which takes back what was done. */
#ifndef APPROVAL_DECIDE_H
#define APPROVAL_DECIDE_H

#include "photo.h"

enum approval_action { APPROVAL_APPROVE, APPROVAL_REJECT, APPROVAL_MODIFY };

struct approval_wish {
    enum approval_action action;
    jm_span who;               /* a name, for the row */
    bool exports;              /* APPROVE: export it with every enabled preset */
    jm_span reason;            /* REJECT */
    bool has_reason;           /* REJECT: the reason is the person's own, and not the route's */
    jm_span preset;            /* MODIFY */
    const json_t *adjustments; /* MODIFY: an object */
};

struct approval_outcome {
    bool changed;
    struct approval_photo photo; /* as it is now */
    json_t *export_jobs;         /* an array of XJOB */
};

/* Decide on one photograph; publishes photo_approved or photo_rejected, and approval_queue_updated.
 * approval_outcome_fini() is due in either case. JM_ENOENT where there is no such photograph. */
jm_status approval_decide(const struct approval_core *core, int64_t photo,
                          const struct approval_wish *wish, struct approval_outcome *outcome_out);

/* The same without approval_queue_updated: for one of many, behind which it is told once. */
jm_status approval_decide_quietly(const struct approval_core *core, int64_t photo,
                                  const struct approval_wish *wish,
                                  struct approval_outcome *outcome_out);

/* Bring a photograph back to what it was before the last decision that was not undone, and publish
 * approval_queue_updated; *undone_out is that decision, the caller's. approval_photo_fini() is due
 * in either case. JM_ESTATE where there is none. */
jm_status approval_undo(const struct approval_core *core, int64_t photo,
                        struct approval_photo *photo_out, json_t **undone_out);

void approval_outcome_fini(struct approval_outcome *outcome);

#endif
