/* Submitting the jobs of batches, a slice in a turn. */
#ifndef BATCH_FEED_H
#define BATCH_FEED_H

#include "core.h"

/* Go on soon with what waits. Harmless where nothing does. [loop & active] */
jm_status batch_feed(struct batch_core *core);
void batch_feed_stop(struct batch_core *core);

#endif
