/* Sessions that were deleted: their jobs are cancelled and removed. The catalog's events are read with
 * a position that is kept in the store, so that none is missed over a restart. */
#ifndef QUEUE_FEED_H
#define QUEUE_FEED_H

#include "core.h"

/* How often feed_tick() is due. */
#define FEED_TICK_MS 1000

/* Read what is new, and remove a slice of the jobs of sessions that are gone. A jm_timer_fn. */
jm_status feed_tick(void *user, jm_id timer);

#endif
