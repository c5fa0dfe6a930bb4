/* An XMP sidecar: what an editor or a viewer has written beside a photograph. Worker process only. */
#ifndef IMPORT_TASK_SIDECAR_H
#define IMPORT_TASK_SIDECAR_H

#include "task/bytes.h"

#include <glib.h>
#include <jansson.h>

/* The sidecar's packet as UTF-8 without a mark, to g_free(); NULL where it is no text. */
char *sidecar_packet(struct bytes sidecar, gsize *len_out);

/* Let the sidecar's rating, label and title win over those in `facts`. UTF-16 is read too. False when
 * it is no XMP. */
bool sidecar_apply(struct bytes sidecar, json_t *facts);

/* The same with the file behind a descriptor. */
bool sidecar_apply_file(int fd, json_t *facts);

#endif
