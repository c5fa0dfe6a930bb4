/* junmai.task/1 - a function of NAME-task.so in a worker process.
 *
 * JSON and open descriptors in, JSON out, with progress, cancel and limits. A task that crashes,
 * hangs or takes too much fails alone; one that kills its worker twice is refused as poison. How
 * the function itself is written: <junmai/task.h>. */
#ifndef JUNMAI_EXT_TASK_H
#define JUNMAI_EXT_TASK_H

#include <junmai/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JM_EXT_TASK "junmai.task/1"

#define JM_TASK_MAX_FDS 16
#define JM_TASK_BACKGROUND 0 /* starts when nothing more urgent waits */
#define JM_TASK_NORMAL 5
#define JM_TASK_URGENT 10 /* somebody is waiting for the answer */

/* How far a task is, 0 to 100 percent. A callback of the host (plugin.h). [loop & (active | draining)] */
typedef jm_status (*jm_task_progress_fn)(void *user, jm_id task, double percent,
                                         jm_span detail_json);
/* Runs exactly once for each run() that succeeded. JM_OK: `text` is the result, a JSON object.
 * Otherwise `text` is the sentence that says why: the task's own status, JM_ECRASHED (it killed its
 * worker, twice), JM_ETIMEDOUT, JM_ENOMEM (its limit of memory), JM_EIO (no worker can be started),
 * JM_ECANCELLED. A callback of the host (plugin.h).
 * [loop & (active | draining)] */
typedef jm_status (*jm_task_done_fn)(void *user, jm_id task, jm_status status, jm_span text);

typedef struct jm_task {
    uint32_t size;       /* sizeof(jm_task) */
    int32_t priority;    /* JM_TASK_BACKGROUND to JM_TASK_URGENT */
    const char *name;    /* of the function in NAME-task.so */
    const char *label;   /* for operators: "read IMG_0042.CR2" */
    jm_span request;     /* JSON object, copied */
    const int *fds;      /* duplicated with their access mode, so pass read-only ones unless the
                               task is to write; they stay the plugin's */
    uint32_t fd_count;   /* 0 to JM_TASK_MAX_FDS */
    uint32_t wall_ms;    /* 0: the configured default */
    uint32_t cpu_ms;     /* 0: the configured default */
    uint32_t memory_mib; /* 0: the configured default */
    jm_task_progress_fn progress; /* may be NULL */
    jm_task_done_fn done;
    void *user;
} jm_task;

typedef struct jm_host_task {
    uint32_t size;
    /* Queue a task. [loop & (active | draining)]
     * Returns JM_OK, JM_EINVAL, JM_ENOENT (the plugin has no task object), JM_ESTATE,
     * JM_ENOMEM (the queue is full). */
    jm_status (*run)(const jm_host *host, const jm_task *task, jm_id *task_out);
    /* Ask a task to end: taken from the queue, or told, and killed a second later. done() still
     * runs. [loop]  Returns JM_OK, JM_EGONE. */
    jm_status (*cancel)(const jm_host *host, jm_id task);
} jm_host_task;

#ifdef __cplusplus
}
#endif
#endif
