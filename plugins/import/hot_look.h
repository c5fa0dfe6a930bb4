/* Looking at one file in a hot folder: is it there, what is it like, does somebody write to it.
 * Blocks on the file system. [worker] */
#ifndef IMPORT_HOT_LOOK_H
#define IMPORT_HOT_LOOK_H

#include "hot_settle.h"

#include <sys/stat.h>

struct hot_signature hot_signature_of(const struct stat *info);

/* Whether what is open lies on another machine, whose changes this kernel does not hear of. */
bool hot_on_network(int fd);

/* Follows no link. A file that cannot be opened is there all the same: the import says why. */
void hot_look_at(const char *path, struct hot_sighting *sighting_out);

#endif
