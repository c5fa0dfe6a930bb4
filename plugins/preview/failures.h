/* Contents that cannot be rendered. What is written here is not tried again: its bytes are the same
 * for ever. Where the fault may have been the machine's, it is tried again after an hour.
 * [loop & (active | draining)] */
#ifndef PREVIEW_FAILURES_H
#define PREVIEW_FAILURES_H

#include "core.h"

#define REASON_BYTES 480

/* Whether the content is known to fail; why. */
bool failure_find(struct preview_core *core, const char *hash, char reason_out[REASON_BYTES]);

jm_status failure_add(struct preview_core *core, const char *hash, const char *reason,
                      bool for_ever);

/* The content could be rendered after all. */
void failure_forget(struct preview_core *core, const char *hash);

#endif
