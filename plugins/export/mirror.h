/* export.presets of the studio's document: the presets once more, in the few fields that the document
 * has. Loop thread. */
#ifndef EXPORT_MIRROR_H
#define EXPORT_MIRROR_H

#include "core.h"

/* Write the presets into the document; in the turn of their change. Nothing without that service. */
void export_mirror_write(const struct export_core *core);

/* Take over what somebody has written into the document since the last call: presets of these names
 * are changed or made. One that is not named there stays, and an empty list says nothing. */
jm_status export_mirror_follow(struct export_core *core);

#endif
