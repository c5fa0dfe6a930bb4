/* What lies beside a file of a hot folder: the files of its stem, with which it is one photograph.
 *
 * A photograph settles together with them, so that a raw file, its JPEG and its sidecar that
 * arrive at about the same time are taken as one. Blocks on the file system. [worker] */
#ifndef IMPORT_HOT_BESIDE_H
#define IMPORT_HOT_BESIDE_H

#include "hot_settle.h"

#include <limits.h>
#include <stddef.h>

struct hot_beside {
    uint64_t digest; /* of the names and states of those files; 0: there are none */
    bool written;    /* somebody has one of them open for writing */
    /* Something announces a further file of the photograph: one of its stem that is on its way
     * under another name, or a sidecar of a raw file that is not there yet. */
    bool expects;
    /* Of a companion: the photograph that it goes with, "" where that is not there. */
    char photo[NAME_MAX + 1];
    struct hot_signature photo_signature;
};

/* The names in one folder, kept from file to file while they are of the same one. */
struct hot_listing {
    char *folder; /* NULL: nothing is listed */
    char **names; /* sorted */
    size_t count;
};

void hot_listing_fini(struct hot_listing *listing);

void hot_beside_look(struct hot_listing *listing, const char *path, struct hot_beside *beside_out);

#endif
