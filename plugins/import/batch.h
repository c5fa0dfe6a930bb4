/* The import of many files: a window of `max_parallel` single imports that moves over the list.
 *
 * A file that the import of another one of the list brings along is not imported by itself: it waits
 * for that one's end, and goes on alone where it did not come along.
 *
 * A batch belongs to itself: it goes on when its client leaves, and frees itself when it has answered.
 * Loop thread; the measuring of the files runs on the pool. */
#ifndef IMPORT_BATCH_H
#define IMPORT_BATCH_H

#include "core.h"
#include "one_import.h"
#include "report.h"

#include <jansson.h>

struct batch_request {
    const char *kind;    /* of its report */
    jm_id http_request;  /* to be answered at the end; 0: none */
    const json_t *paths; /* array of texts; kept by reference */
    int64_t session;     /* 0: none */
    bool refuse_duplicates;
    bool skip_on_error; /* else one file after the other, up to the first that fails */
    enum import_mode mode;
    json_t *stamp; /* template of metadata (stamp.h); kept by reference; NULL: none */
    /* A file that was asked for is in the catalog as `photo`, now or since before. May be NULL. */
    void (*file_done)(void *user, const char *path, int64_t photo);
    /* The end; after it `user` is not used any more. May be NULL. */
    void (*done)(void *user, const struct report_counts *counts);
    void *user;
};

/* Returns JM_OK, or a negative status with a sentence; then nothing was started. [loop & active] */
jm_status batch_start(struct import_core *core, const struct batch_request *request,
                      char import_id_out[REPORT_ID_BYTES]);

#endif
