/* The folders that exports may be written to. [any]
 *
 * A path is judged twice: by its text when a preset is stored, and by where it really leads when a
 * file is to be opened. */
#ifndef EXPORT_ROOTS_H
#define EXPORT_ROOTS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#define EXPORT_REASON_BYTES 512

struct export_roots {
    const char **folders; /* absolute; the texts are others' */
    size_t count;
    const char *closed; /* a folder that is not among them, wherever it lies: the data directory */
    const char *open;   /* but this one below it is */
};

/* `path` made absolute: a relative one lies below `folder`. False where it has ".." or is too long. */
bool export_roots_absolute(const char *path, const char *folder, char path_out[PATH_MAX]);

/* Whether an absolute path is a root or lies below one, by its text alone. */
bool export_roots_cover(const struct export_roots *roots, const char *path);

/* Make an absolute folder and all above it that is missing, and open it. A negative number where it
 * cannot be, or lies, links followed, outside of the roots; the reason says why. *outside_out tells
 * the latter. [worker] */
int export_roots_open_folder(const struct export_roots *roots, const char *folder,
                             bool *outside_out, char reason_out[EXPORT_REASON_BYTES]);

/* Open a file for reading; as above. [worker] */
int export_roots_open_file(const struct export_roots *roots, const char *path,
                           char reason_out[EXPORT_REASON_BYTES]);

#endif
