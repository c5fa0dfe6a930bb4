/* A task that the pool has accepted: a copy of everything that jm_task says, and where it is now.
 *
 * Owned by the pool from run() until done() has been called. [loop] */
#ifndef JMH_WORKER_TASK_H
#define JMH_WORKER_TASK_H

#include "host/util/err.h"
#include "host/worker/pool.h"

#include <sys/types.h>

/* A task whose worker has died is tried once more. */
#define JMH_TASK_ATTEMPTS_MAX 2

struct jmh_child;

struct jmh_task {
    jm_id id;
    char *object, *name, *label;
    char *request;
    size_t request_bytes;
    int fds[JM_TASK_MAX_FDS];       /* duplicates of the plugin's */
    off_t offsets[JM_TASK_MAX_FDS]; /* where they stood; -1 where that has no meaning */
    uint32_t fd_count;
    int32_t priority;
    uint32_t wall_ms, cpu_ms, memory_mib; /* 0: no limit */
    struct jmh_task_events events;
    struct jmh_child *child; /* that runs it; NULL while it waits */
    uint32_t crashes;        /* workers that have died of it */
    bool cancelled;
    struct jmh_task *next, *prev; /* in the list that it waits in */
};

/* A checked copy; its descriptors are duplicated. `options` has the default limits. */
jm_status jmh_task_new(const char *object, const jm_task *task,
                       const struct jmh_task_events *events, const struct jmh_pool_options *options,
                       struct jmh_task **task_out, struct jmh_err *err);
void jmh_task_free(struct jmh_task *task);
/* Put the descriptors back to where they stood when the task was accepted: a run that crashed has
 * moved them. */
void jmh_task_rewind(const struct jmh_task *task);

#endif
