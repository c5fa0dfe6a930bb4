/* The events of the catalog, on the channels `photos` and `sessions`. */
#ifndef CATALOG_EVENTS_H
#define CATALOG_EVENTS_H

#include "core.h"

#include <jansson.h>

/* Declare channels and event types. [loop & loaded] */
jm_status catalog_events_declare(const struct catalog *catalog);

/* Publish what has happened. `photo` and `session` are PHOTO and SESSION of the wire contract, as
 * they are after it. [loop & active] */
jm_status catalog_event_photo_imported(const struct catalog *catalog, const json_t *photo);
jm_status catalog_event_photo_analyzed(const struct catalog *catalog, const json_t *photo);
jm_status catalog_event_photo_selected(const struct catalog *catalog, const json_t *photo);
jm_status catalog_event_session_created(const struct catalog *catalog, const json_t *session);
jm_status catalog_event_session_updated(const struct catalog *catalog, const json_t *session);
jm_status catalog_event_session_completed(const struct catalog *catalog, const json_t *session,
                                          int64_t approved_photos);
jm_status catalog_event_session_deleted(const struct catalog *catalog, int64_t session,
                                        jm_span session_name);

#endif
