/* A photograph as the catalog knows it: read, and changed. */
#ifndef APPROVAL_PHOTO_H
#define APPROVAL_PHOTO_H

#include "core.h"

#include <catalog/catalog.h>
#include <junmai/sdk/json.h>

/* The texts live as long as `json`. */
struct approval_photo {
    json_t *json; /* PHOTO of the wire contract */
    int64_t id;
    int64_t session; /* 0: none */
    const char *status;
    const char *preset; /* NULL: none */
    bool approved;
};

/* The service's table. JM_EBUSY while its plugin is away. [loop & active] */
jm_status approval_catalog(const struct approval_core *core, const catalog_service **catalog_out);

/* JM_OK, or the failure of a call of the catalog with its sentence. */
jm_status approval_catalog_result(const struct approval_core *core, jm_status status);

/* approval_photo_fini() is due in either case. JM_ENOENT, "Photo not found", where there is none.
 * */
jm_status approval_photo_read(const struct approval_core *core, int64_t id,
                              struct approval_photo *photo_out);
void approval_photo_fini(struct approval_photo *photo);

/* Change fields; *photo_out is what the photograph is then. approval_photo_fini() is due in either
 * case. */
jm_status approval_photo_change(const struct approval_core *core, int64_t id, json_t *changes_take,
                                struct approval_photo *photo_out);

/* A catalog_sink_fn that keeps the document in a json_t *. */
void approval_take_json(void *user, jm_span json);

#endif
