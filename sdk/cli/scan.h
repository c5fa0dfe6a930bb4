/* Finding photographs: by the ends of their names. What is in them is the host's affair. */
#ifndef JMC_SCAN_H
#define JMC_SCAN_H

#include "files.h"

#include <stdbool.h>

struct jmc_scan {
    struct jmc_files photos;
    struct jmc_files others; /* what else is in the folders */
};

/* Whether a file of that name is looked upon as a photograph. */
bool jmc_scan_is_photo(const char *name);
/* Add a file to the photographs, whatever its name is, or what is in a folder and below; all with
 * absolute paths. Hidden files are passed over. False after a complaint when something cannot be
 * read. */
bool jmc_scan_path(struct jmc_scan *scan, const char *path);
void jmc_scan_fini(struct jmc_scan *scan);

#endif
