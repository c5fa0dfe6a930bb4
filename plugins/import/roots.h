/* Which paths may be imported: those that end up inside the roots, whatever links lead there.
 *
 * Read-only after init; the functions block on the file system. [worker] */
#ifndef IMPORT_ROOTS_H
#define IMPORT_ROOTS_H

#include "verdict.h"

#include <limits.h>
#include <stddef.h>

#define ROOTS_EXCLUDED 3

struct import_roots {
    const char **folders; /* absolute; need not exist */
    size_t count;
    const char *excluded[ROOTS_EXCLUDED]; /* the library, the data directory, the
                                             backup ("": none): never imported */
};

/* Whether `path` is `folder` or below it; both absolute, without links and "..". */
bool path_is_within(const char *path, const char *folder);

/* Whether the path, which has no links in it, may be imported. Sets a 403 otherwise. */
bool roots_allow(const struct import_roots *roots, const char *path, struct verdict *verdict);

/* Resolve the path and judge where it ends: 403 first, then 404 and 400 for what cannot be reached
 * there. True when it exists and is allowed. */
bool roots_resolve(const struct import_roots *roots, const char *path, char resolved_out[PATH_MAX],
                   struct verdict *verdict);

#endif
