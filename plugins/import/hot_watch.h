/* The watcher of one hot folder: its inotify descriptor, and the reading of its tree.
 *
 * Loop thread; folders are read on the pool, one at a time. A watcher that is closed while the pool
 * works for it ends when that work does. */
#ifndef IMPORT_HOT_WATCH_H
#define IMPORT_HOT_WATCH_H

#include "core.h"
#include "hot_settle.h"

struct hot_watch;

enum hot_watch_state {
    HOT_WATCH_OK,
    HOT_WATCH_POLLING, /* some of the tree cannot be watched, only read now and then */
    HOT_WATCH_MISSING, /* the folder is not there, or may not be imported from any more */
};

/* What a watcher tells, in calls that may close no watcher. [loop & active] */
struct hot_watch_listener {
    /* A file has appeared or was found; `signature` is NULL where nobody has looked at it yet.
     * `network`: it lies, or others of the tree do, on another machine. */
    void (*file)(void *user, const char *path, const struct hot_signature *signature, bool network);
    /* The tree was read to its end; `why` (may be "") says why the state is not OK. */
    void (*scanned)(void *user, enum hot_watch_state state, const char *why);
    void *user;
};

/* NULL when out of memory. `path` is copied. Nothing happens before hot_watch_scan(). */
struct hot_watch *hot_watch_new(struct import_core *core, const char *path,
                                const struct hot_watch_listener *listener);
void hot_watch_close(struct hot_watch *watch);

/* Read the whole tree, and set the watches that are missing. One that is asked for while another is
 * under way begins when that ends. */
void hot_watch_scan(struct hot_watch *watch);

#endif
