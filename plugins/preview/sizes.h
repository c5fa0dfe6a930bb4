/* The sizes in which every photograph is kept. [any] */
#ifndef PREVIEW_SIZES_H
#define PREVIEW_SIZES_H

#include <junmai/types.h>
#include <stddef.h>

/* What a thumbnail looks like: grows with each change of the task, and all are made anew. */
#define PREVIEW_RECIPE 2

#define PREVIEW_SIZE_COUNT 3
#define PREVIEW_SIZE_DEFAULT 1

struct preview_size {
    const char *name; /* as clients ask for it */
    int edge;         /* the long one, in pixels */
};

/* The smallest first. */
extern const struct preview_size preview_sizes[PREVIEW_SIZE_COUNT];

/* The index of a size by its name, or -1. */
int preview_size_named(jm_span name);

#endif
