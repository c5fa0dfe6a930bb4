/* Which inotify watch stands for which folder. Loop thread.
 *
 * The kernel counts watches upwards and never reuses a number, so that an array that is only ever
 * appended to is sorted. */
#ifndef IMPORT_HOT_TREE_H
#define IMPORT_HOT_TREE_H

#include <stdbool.h>
#include <stddef.h>

struct hot_tree {
    struct hot_branch {
        int watch;
        char *path;
    } * branches;
    size_t count, capacity;
};

void hot_tree_fini(struct hot_tree *tree);

/* The folder of a watch, NULL where it is not known. */
const char *hot_tree_path(const struct hot_tree *tree, int watch);

/* `watch` stands for `path` from now on. False when out of memory. */
bool hot_tree_set(struct hot_tree *tree, int watch, const char *path);

/* Forget a watch that the kernel has ended. */
void hot_tree_drop(struct hot_tree *tree, int watch);

/* End the watches of `path` and of all below it, and forget them. */
void hot_tree_cut(struct hot_tree *tree, int inotify_fd, const char *path);

#endif
