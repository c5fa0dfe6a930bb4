/* The steps of a run. Loop thread. */
#ifndef EXPORT_STEPS_H
#define EXPORT_STEPS_H

#include "run.h"

/* Under which name this host leases jobs from the queue. */
#define EXPORT_LEASE_HOLDER "this host's exports"

/* OPENING, and all that follows. */
void export_step_open(struct export_run *run);
/* REPORTING; ends the run, unless the queue is away: then it is called again. */
void export_step_report(struct export_run *run);

/* Of a waiting run: let go of outputs that nobody wants; ends the run when none is left. */
void export_step_drop_cancelled(struct export_run *run);

/* Remove a file, on the pool. */
void export_unlink(struct export_core *core, const char *path);

void export_run_free(struct export_run *run);

#endif
