/* The file that is imported: found, judged, and from then on only a descriptor. [worker] */
#ifndef IMPORT_SOURCE_H
#define IMPORT_SOURCE_H

#include "roots.h"

#include <stdint.h>
#include <sys/stat.h>

struct source {
    int fd; /* of a regular file inside the roots */
    struct stat info;
    char path[PATH_MAX]; /* without links */
};

/* Open the file that `text` names: the path itself or, where that does not exist, with its %XX read
 * as bytes. On failure there is nothing to close and the verdict says why. */
bool source_open(const struct import_roots *roots, uint64_t max_bytes, const char *text,
                 struct source *source_out, struct verdict *verdict);

#endif
