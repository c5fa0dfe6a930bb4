/* The data directory of a host on this machine. */
#ifndef JMC_DATA_DIR_H
#define JMC_DATA_DIR_H

#include <stdbool.h>

#define JMC_DATABASE "junmai.db"
#define JMC_LOCK "junmai.lock"

/* The one that is given, or the usual one of a host; absolute, without links as far as it exists. To
 * free(); NULL after a complaint. */
char *jmc_data_dir_find(const char *given);
/* Whether that file, a path relative to the data directory, belongs into a backup besides the database
 * itself: not the lock, not what SQLite keeps beside it, not copies that are not whole, not previews. */
bool jmc_data_dir_has(const char *path);

/* Take the lock that a running host holds: a descriptor to close, -1 after a complaint; no such folder
 * is -1 without one, and with *is_missing_out. */
int jmc_data_dir_lock(const char *folder, bool *is_missing_out);

#endif
