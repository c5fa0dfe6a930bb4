/* Walks; see walk.h. */
#include "walk.h"

#include "cli.h"
#include "memory.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int is_entry(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool enter(const char *path, jmc_walk_fn *visit, void *user)
{
    struct stat facts;
    if (lstat(path, &facts) != 0) {
        if (errno == ENOENT) {
            return true; /* it has just gone */
        }
        (void)jmc_complain("%s cannot be looked at: %s", path, strerror(errno));
        return false;
    }
    const bool goes_in = visit(user, path, &facts);
    return goes_in && S_ISDIR(facts.st_mode) ? jmc_walk(path, visit, user) : true;
}

bool jmc_walk(const char *folder, jmc_walk_fn *visit, void *user)
{
    struct dirent **entries;
    const int count = scandir(folder, &entries, is_entry, by_bytes);
    bool is_whole = true;
    if (count < 0) {
        (void)jmc_complain("the folder %s cannot be read: %s", folder, strerror(errno));
        return false;
    }
    const char *slash = folder[strlen(folder) - 1] == '/' ? "" : "/";
    for (int i = 0; i < count; i++) {
        char *path = jmc_textf("%s%s%s", folder, slash, entries[i]->d_name);
        is_whole = enter(path, visit, user) && is_whole;
        free(path);
        free(entries[i]);
    }
    free(entries);
    return is_whole;
}
