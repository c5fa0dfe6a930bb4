/* The events of batches: system_status on `system`, batch_progress on `jobs`. */
#ifndef BATCH_EVENTS_H
#define BATCH_EVENTS_H

#include "batches.h"

/* Declare channel and event type. [loop & loaded] */
jm_status batch_events_declare(const struct batch_core *core);

/* Both [loop & active]. */
/* "batch_started", "batch_paused", "batch_resumed", "batch_cancelled", "batch_completed". */
jm_status batch_event_status(const struct batch_core *core, const char *what,
                             const struct batch *batch, const struct batch_progress *progress);
/* `eta_s` is negative where nothing can be estimated. */
jm_status batch_event_progress(const struct batch_core *core, const struct batch *batch,
                               const struct batch_progress *progress, double eta_s);

#endif
