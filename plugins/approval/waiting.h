/* The photographs that wait for a decision: completed, and not approved. */
#ifndef APPROVAL_WAITING_H
#define APPROVAL_WAITING_H

#include "core.h"

#include <jansson.h>

struct approval_page {
    int64_t session;  /* 0: any */
    double min_score; /* of ai_score; 0: any, also those without one */
    const char *sort; /* a field of PHOTO; the greatest first */
    int64_t limit;
    int64_t offset;
};

/* [loop & active] */
jm_status approval_waiting_count(const struct approval_core *core, int64_t *count_out);

/* A page of them, each as clients show it: PHOTO with numbers and texts where the desktop program
 * needs them, and with `thumbnail_url`, absolute, by which the request reached this host. Only in
 * the handler. *photos_out is the caller's; *total_out is without limit and offset. */
jm_status approval_waiting_page(const struct approval_core *core, jm_id request,
                                const struct approval_page *page, json_t **photos_out,
                                int64_t *total_out);

#endif
