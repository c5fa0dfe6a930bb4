/* Copies a file, computes what it copies is worth, and reads the copy back. [worker]
 *
 * Two digests on the way: SHA-256 is the identity of a photograph; XXH3-128 costs next to nothing and
 * is what the copy is compared by when it is read back from the disk. */
#ifndef IMPORT_COPY_H
#define IMPORT_COPY_H

#include "source.h"

#include <stdatomic.h>

#define HASH_HEX_BYTES 65 /* with the NUL */
#define XXH3_HEX_BYTES 33
#define COPY_ALGORITHM "xxh3-128"

struct digests {
    char sha256[HASH_HEX_BYTES]; /* "" before it is known */
    char xxh3[XXH3_HEX_BYTES];
};

/* Copy the whole source to `to_fd` and bring it to the disk; -1 only computes. `copied` (may be NULL)
 * counts the bytes on the way; another thread may look at it. A source that changes meanwhile is
 * refused. */
bool copy_and_hash(const struct source *source, int to_fd, _Atomic uint64_t *copied,
                   struct digests *digests_out, struct verdict *verdict);

/* Drop what memory holds of the file, read it from the disk and compare. `name` is for the sentence. */
bool copy_read_back(int fd, const struct digests *wanted, const char *name,
                    struct verdict *verdict);

/* Whether two files hold the same bytes. False when one cannot be read. */
bool files_are_equal(int a_fd, int b_fd);

#endif
