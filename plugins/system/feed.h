/* Hears what happens in the studio through a session of its own, like any client, and writes it into
 * the logs. How far it has heard is kept in the store, in the same transaction as the lines: a turn
 * that is taken back, a restart, a kill make it hear the same again.
 *
 * The session lives for one look at the log of events, so that the plugin is not counted among the
 * clients. */
#ifndef SYSTEM_FEED_H
#define SYSTEM_FEED_H

#include "core.h"

/* Write what has happened since the last time. A failure is to fail the caller's callback.
 * Returns JM_OK, or a negative status with a sentence. [loop & active] */
jm_status feed_listen(struct system_core *core);

#endif
