/* Watches and their folders. Loop thread. */
#include "hot_tree.h"

#include "roots.h"

#include <junmai/sdk/span.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>

void hot_tree_fini(struct hot_tree *tree)
{
    for (size_t i = 0; i < tree->count; i++) {
        free(tree->branches[i].path);
    }
    free(tree->branches);
    *tree = (struct hot_tree){0};
}

/* The first branch whose watch is not below `watch`. */
static size_t place_of(const struct hot_tree *tree, int watch)
{
    size_t low = 0;
    size_t high = tree->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tree->branches[middle].watch < watch) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool holds(const struct hot_tree *tree, size_t at, int watch)
{
    return at < tree->count && tree->branches[at].watch == watch;
}

const char *hot_tree_path(const struct hot_tree *tree, int watch)
{
    size_t at = place_of(tree, watch);
    return holds(tree, at, watch) ? tree->branches[at].path : NULL;
}

static bool make_room(struct hot_tree *tree)
{
    if (tree->count < tree->capacity) {
        return true;
    }
    size_t capacity = tree->capacity == 0 ? 16 : tree->capacity * 2;
    void *branches = realloc(tree->branches, capacity * sizeof tree->branches[0]);
    if (branches == NULL) {
        return false;
    }
    tree->branches = branches;
    tree->capacity = capacity;
    return true;
}

bool hot_tree_set(struct hot_tree *tree, int watch, const char *path)
{
    size_t at = place_of(tree, watch);
    char *copy = jm_span_dup(jm_span_of(path));
    if (copy == NULL || !make_room(tree)) {
        free(copy);
        return false;
    }
    if (holds(tree, at, watch)) {
        free(tree->branches[at].path);
    } else {
        memmove(&tree->branches[at + 1], &tree->branches[at],
                (tree->count - at) * sizeof tree->branches[0]);
        tree->count++;
    }
    tree->branches[at] = (struct hot_branch){watch, copy};
    return true;
}

void hot_tree_drop(struct hot_tree *tree, int watch)
{
    size_t at = place_of(tree, watch);
    if (holds(tree, at, watch)) {
        free(tree->branches[at].path);
        tree->count--;
        memmove(&tree->branches[at], &tree->branches[at + 1],
                (tree->count - at) * sizeof tree->branches[0]);
    }
}

void hot_tree_cut(struct hot_tree *tree, int inotify_fd, const char *path)
{
    size_t kept = 0;
    for (size_t i = 0; i < tree->count; i++) {
        struct hot_branch *branch = &tree->branches[i];
        if (path_is_within(branch->path, path)) {
            inotify_rm_watch(inotify_fd, branch->watch);
            free(branch->path);
        } else {
            tree->branches[kept++] = *branch;
        }
    }
    tree->count = kept;
}
