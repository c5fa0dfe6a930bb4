/* junmai.work/1: a function of the plugin on the thread pool. [loop, but for run()]
 *
 * A work item has two owners: the lease, until its completion has run, and the job, until the loop has
 * seen its end. When the plugin ends first, the completion runs then, and the job's end only frees. */
#include "host/ext/ext.h"
#include "host/ext/release.h"
#include "host/ext/states.h"
#include "host/host.h"
#include "host/plugin/lease.h"

#include <errno.h>
#include <junmai/ext/work.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* How long the end of a plugin waits for work that cannot be taken back. */
#define END_WAIT_S 30

struct work {
    struct jmh_lease *lease; /* NULL once the completion has run, or never will */
    struct jmh_job *job;
    jm_work_fn fn;
    jm_work_done_fn done;
    void *user;
    jm_status status;
    sem_t ended; /* fn has returned */
};

/* [worker] */
static void run(void *user)
{
    struct work *work = user;
    work->status = work->fn(work->user);
    sem_post(&work->ended);
}

static void complete(struct work *work, jm_status status)
{
    struct jmh_plugin *plugin = work->lease->owner;
    jm_id id = work->lease->id;
    char label[64];
    snprintf(label, sizeof label, "%s", work->lease->label);
    jmh_lease_drop(work->lease);
    work->lease = NULL;
    jmh_plugin_enter(plugin, "a completion of work");
    jm_status result = jmh_plugin_leave(plugin, work->done(work->user, id, status));
    jmh_ext_complain(plugin, "the completion of work", label, result);
}

static void free_work(struct work *work)
{
    sem_destroy(&work->ended);
    free(work);
}

static void on_job_end(void *user, bool cancelled)
{
    struct work *work = user;
    if (work->lease != NULL)
        complete(work, cancelled ? JM_ECANCELLED : work->status);
    free_work(work);
}

static jm_status begin(struct jmh_plugin *plugin, const char *label, const struct work *plan,
                       jm_id *work_out)
{
    struct work *work = malloc(sizeof *work);
    if (work == NULL)
        return JM_ENOMEM;
    *work = *plan;
    sem_init(&work->ended, 0, 0);
    work->lease = jmh_lease_take(plugin, JMH_LEASE_WORK, label, work);
    if (work->lease != NULL)
        work->job = jmh_job_start(plugin->host->loop, run, on_job_end, work);
    if (work->job == NULL) {
        jmh_lease_drop(work->lease);
        free_work(work);
        return JM_ENOMEM;
    }
    *work_out = work->lease->id;
    return JM_OK;
}

static jm_status submit(const jm_host *host, const char *label, jm_work_fn fn, jm_work_done_fn done,
                        void *user, jm_id *work_out)
{
    struct jmh_err err;
    jm_status status = jmh_ext_check(host, "work.submit()", JMH_WHEN_BUSY);
    if (status < 0)
        return status;
    struct work plan = {.fn = fn, .done = done, .user = user};
    if (label == NULL || label[0] == '\0' || fn == NULL || done == NULL || work_out == NULL)
        status = jmh_err_set(&err, JM_EINVAL,
                             "work.submit() needs a label, a function, a completion and an id");
    else if (begin(jmh_plugin_of(host), label, &plan, work_out) < 0)
        status = jmh_err_set(&err, JM_ENOMEM, "out of memory for the work '%.64s'", label);
    return status < 0 ? jmh_ext_fail(host, &err) : status;
}

static jm_status cancel(const jm_host *host, jm_id id)
{
    jm_status status = jmh_ext_check(host, "work.cancel()", JMH_WHENEVER);
    if (status < 0)
        return status;
    struct jmh_lease *lease = jmh_lease_get(jmh_plugin_of(host), JMH_LEASE_WORK, id);
    if (lease == NULL)
        return JM_EGONE;
    struct work *work = lease->object;
    return jmh_job_cancel(work->job) ? JM_OK : JM_EBUSY;
}

static bool await_end(struct work *work)
{
    struct timespec deadline;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += END_WAIT_S;
    int result;
    do {
        result = sem_timedwait(&work->ended, &deadline);
    } while (result != 0 && errno == EINTR);
    return result == 0;
}

bool jmh_work_release(struct jmh_lease *lease)
{
    struct work *work = lease->object;
    bool cancelled = jmh_job_cancel(work->job);
    if (!cancelled && !await_end(work)) {
        jmh_lease_drop(lease);
        work->lease = NULL;
        return false;
    }
    complete(work, cancelled ? JM_ECANCELLED : work->status);
    return true;
}

const jm_host_work jmh_ext_work = {sizeof(jm_host_work), submit, cancel};
