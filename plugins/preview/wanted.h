/* Photographs that were imported and wait for their thumbnails, in the store: a restart goes on where
 * it was. At most `background` of them are under way. [loop & (active | draining)] */
#ifndef PREVIEW_WANTED_H
#define PREVIEW_WANTED_H

#include "core.h"

jm_status wanted_add(struct preview_core *core, int64_t photo);
void wanted_forget(struct preview_core *core, int64_t photo);

/* Begin as many as may run. */
void wanted_pump(struct preview_core *core);

/* Begin again with those that could not be made when they had their turn. */
void wanted_retry(struct preview_core *core);

#endif
