/* The list of photographs of a new batch. */
#ifndef BATCH_PHOTO_IDS_H
#define BATCH_PHOTO_IDS_H

#include "core.h"

#include <junmai/sdk/json.h>

struct photo_ids {
    int64_t *items;
    size_t count;
};

/* Read `photo_ids` of a document: at most `max` positive integers; one that stands there twice is
 * taken once. photo_ids_fini() is due in either case. Returns JM_OK, JM_EINVAL, JM_ENOMEM. */
jm_status photo_ids_read(const struct batch_core *core, const jm_doc *doc, size_t max,
                         struct photo_ids *ids_out);
void photo_ids_fini(struct photo_ids *ids);

/* JM_ENOENT, and a sentence that names it, for the first that is not in the catalog. */
jm_status photo_ids_check(const struct batch_core *core, const struct photo_ids *ids);

/* Some of them as a JSON array between two texts, to free(); NULL when out of memory. */
char *photo_ids_text(const char *before, const int64_t *items, size_t count, const char *after);

#endif
