/* The second copy of a file, in the folder of option `backup`. [worker] */
#ifndef IMPORT_BACKUP_H
#define IMPORT_BACKUP_H

#include "steps.h"

/* Copy a file of the import to the same place below the backup, under the same name or, where that is
 * taken by other content, with a number. Sets member->backup_path, or member->backup says why not. The
 * backup's folder must exist: a disk that is not mounted is told, not replaced by a folder. */
void backup_member(const struct one_import *import, struct member *member);

#endif
