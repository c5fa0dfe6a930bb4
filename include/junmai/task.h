/* What a task object exports: the functions of a plugin that run in a worker process.
 *
 * A plugin that reads untrusted files builds a second shared object, NAME-task.so, that only
 * `junmai-worker` loads. It exports the constant `junmai_task_entry`, a list of pure functions:
 * JSON and open descriptors in, JSON out. Task code opens no path and starts no thread or process;
 * the descriptors of its request are all it may touch. Only where the plugin's manifest says
 * "task_network": true may it also resolve names and talk to other machines. How a plugin starts a
 * task: ext/task.h.
 *
 * Version 1.0. */
#ifndef JUNMAI_TASK_H
#define JUNMAI_TASK_H

#include <junmai/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JM_TASK_MAGIC 0x4a4d5431u /* "JMT1" */
#define JM_TASK_ENTRY junmai_task_entry
#define JM_TASK_ENTRY_NAME "junmai_task_entry"

typedef struct jm_task_run jm_task_run;

/* One run of a task, as its function sees it. Owned by the worker, valid until the function
 * returns. */
struct jm_task_run {
    uint32_t size;     /* sizeof(jm_task_run) of the worker */
    uint32_t fd_count; /* length of fds */
    const int *fds;    /* the descriptors of the request, in its order; the worker closes them */
    jm_span request;   /* the JSON object of the request */
    void *run_data;    /* the worker's */
    /* Tell how far the task is, 0 to 100 percent, with an optional JSON object. Sent at most ten
     * times a second; later ones replace earlier ones. [worker] */
    void (*progress)(const jm_task_run *run, double percent, jm_span detail_json);
    /* Not 0 once the task has been cancelled: return JM_ECANCELLED soon. [worker] */
    int32_t (*cancelled)(const jm_task_run *run);
    /* Set the result, a JSON object; copied, the last call counts. [worker]
     * Returns JM_OK, JM_EINVAL (no JSON object), JM_ENOMEM. */
    jm_status (*result)(const jm_task_run *run, jm_span json);
    /* Say why the function is about to return a negative status; copied. [worker] */
    void (*fail)(const jm_task_run *run, jm_span sentence);
};

/* Does the task. A negative status fails it, with the sentence of run->fail. [worker] */
typedef jm_status (*jm_task_fn)(const jm_task_run *run);

typedef struct jm_task_def {
    const char *name; /* NUL-terminated, unique in its object */
    jm_task_fn fn;
} jm_task_def;

typedef struct jm_task_entry {
    uint32_t magic;     /* JM_TASK_MAGIC */
    uint32_t size;      /* sizeof(jm_task_entry) */
    uint16_t abi_major; /* JM_ABI_MAJOR of plugin.h */
    uint16_t abi_minor;
    uint32_t task_count; /* length of tasks */
    const jm_task_def *tasks;
    /* Called once after loading, before the first task; NULL where there is nothing to prepare.
     * A negative status refuses the object. [worker] */
    jm_status (*setup)(void);
} jm_task_entry;

#ifdef __cplusplus
}
#endif
#endif
