/* Events of the channel `export`. Loop thread. */
#ifndef EXPORT_EVENTS_H
#define EXPORT_EVENTS_H

#include "run.h"

jm_status export_events_declare(const struct export_core *core);

void export_event_started(const struct export_core *core, const struct export_run *run,
                          const struct export_output *output);
void export_event_progress(const struct export_core *core, const struct export_run *run,
                           const struct export_output *output, double percent);
/* The same for an export that a client renders. */
void export_event_leased(const struct export_core *core, const char *job, int64_t photo,
                         const char *preset, const char *destination);

/* An export has ended, whoever has rendered it. */
jm_status export_event_completed(const struct export_core *core, const queue_job *job,
                                 const char *preset, const char *path, int64_t bytes);
jm_status export_event_failed(const struct export_core *core, const queue_job *job,
                              const char *preset);

#endif
