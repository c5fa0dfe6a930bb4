/* Develop jobs, which the queue keeps and Lightroom does. [loop & active] */
#ifndef LIGHTROOM_JOBS_H
#define LIGHTROOM_JOBS_H

#include "core.h"

#include <junmai/sdk/json.h>

/* A job as the queue shows it. */
struct lr_job {
    json_t *json; /* owned */
    char id[QUEUE_ID_SIZE];
    jm_span status; /* "pending", "processing", …; this and the lease: of json */
    jm_span lease;  /* absent: nobody does it */
};

/* How a job ended, as Lightroom says. */
struct lr_outcome {
    bool success;
    jm_span lease;      /* that it was done with; absent: whichever the job has */
    const json_t *data; /* result or error_details; NULL: {} */
    jm_span sentence;   /* of a failure; absent: what was said before, or that nothing was */
};

/* Be the executor of develop jobs, once for each life of the queue; safe to call again. */
jm_status lr_jobs_attach(struct lr_core *core);
void lr_jobs_detach(struct lr_core *core);
/* A holder is gone: its jobs go back. */
void lr_queue_release(struct lr_core *core, jm_span holder);

/* JM_ENOENT: no job has that id. Ended by lr_job_fini, which is safe after a failure too. */
jm_status lr_job_load(struct lr_core *core, jm_span id, struct lr_job *job_out);
void lr_job_fini(struct lr_job *job);
/* The photograph's id, or null; a new reference. */
json_t *lr_job_photo(const struct lr_job *job);

/* Add one; `config` is an object. *id_out has QUEUE_ID_SIZE bytes. */
jm_status lr_job_submit(struct lr_core *core, const json_t *config, int32_t priority, int64_t photo,
                        char *id_out);
/* The most urgent one, for `holder`: as the queue shows it, to decref. JM_ENOENT: none waits. */
jm_status lr_job_lease(struct lr_core *core, jm_span holder, json_t **job_out);
/* Its holder lives. */
jm_status lr_job_renew(struct lr_core *core, const struct lr_job *job, jm_span lease);
jm_status lr_job_progress(struct lr_core *core, const struct lr_job *job, jm_span lease,
                          const json_t *progress);
/* The queue records it and tells everybody. JM_ESTATE: the lease is another's, or has ended. */
jm_status lr_job_end(struct lr_core *core, const struct lr_job *job,
                     const struct lr_outcome *outcome);

#endif
