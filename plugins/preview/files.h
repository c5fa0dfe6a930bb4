/* The descriptors of one job: the photograph, and the unfinished thumbnails. [worker]
 *
 * The functions block; each sets http_status and text where it fails, and may then be called no
 * more but by files_fini(). */
#ifndef PREVIEW_FILES_H
#define PREVIEW_FILES_H

#include "paths.h"
#include "sizes.h"

#include <stdint.h>

/* Bounds what a worker that a hostile file has taken over can leave in the cache. */
#define THUMBNAIL_BYTES_MAX (8 << 20)

struct files {
    const char *folder; /* of the cache; borrowed */
    const char *hash;   /* borrowed */
    int source_fd;
    int64_t source_bytes;
    int part_fds[PREVIEW_SIZE_COUNT];
    int64_t part_bytes[PREVIEW_SIZE_COUNT];
    int32_t http_status; /* 0 while nothing has failed */
    char text[256];
};

void files_init(struct files *files, const char *folder, const char *hash);

/* Open the photograph, by its path as the catalog writes it, and new parts. */
void files_open(struct files *files, const char *path);

/* Look at what the task has written, and give it its names. */
void files_place(struct files *files);

/* Close everything; parts that have no name go. */
void files_fini(struct files *files);

#endif
