/* Batches in the store.
 *
 * A status is `running`, `paused`, `completed` (every job of it has ended) or `cancelled`.
 * [loop & active] */
#ifndef BATCH_BATCHES_H
#define BATCH_BATCHES_H

#include "core.h"

#include <junmai/sdk/json.h>

struct batch {
    int64_t num; /* 0: there is none */
    char id[BATCH_ID_SIZE];
    char status[12];
    int64_t session; /* 0: none */
    int64_t total, missing;
    int64_t started_ms, paused_ms, completed_ms; /* 0: not yet */
    char kind[65];
};

/* How far a batch is, counted from its jobs. */
struct batch_progress {
    int64_t processed; /* jobs that succeeded */
    int64_t failed;    /* jobs that failed, and photographs that were deleted before */
    int64_t cancelled;
    int64_t processing;
    int64_t pending;    /* what is left: jobs that wait, and photographs without a job yet */
    bool has_open_jobs; /* a job of it waits or runs */
};

/* JM_ENOENT where there is no such batch. */
jm_status batch_load(const struct batch_core *core, jm_span id, struct batch *batch_out);
/* The newest `limit` batches as JSON documents of batch_json(). */
jm_status batch_list(const struct batch_core *core, jm_span status, int64_t limit,
                     json_t **batches_out);
/* Call `row` for (id) of each batch that is running or paused. */
jm_status batch_each_open(const struct batch_core *core, jm_row_fn row, void *user);

jm_status batch_progress_read(const struct batch_core *core, const struct batch *batch,
                              struct batch_progress *progress_out);
double batch_percent(const struct batch *batch, const struct batch_progress *progress);
/* What GET /batch/{id}/status shows. */
json_t *batch_json(const struct batch *batch, const struct batch_progress *progress);

bool batch_is(const struct batch *batch, const char *status);
/* Whether photographs of it have no job yet. */
jm_status batch_has_parts(const struct batch_core *core, const struct batch *batch, bool *has_out);
/* Write the status and its time; *batch is changed likewise. */
jm_status batch_set_status(const struct batch_core *core, struct batch *batch, const char *status);
/* Forget the photographs that have no job yet. */
jm_status batch_drop_parts(const struct batch_core *core, const struct batch *batch);
/* Delete what was completed or cancelled before that time. */
jm_status batch_delete_before(const struct batch_core *core, int64_t utc_ms, int64_t *count_out);

#endif
