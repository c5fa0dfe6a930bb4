/* Absolute paths. */
#ifndef JMC_PATH_H
#define JMC_PATH_H

#include <stdbool.h>

/* The absolute path of what is there, with its own name kept where it is a link. To free(); NULL with
 * errno. */
char *jmc_path_named(const char *path);
/* The absolute path without links, as far as there is something. To free(); NULL with errno. */
char *jmc_path_real(const char *path);
/* Whether the path is the folder or below it; both absolute. */
bool jmc_path_is_within(const char *path, const char *folder);

#endif
