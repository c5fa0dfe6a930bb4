/* Photographs: rows of catalog_photos, as PHOTO of the wire contract.
 *
 * Every function that changes one announces it. A json_t that is handed out belongs to the caller.
 * JM_ENOENT: there is no such photograph. [loop & active] */
#ifndef CATALOG_PHOTOS_H
#define CATALOG_PHOTOS_H

#include "page.h"

#include <jansson.h>

struct catalog_photo_filter {
    int64_t session;  /* 0: any */
    jm_span status;   /* absent: any */
    int32_t approved; /* 1, 0; negative: any */
    double min_score; /* 0: any, also those without a score */
    jm_span ids;      /* a JSON array of the only ones that are meant; absent: any */
};

extern const struct catalog_order catalog_photo_orders[];
extern const size_t catalog_photo_order_count;

jm_status catalog_photo_get(const struct catalog *catalog, int64_t photo, json_t **photo_out);
/* PHOTO with session_name (where it has a session), rejection_reason, warnings, metadata, sources, files. */
jm_status catalog_photo_detail(const struct catalog *catalog, int64_t photo, json_t **photo_out);
jm_status catalog_photo_list(const struct catalog *catalog,
                             const struct catalog_photo_filter *filter,
                             const struct catalog_page *page, json_t **photos_out);
jm_status catalog_photo_count(const struct catalog *catalog,
                              const struct catalog_photo_filter *filter, int64_t *count_out);

/* A page that a JSON object describes, {"photos", "total"} (`query_photos` of the service). */
jm_status catalog_photo_query(const struct catalog *catalog, const json_t *query,
                              json_t **found_out);

/* The photograph with that content, or whose file or source has that path; 0 where there is none. */
jm_status catalog_photo_find_content(const struct catalog *catalog, jm_span content_hash,
                                     int64_t *photo_out);
jm_status catalog_photo_find_path(const struct catalog *catalog, jm_span path, int64_t *photo_out);

/* Add a photograph (`add_photo` of the service). */
jm_status catalog_photo_add(const struct catalog *catalog, const json_t *fields,
                            int64_t *photo_out);
/* Add a file that belongs to a photograph (`add_file` of the service). */
jm_status catalog_photo_add_file(const struct catalog *catalog, int64_t photo, const json_t *file);
/* The files of a photograph, the original first. */
jm_status catalog_photo_files(const struct catalog *catalog, int64_t photo, json_t **files_out);
jm_status catalog_photo_add_source(const struct catalog *catalog, int64_t photo, jm_span path);

/* Change fields. `uses` is CATALOG_UPDATED, which refuses others, or CATALOG_PATCHED, which ignores
 * them. A photograph that becomes rejected is not approved any more. */
jm_status catalog_photo_update(const struct catalog *catalog, int64_t photo, const json_t *changes,
                               uint32_t uses, json_t **photo_out);

#endif
