/* A develop job from outside: its settings are checked, and it is queued. [loop & active] */
#ifndef LIGHTROOM_NEW_JOB_H
#define LIGHTROOM_NEW_JOB_H

#include "core.h"

#include <junmai/sdk/json.h>

/* What is ordered besides the settings. */
struct lr_order {
    jm_id request; /* answered */
    int32_t priority;
    int64_t photo;
};

/* Queue it and answer 201; or answer `bad_status` with `bad_sentence` and the faults in "details". */
jm_status lr_new_job(struct lr_core *core, const struct lr_order *order, const json_t *config,
                     int32_t bad_status, const char *bad_sentence);

#endif
