/* Whether a disk has room, before the first byte is written. */
#ifndef IMPORT_SPACE_H
#define IMPORT_SPACE_H

#include "verdict.h"

#include <stdint.h>

/* What is free for this user. Returns 0 or errno. [worker] */
int space_free(const char *folder, uint64_t *free_bytes_out);

/* Sets a 503 of the kind disk_full, which names what is needed and what is free. `what` is "the
 * library" or "the backup". [any] */
bool space_compare(const char *folder, const char *what, uint64_t needed_bytes, uint64_t free_bytes,
                   struct verdict *verdict);

/* Both. [worker] */
bool space_check(const char *folder, const char *what, uint64_t needed_bytes,
                 struct verdict *verdict);

#endif
