/* The thumbnails on the disk, and their rows. [loop & (active | draining)]
 *
 * A row without its file, or with one of another size, counts as missing and goes when it is met; a
 * file without a row is removed by the sweep (sweep.h). */
#ifndef PREVIEW_CACHE_H
#define PREVIEW_CACHE_H

#include "core.h"
#include "sizes.h"

/* Make the folder, remove what an earlier run has left unfinished, count what is there.
 * Returns JM_OK, JM_EIO. [loop & (inited | draining)] */
jm_status cache_prepare(struct preview_core *core);

/* Whether all sizes of a content are there. */
bool cache_has(struct preview_core *core, const char *hash);

/* Open a thumbnail and remember that it was used; -1 where it is not there. */
int cache_open(struct preview_core *core, const char *hash, int size);

/* The files of a content are in their places. Makes room where it has become too much. */
jm_status cache_add(struct preview_core *core, const char *hash,
                    const int64_t bytes[PREVIEW_SIZE_COUNT]);

/* Forget one file, and remove it. */
void cache_remove(struct preview_core *core, const char *hash, int edge);

/* Count anew what the rows say. */
void cache_count(struct preview_core *core);

#endif
