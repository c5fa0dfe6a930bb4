/* Work on the thread pool. A job ends on the loop, whether it ran or was cancelled. */
#include "host/loop/internal.h"

#include <stdlib.h>

struct jmh_job {
    uv_work_t uv;
    void (*work)(void *user);
    void (*done)(void *user, bool cancelled);
    void *user;
};

static void run_work(uv_work_t *uv)
{
    struct jmh_job *job = uv->data;
    job->work(job->user);
}

static void on_done(uv_work_t *uv, int status)
{
    struct jmh_job *job = uv->data;
    job->done(job->user, status == UV_ECANCELED);
    free(job);
}

struct jmh_job *jmh_job_start(struct jmh_loop *loop, void (*work)(void *user),
                              void (*done)(void *user, bool cancelled), void *user)
{
    struct jmh_job *job = malloc(sizeof *job);
    if (job == NULL) {
        return NULL;
    }
    *job = (struct jmh_job){.work = work, .done = done, .user = user};
    job->uv.data = job;
    (void)uv_queue_work(&loop->uv, &job->uv, run_work, on_done);
    return job;
}

bool jmh_job_cancel(struct jmh_job *job)
{
    return uv_cancel((uv_req_t *)&job->uv) == 0;
}
