/* Finding photographs: by the ends of their names. What is in them is the host's affair. */
#ifndef JMC_SCAN_H
#define JMC_SCAN_H

#include "files.h"

#include <stdbool.h>

/* Whether a file of that name is looked upon as a photograph. */
bool jmc_scan_is_photo(const char *name);
/* Add a file, whatever its name is, or the photographs in a folder and below; all with absolute paths.
 * Hidden files are left out. False after a complaint when something cannot be read. */
bool jmc_scan(struct jmc_files *photos, const char *path);

#endif
