/* The import of a card: what is on it is compared with what is remembered, and what is new becomes a
 * batch. A job in the store outlives a crash; the same request again goes on where it stopped.
 * [loop & active] */
#ifndef IMPORT_CARD_H
#define IMPORT_CARD_H

#include "core.h"
#include "mode.h"

#include <jansson.h>

struct card_request {
    jm_id http_request; /* answered when the card is looked through and the import has begun */
    jm_span path;
    int64_t session; /* 0: none */
    enum import_mode mode;
    json_t *stamp; /* template of metadata (stamp.h); kept by reference; NULL: none */
    bool dry_run;  /* only tell */
};

/* Returns JM_OK, or a negative status with a sentence. */
jm_status card_start(struct import_core *core, const struct card_request *request);

/* The running import of a card with that path, or 0. */
int64_t card_running(const struct import_core *core, jm_span path);

/* How many files of a running job are done; 0 where it does not run. */
size_t card_files_done(const struct import_core *core, int64_t id);

/* Jobs that an earlier run has begun and not ended become "interrupted". */
jm_status card_close_old(const struct import_core *core);

#endif
