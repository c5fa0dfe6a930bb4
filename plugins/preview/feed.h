/* Hears photo_imported through a session of its own, like any client, and keeps in the store how far
 * it has heard, in the same transaction as what it has heard: a turn that is taken back, a restart, a
 * kill make it hear the same again.
 *
 * The session lives for one look at the log, so that the plugin is not counted among the clients. */
#ifndef PREVIEW_FEED_H
#define PREVIEW_FEED_H

#include "core.h"

/* Put into preview_wanted what was imported since the last time. A failure is to fail the caller's
 * callback. Returns JM_OK, or a negative status with a sentence. [loop & active] */
jm_status feed_listen(struct preview_core *core);

#endif
