/* What a change of the queue entails: it happens once the change's turn is committed, once for all
 * changes of the turn. */
#ifndef QUEUE_AFTER_H
#define QUEUE_AFTER_H

#include "core.h"

/* Something has changed: publish queue_status, begin jobs, serve who waits for one. */
void after_arm(struct queue *q);

/* Go on with something in a later round of the loop, which has served others meanwhile. Where the plugin
 * ends before, fn is not called. */
jm_status after_soon(struct queue *q, const char *label, jm_timer_fn fn, void *user);

/* Until when a slice of something long may go on, in the clock's monotonic_ms. */
uint64_t after_slice_end_ms(const struct queue *q);
bool after_slice_is_over(const struct queue *q, uint64_t end_ms);

/* Jobs whose time has come, leases whose time is over, requests that have waited long enough.
 * A jm_timer_fn. */
jm_status after_tick(void *user, jm_id timer);

/* How often after_tick() is due. */
#define AFTER_TICK_MS 200

#endif
