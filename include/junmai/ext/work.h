/* junmai.work/1 - a blocking function on the host's thread pool, its completion on the loop.
 *
 * For copying and hashing of files. Bytes of a foreign format are parsed in a task (ext/task.h). The
 * function must call nothing of the host but [any] functions. */
#ifndef JUNMAI_EXT_WORK_H
#define JUNMAI_EXT_WORK_H

#include <junmai/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JM_EXT_WORK "junmai.work/1"

/* May block. What it returns is handed to the completion. [worker] */
typedef jm_status (*jm_work_fn)(void *user);
/* Runs exactly once for each submit() that succeeded: with the work's status, or with JM_ECANCELLED
 * when it never ran. A callback of the host (plugin.h). [loop & (active | draining)] */
typedef jm_status (*jm_work_done_fn)(void *user, jm_id work, jm_status status);

typedef struct jm_host_work {
    uint32_t size;
    /* Run fn(user) on a thread of the pool, then done(user) on the loop. `label` is copied.
     * [loop & (active | draining)]  Returns JM_OK, JM_EINVAL, JM_ESTATE, JM_ENOMEM. */
    jm_status (*submit)(const jm_host *host, const char *label, jm_work_fn fn, jm_work_done_fn done,
                        void *user, jm_id *work_out);
    /* Take back work that has not begun; its completion still runs. [loop]
     * Returns JM_OK, JM_EBUSY (it has begun), JM_EGONE. */
    jm_status (*cancel)(const jm_host *host, jm_id work);
} jm_host_work;

#ifdef __cplusplus
}
#endif
#endif
