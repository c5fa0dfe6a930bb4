/* Copies a file and computes the SHA-256 of what it copies. [worker] */
#ifndef IMPORT_COPY_H
#define IMPORT_COPY_H

#include "source.h"

#include <stdatomic.h>

#define HASH_HEX_BYTES 65 /* with the NUL */

/* Copy the whole source to `to_fd` and bring it to the disk. `copied` (may be NULL) counts the bytes
 * on the way; another thread may look at it. A source that changes meanwhile is refused. */
bool copy_and_hash(const struct source *source, int to_fd, _Atomic uint64_t *copied,
                   char hash_out[HASH_HEX_BYTES], struct verdict *verdict);

/* Whether two files hold the same bytes. False when one cannot be read. */
bool files_are_equal(int a_fd, int b_fd);

#endif
