/* The job that develops a photograph anew, at the plugin queue. */
#ifndef APPROVAL_DEVELOP_H
#define APPROVAL_DEVELOP_H

#include "photo.h"

#include <queue/queue.h>

/* Submit a job of the kind `develop` with {"preset", "adjustments"}; the queue makes the photograph
 * `queued`. JM_EBUSY without the queue. [loop & active] */
jm_status approval_develop_submit(const struct approval_core *core, int64_t photo, jm_span preset,
                                  const json_t *adjustments, char id_out[QUEUE_ID_SIZE]);

/* Cancel the job of a decision, which may have none, or one that has ended or is gone. */
jm_status approval_develop_cancel(const struct approval_core *core, const json_t *decision);

#endif
