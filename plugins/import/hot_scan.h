/* Reading one folder of a hot folder, a part at a time: what is in it, and the watch on it.
 *
 * The watch is set before the folder is read, so that nothing falls between the two. Whoever wants the
 * whole tree reads the folders that were found in their turn. Blocks on the file system. [worker] */
#ifndef IMPORT_HOT_SCAN_H
#define IMPORT_HOT_SCAN_H

#include "hot_settle.h"
#include "roots.h"

#include <dirent.h>

#define HOT_SCAN_PART 128

struct hot_found {
    bool is_folder;
    struct hot_signature signature; /* of a file */
    char name[NAME_MAX + 1];
};

struct hot_scan {
    const struct import_roots *roots;
    int inotify_fd; /* -1: without watches */
    char *path;     /* of the folder; owned */
    DIR *at;        /* open between two parts */

    /* What the last part has brought. */
    int error;               /* 0, or why the folder cannot be read */
    struct verdict excluded; /* why it may not be */
    int watch;               /* -1: none */
    int watch_error;         /* why not */
    bool network;            /* a file system whose changes elsewhere inotify does not tell */
    bool finished;
    size_t count;
    struct hot_found found[HOT_SCAN_PART];
};

/* NULL when out of memory. `path` is copied. [any] */
struct hot_scan *hot_scan_new(const struct import_roots *roots, int inotify_fd, const char *path);
void hot_scan_free(struct hot_scan *scan);

/* Read the next part. */
void hot_scan_step(struct hot_scan *scan);

#endif
