/* Judging what a client or the studio's document calls a hot folder. Blocks. [worker] */
#ifndef IMPORT_HOT_FOLDER_H
#define IMPORT_HOT_FOLDER_H

#include "roots.h"

#include <limits.h>

/* The path that a text stands for, without slashes at the end: the text itself where there is such
 * a path, else its bytes with the escapes of jm_path_text() undone. To free(); NULL when out of
 * memory. */
char *hot_folder_bytes(const char *text);

/* Where the folder really is; false with a verdict where it cannot be one. */
bool hot_folder_find(const struct import_roots *roots, const char *path,
                     char resolved_out[PATH_MAX], struct verdict *verdict);

#endif
