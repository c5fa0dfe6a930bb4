/* What the catalog knows of a photograph, as far as its thumbnails need it.
 * [loop & (active | draining)] */
#ifndef PREVIEW_PHOTO_H
#define PREVIEW_PHOTO_H

#include "core.h"
#include "paths.h"

struct photo {
    int64_t id;
    char hash[HASH_BYTES];
    char *path; /* owned */
};

/* Returns JM_OK, JM_ENOENT, JM_EBUSY (the catalog is away), JM_ENOMEM, each with a sentence. */
jm_status photo_get(const struct preview_core *core, int64_t id, struct photo *photo_out);
void photo_fini(struct photo *photo);

#endif
