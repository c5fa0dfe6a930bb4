/* Following the jobs of batches: progress is told, and a batch ends with its last job. */
#ifndef BATCH_FOLLOW_H
#define BATCH_FOLLOW_H

#include "batches.h"

/* Hear of jobs from now on; and look at every open batch. [loop & active] */
jm_status batch_follow_start(struct batch_core *core);
void batch_follow_stop(struct batch_core *core);

/* Something of the batch has changed: look at it soon. [loop & active] */
jm_status batch_follow(struct batch_core *core, jm_span id);

/* Read the progress, and bring the status in line with the jobs, with the events of that: completed
 * once the last one has ended, running again where one of a completed batch was begun anew.
 * [loop & active] */
jm_status batch_settle(const struct batch_core *core, struct batch *batch,
                       struct batch_progress *progress_out);

#endif
