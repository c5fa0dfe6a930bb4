/* The import of many files: a window of `max_parallel` single imports that moves over the list.
 *
 * A batch belongs to itself: it goes on when its client leaves, and frees itself when it has answered.
 * Loop thread; the measuring of the files runs on the pool. */
#ifndef IMPORT_BATCH_H
#define IMPORT_BATCH_H

#include "core.h"

#include <jansson.h>

struct batch_request {
    jm_id http_request;  /* to be answered at the end */
    const json_t *paths; /* array of texts; kept by reference */
    int64_t session;     /* 0: none */
    bool refuse_duplicates;
    bool skip_on_error; /* else one file after the other, up to the first that fails */
};

/* Returns JM_OK, or a negative status with a sentence; then nothing was started. [loop & active] */
jm_status batch_start(struct import_core *core, const struct batch_request *request);

#endif
