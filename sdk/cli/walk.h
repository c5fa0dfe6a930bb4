/* Going through a folder and those below it, in the order of the bytes of the names, so that twice the
 * same is twice the same. Links are not followed. */
#ifndef JMC_WALK_H
#define JMC_WALK_H

#include <stdbool.h>
#include <sys/stat.h>

/* Whether to look into it, where it is a folder. `path` begins with that of the walk. */
typedef bool jmc_walk_fn(void *user, const char *path, const struct stat *facts);

/* False when a folder cannot be read, after a complaint; the walk goes on behind it. */
bool jmc_walk(const char *folder, jmc_walk_fn *visit, void *user);

#endif
