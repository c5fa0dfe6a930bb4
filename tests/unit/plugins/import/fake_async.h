/* Work, tasks and timers for the fake host: queued, and run one at a time when the test says so.
 *
 * Everything runs in the test's thread; the completion of each is a callback of the host, taken back
 * when it fails. Tasks run the real function of import-task.so, unless the test says how they end. */
#ifndef IMPORT_TESTS_FAKE_ASYNC_H
#define IMPORT_TESTS_FAKE_ASYNC_H

#include "fakehost.h"

/* Offer the extensions to plugins that are loaded from now on. One host at a time. */
void async_init(struct fakehost *host, const jm_task_entry *tasks);
void async_fini(void);

/* Run what has waited longest. False when nothing waits. */
bool async_step(void);
/* Run until nothing waits. */
void async_run(void);
/* Let every timer that is started fire once. */
void async_fire_timers(void);

/* How many functions have been asked for so far: work items by label, tasks by name. */
size_t async_started(const char *name);
size_t async_timers(void);

/* Let the next task end with `status` and this text instead of running. */
void async_script_task(jm_status status, const char *text);
/* From now on refuse work and tasks with `status`; JM_OK ends that. */
void async_refuse(jm_status status);

#endif
