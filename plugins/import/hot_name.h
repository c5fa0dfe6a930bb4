/* Which names a hot folder takes, and the session that its files belong to. Pure. [any] */
#ifndef IMPORT_HOT_NAME_H
#define IMPORT_HOT_NAME_H

#include <stdbool.h>
#include <time.h>

/* Whether a file of this name is imported: a known extension, in any case, and no name under which
 * programs keep what is unfinished or their own. */
bool hot_name_is_photo(const char *name);

/* Whether it is one of those that come along with a photograph: a sidecar, a spoken note, … */
bool hot_name_is_companion(const char *name);

/* Whether two paths are of one folder and one stem. */
bool hot_same_unit(const char *path, const char *other);

/* Whether a folder of this name is looked into. */
bool hot_name_is_folder(const char *name);

/* "Auto_NAME_YYYYMMDD": NAME of the folder `path`, which is absolute; to free(). NULL when out of
 * memory. */
char *hot_session_name(const char *path, const struct tm *day);

#endif
