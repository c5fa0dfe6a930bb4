/* Sessions: rows of catalog_sessions, as SESSION of the wire contract with
 * progress_percent.
 *
 * Every function that changes one announces it. A json_t that is handed out belongs to the caller.
 * JM_ENOENT: there is no such session. [loop & active] */
#ifndef CATALOG_SESSIONS_H
#define CATALOG_SESSIONS_H

#include "page.h"

#include <junmai/sdk/json.h>

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
#define CATALOG_SESSION_NAME_BYTES 1024

/* A text that may be absent but not empty. */
jm_status catalog_session_text(const struct catalog *catalog, const jm_doc *doc, const char *key,
                               size_t max_bytes, jm_span *text_out);
/* Change the name and status that the document gives; it must give one. JM_EEXIST where another
 * session has the name. */
jm_status catalog_session_change(const struct catalog *catalog, int64_t session, const jm_doc *doc,
                                 json_t **session_out);
/* Publish session_updated: a photograph has changed the counters. A session whose photographs are
 * all completed or rejected becomes completed. Where one is no longer, a completed session is
 * `reopened_as` that status; NULL otherwise. */
jm_status catalog_session_follow(const struct catalog *catalog, int64_t session,
                                 const char *reopened_as);
#endif
