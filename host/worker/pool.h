/* The pool of worker processes: plugin tasks, each a pure function in another process.
 *
 * The pool keeps up to `processes` children of junmai-worker, each on a socket pair; a task goes to
 * an idle one, the most urgent first. A child that crashes, exceeds a limit or does not heed a cancel
 * is killed and replaced; its task is tried once more and then refused as poison. [loop] */
#ifndef JMH_WORKER_POOL_H
#define JMH_WORKER_POOL_H

#include "host/loop/loop.h"
#include "host/util/err.h"

#include <junmai/ext/task.h>

struct jmh_pool;

struct jmh_pool_options {
    const char *program;                  /* path of junmai-worker */
    uint32_t processes;                   /* 0: number of cores */
    uint32_t queue_limit;                 /* tasks that may wait */
    uint32_t wall_ms, cpu_ms, memory_mib; /* defaults of a task */
};

struct jmh_pool *jmh_pool_new(struct jmh_loop *loop, const struct jmh_pool_options *options);
/* Kills the children; tasks that remain are not completed. */
void jmh_pool_free(struct jmh_pool *pool);

/* How a task reports. `done` runs exactly once; both run from the loop, not from within run(). */
struct jmh_task_events {
    void (*progress)(void *user, jm_id task, double percent, jm_span detail_json);
    void (*done)(void *user, jm_id task, jm_status status, jm_span text);
    void *user;
};

/* `object` is the path of the task object. See jm_host_task.run() for the rest. */
jm_status jmh_pool_run(struct jmh_pool *pool, const char *object, const jm_task *task,
                       const struct jmh_task_events *events, jm_id *task_out, struct jmh_err *err);
jm_status jmh_pool_cancel(struct jmh_pool *pool, jm_id task);

/* For /metrics and /plugins. */
struct jmh_pool_stats {
    uint32_t processes, busy, waiting;
    uint64_t started, completed, failed, crashed, timed_out, poisoned, cancelled;
};
struct jmh_pool_stats jmh_pool_stats(const struct jmh_pool *pool);
/* The children: process id and what it does (label, NULL when idle); the number written. */
struct jmh_worker_info {
    int64_t pid;
    const char *label;
    uint64_t busy_ms;
};
size_t jmh_pool_workers(const struct jmh_pool *pool, struct jmh_worker_info *info_out, size_t cap);

#endif
