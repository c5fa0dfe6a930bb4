/* The statuses of sessions and photographs. */
#ifndef CATALOG_STATUS_H
#define CATALOG_STATUS_H

#include "core.h"

#include <stdbool.h>

/* As they are listed in sentences; the tables' CHECKs in schema.c name the same ones. */
#define CATALOG_SESSION_STATUSES "importing, selecting, developing, exporting, completed"
#define CATALOG_PHOTO_STATUSES "imported, analyzed, queued, processing, completed, failed, rejected"

/* JM_OK where `status` is one of `allowed`; otherwise JM_EINVAL and a sentence that names them. */
jm_status catalog_status_check(const struct catalog *catalog, jm_span status, const char *allowed);

/* Whether a photograph of that status counts in its session's processed_photos. */
bool catalog_status_is_processed(jm_span status);

/* Whether nothing is left to be done with a photograph of that status. */
bool catalog_status_is_done(jm_span status);

#endif
