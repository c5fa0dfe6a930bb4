/* The events of decisions: photo_approved and photo_rejected on `photos`, approval_queue_updated on
 * `approval`. */
#ifndef APPROVAL_EVENTS_H
#define APPROVAL_EVENTS_H

#include "photo.h"

/* Declare channels and event types. [loop & loaded] */
jm_status approval_events_declare(const struct approval_core *core);

/* All [loop & active]. */
jm_status approval_event_approved(const struct approval_core *core,
                                  const struct approval_photo *photo);
jm_status approval_event_rejected(const struct approval_core *core,
                                  const struct approval_photo *photo, jm_span reason);
/* Tells how many photographs wait; `session` is that of the one that was decided on, 0: none, or
 * several. */
jm_status approval_event_queue(const struct approval_core *core, int64_t session);

#endif
