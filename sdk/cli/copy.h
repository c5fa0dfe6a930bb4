/* Copying files whole. */
#ifndef JMC_COPY_H
#define JMC_COPY_H

#include "files.h"
#include "progress.h"

#include <stdbool.h>

/* Copy the files of the list, whose paths are relative, from a folder into another: content, rights
 * and time; folders are made. With `links`, a file is the same one under a second name where the file
 * system can. A file that changes its size meanwhile is copied anew, and `files` is told its size. One
 * that has gone is taken out of the list, or with `all_needed` a failure. False after a complaint, or
 * when asked to stop. */
bool jmc_copy_files(const char *from, const char *to, struct jmc_files *files, bool links,
                    bool all_needed, struct jmc_progress *progress);

/* Make the folders above a path. False after a complaint. */
bool jmc_copy_make_parents(const char *path);
/* Bring what is in a folder's file system to the disk. False after a complaint. */
bool jmc_copy_sync(const char *folder);
/* Remove a folder and all in it, without a complaint. */
void jmc_copy_remove(const char *folder);

#endif
