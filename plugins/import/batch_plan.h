/* Which files of a batch may come along with another one of it. Pure. [any] */
#ifndef IMPORT_BATCH_PLAN_H
#define IMPORT_BATCH_PLAN_H

#include <stdbool.h>
#include <stddef.h>

/* paths[i] is the path of a file as text, NULL where it cannot be opened. leaders_out[i] becomes the
 * index of the file whose import brings i along, or i itself. With `pairs` a raw file may bring its
 * rendition. A leader is always its own leader. */
void batch_plan(const char *const *paths, size_t count, bool pairs, size_t *leaders_out);

#endif
