/* A run: one photograph, decoded once, for all of its jobs that wait. Loop thread.
 *
 *   WAITING ──▶ OPENING ──▶ RENDERING ──▶ PLACING ──▶ REPORTING
 *              (pool)       (worker)      (pool)      (the queue learns)
 *
 * A run is a row of jobs that the queue has given us: what start() was called for, and what was leased
 * because it belongs to the same photograph. */
#ifndef EXPORT_RUN_H
#define EXPORT_RUN_H

#include "output.h"

#define EXPORT_RUN_OUTPUTS 7 /* each may need two of the JM_TASK_MAX_FDS descriptors */

enum run_stage { RUN_WAITING, RUN_OPENING, RUN_RENDERING, RUN_PLACING, RUN_REPORTING };

struct export_run {
    struct export_run *next; /* in core->runs, in the order in which they came */
    struct export_core *core;
    int64_t photo_id;
    json_t *photo;
    enum run_stage stage;
    struct export_output *outputs[EXPORT_RUN_OUTPUTS];
    size_t count;
    size_t wanted; /* outputs that its trigger has made */
    int source_fd;
    jm_id task;
    uint64_t told_ms;                 /* when progress was told last */
    char reason[EXPORT_REASON_BYTES]; /* why the source cannot be opened */
};

/* Take a job in: into the waiting run of its photograph, or into one of its own. A job that cannot be
 * done is reported to the queue at once. */
jm_status export_run_add(struct export_core *core, jm_span job, jm_span lease, int64_t photo,
                         jm_span config, bool leased);

/* The output of a job; the run in *run_out. NULL where there is none. */
struct export_output *export_run_find(const struct export_core *core, jm_span job, jm_span lease,
                                      struct export_run **run_out);

/* The attempt has ended for the queue: stop it, and report then. */
void export_run_cancel(struct export_run *run, struct export_output *output);

/* Begin what waits, as far as there is room; report what could not be reported. */
void export_runs_pump(struct export_core *core);
/* The same in a moment: what comes in this turn comes together. */
void export_runs_pump_soon(struct export_core *core);

/* Give back what has not begun, and end what renders. */
void export_runs_stop(struct export_core *core);

#endif
