/* Event types of Lightroom's own, and publishing those that others declare. */
#ifndef LIGHTROOM_EVENTS_H
#define LIGHTROOM_EVENTS_H

#include "core.h"

#include <junmai/sdk/json.h>

/* [loop & loaded] */
jm_status lr_events_declare(const struct lr_core *core);

/* On its declared channel. [loop & active] */
jm_status lr_event_publish(const struct lr_core *core, const char *type, json_t *fields_take);
/* error_occurred: on `jobs` where it names a job, else on `system`. [loop & active] */
jm_status lr_event_error(const struct lr_core *core, json_t *fields_take);

#endif
