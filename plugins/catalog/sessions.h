/* Sessions: rows of catalog_sessions, as SESSION of the wire contract with
 * progress_percent.
 *
 * Every function that changes one announces it. A json_t that is handed out belongs to the caller.
 * JM_ENOENT: there is no such session. [loop & active] */
#ifndef CATALOG_SESSIONS_H
#define CATALOG_SESSIONS_H

#include "page.h"

#include <jansson.h>

struct catalog_session_filter {
    jm_span status;   /* absent: any */
    bool active_only; /* not the completed ones */
};

extern const struct catalog_order catalog_session_orders[];
extern const size_t catalog_session_order_count;

jm_status catalog_session_get(const struct catalog *catalog, int64_t session, json_t **session_out);
/* SESSION with photo_stats and, where asked for, score_distribution. */
jm_status catalog_session_detail(const struct catalog *catalog, int64_t session, bool with_scores,
                                 json_t **session_out);
jm_status catalog_session_list(const struct catalog *catalog,
                               const struct catalog_session_filter *filter,
                               const struct catalog_page *page, json_t **sessions_out);
jm_status catalog_session_count(const struct catalog *catalog,
                                const struct catalog_session_filter *filter, int64_t *count_out);

/* The session of that name, in whichever folder; 0 where there is none. */
jm_status catalog_session_named(const struct catalog *catalog, jm_span name, int64_t *session_out);
/* The session of that name and folder; 0 where there is none. */
jm_status catalog_session_find(const struct catalog *catalog, jm_span name, jm_span import_folder,
                               int64_t *session_out);
jm_status catalog_session_create(const struct catalog *catalog, jm_span name, jm_span import_folder,
                                 int64_t *session_out);
/* Change name and status; an absent one stays. JM_EEXIST where another session has the name. */
jm_status catalog_session_update(const struct catalog *catalog, int64_t session, jm_span name,
                                 jm_span status, json_t **session_out);
/* Delete the session and its photographs' rows; files stay. */
jm_status catalog_session_delete(const struct catalog *catalog, int64_t session);

/* Publish session_updated: a photograph has changed the counters. */
jm_status catalog_session_announce(const struct catalog *catalog, int64_t session);

#endif
