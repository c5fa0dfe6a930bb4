/* A job as it is in the store. */
#ifndef QUEUE_JOB_H
#define QUEUE_JOB_H

#include "core.h"
#include "machine.h"

#include <junmai/sdk/json.h>

/* A flag of jobs beside those of submissions: its priority is the formula's. */
#define JOB_BY_FORMULA (1 << 16)

struct job {
    int64_t num;
    char id[QUEUE_ID_SIZE];
    jm_span kind;
    jm_span group; /* absent: none; so are the other texts */
    int64_t photo; /* 0: none */
    int64_t session;
    int32_t priority;
    int32_t state;
    int32_t attempt;
    int32_t last_attempt;
    int32_t max_attempts;
    int32_t flags;
    int64_t created_ms;
    int64_t started_ms; /* 0: not yet; so are the other times */
    int64_t ended_ms;
    int64_t due_ms;
    double percent;
    jm_span stage;
    jm_span message;
    jm_span config;
    jm_span result;
    jm_span error;
    jm_span lease;  /* these three: of the attempt that runs */
    jm_span holder; /* absent: this machine */
    int64_t ttl_ms;
    char *texts; /* owned; what the spans point into. NULL while they are borrowed from a row */
};

/* What job_read() wants of a statement, and from where. */
#define JOB_COLUMNS                                                                               \
    "j.num, j.id, j.kind, j.grp, j.photo_id, j.session_id, j.priority, j.state, j.attempt,"       \
    " j.last_attempt, j.max_attempts, j.flags, j.created_ms, j.started_ms, j.ended_ms, j.due_ms," \
    " j.percent, j.stage, j.message, j.config, j.result, j.error, a.lease, a.holder, a.ttl_ms"
#define JOB_FROM                                                          \
    " FROM queue_jobs j LEFT JOIN queue_attempts a ON a.job = j.num AND " \
    "a.number = j.attempt AND a.ended_ms IS NULL "

/* A row of such a statement; its texts are borrowed. */
void job_read(const jm_value *columns, struct job *job_out);

/* The job of that id (any form that a client may send). Ended by job_fini, also after a failure.
 * JM_ENOENT where there is none. */
jm_status job_load(const struct queue *q, jm_span id, struct job *job_out);
jm_status job_load_num(const struct queue *q, int64_t num, struct job *job_out);
void job_fini(struct job *job);

/* The same for another plugin; borrowed from `job`. */
queue_job job_view(const struct job *job);

/* As the wire has it: of /api/jobs, and with all that is known. NULL when out of memory. */
json_t *job_row_json(const struct job *job);
json_t *job_json(const struct job *job);

/* A time, a number of something, a text; null where there is none. */
json_t *job_time(int64_t utc_ms);
json_t *job_ref(int64_t id);
json_t *job_text(jm_span text);
/* Text of a JSON object that is in the store; {} where it is absent. */
json_t *job_object(jm_span text);

#endif
