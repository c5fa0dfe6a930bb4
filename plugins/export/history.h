/* Exports that have ended. Loop thread. */
#ifndef EXPORT_HISTORY_H
#define EXPORT_HISTORY_H

#include "core.h"

/* A job of ours has changed its state: write down what has ended, and tell. `user` is the core. */
jm_status export_on_job(void *user, const queue_job *job, int32_t old_state);

/* The newest exports that have ended, as XJOB with file_size and duration_s; an absent status: any. */
jm_status export_history_list(const struct export_core *core, jm_span status, int64_t limit,
                              json_t **xjobs_out);
/* One of them; JM_ENOENT, with a sentence, where there is none. */
jm_status export_history_get(const struct export_core *core, const char *job, json_t **xjob_out);

/* Completed exports: all, and those that ended at or after `since_ms`. */
jm_status export_history_count(const struct export_core *core, int64_t since_ms, int64_t *all_out,
                               int64_t *since_out);

#endif
