/* The photographs on a card, or in any folder. [worker] */
#ifndef IMPORT_CARD_SCAN_H
#define IMPORT_CARD_SCAN_H

#include "roots.h"

#include <stddef.h>
#include <stdint.h>

struct card_file {
    char *path; /* as text */
    int64_t size;
    int64_t mtime_ns;
};

struct card_scan {
    struct card_file *files; /* by path */
    size_t count;
    size_t others; /* files that are no photographs by their names */
};

/* Look through the folder and those below it; links and what begins with a dot are left out. False:
 * the verdict says why. Ended by card_scan_fini() in either case. */
bool card_scan(const struct import_roots *roots, const char *folder, struct card_scan *scan_out,
               struct verdict *verdict);
void card_scan_fini(struct card_scan *scan);

#endif
