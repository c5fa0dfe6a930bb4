/* junmai.queue/1 - jobs that survive anything, as other plugins reach them.
 *
 * Provided by the plugin queue. A job is of a kind ("develop", "export", "analyze", a third party's
 * own) and is done by that kind's executor: local (it is called and does the job in this process's
 * workers) or remote (clients lease jobs over HTTP or through lease()). Each attempt has a lease, a
 * token that its reports must name: what comes after the lease has ended changes nothing. Exactly
 * one completion is recorded for a job.
 *
 * All functions are [loop & active]; `queue` is the slot's provider_data; they take part in the
 * caller's turn. Every change is announced by queue itself on the channels `jobs` and `queue`.
 * An executor is called on the loop, behind the commit of the turn that decided on it, in a callback
 * of queue with a savepoint of its own: what a negative status takes back is its own alone. A listener
 * is called in the turn of the change. Both are registered in activate() and end with unregister() in
 * drain(); register them again when the slot's generation has changed.
 * A negative status: JM_ENOENT (no such job), JM_ESTATE (its state does not allow it, or the lease
 * is not the job's), JM_EINVAL, or what the store said; last_error() has the sentence. */
#ifndef QUEUE_QUEUE_H
#define QUEUE_QUEUE_H

#include <junmai/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define QUEUE_SERVICE "junmai.queue/1"

/* States of a job; "status" in JSON has the same words in lower case. */
#define QUEUE_PENDING 1
#define QUEUE_PROCESSING 2
#define QUEUE_COMPLETED 3
#define QUEUE_FAILED 4
#define QUEUE_CANCELLED 5

#define QUEUE_ID_SIZE 33 /* 32 hex digits, time-ordered, and NUL */

/* Flags of a submission. */
#define QUEUE_USER_REQUESTED 1u /* a person waits for it: counts in the priority formula */
#define QUEUE_SINGLE_ATTEMPT 2u /* a failure is final: no retry */

/* One JSON document, borrowed for the call. */
typedef void (*queue_sink_fn)(void *user, jm_span json);

/* A job, borrowed for the call. */
typedef struct queue_job {
    uint32_t size;
    int32_t state;    /* QUEUE_* */
    int32_t priority; /* 1 to 10, higher is more urgent */
    int32_t attempt;  /* 0: never begun; counts from 1 */
    jm_span id;
    jm_span kind;
    jm_span group;   /* absent: none */
    jm_span lease;   /* of the attempt that runs; absent otherwise */
    jm_span config;  /* JSON object, as submitted */
    jm_span result;  /* JSON object of a completed job; absent otherwise */
    jm_span error;   /* sentence of a failed job or attempt; absent otherwise */
    int64_t photo;   /* 0: none */
    int64_t session; /* 0: none */
} queue_job;

typedef struct queue_submission {
    uint32_t size;        /* sizeof(queue_submission) */
    uint32_t flags;       /* QUEUE_USER_REQUESTED, … */
    int32_t priority;     /* 1 to 10; 0: by the formula of the photograph's scores */
    int32_t max_attempts; /* 0: as configured */
    jm_span kind;         /* [a-z0-9_.-]{1,64} */
    jm_span group;        /* jobs that are counted, held and cancelled together; absent: none */
    jm_span config;       /* JSON object; absent: {} */
    jm_span key;          /* idempotency key, 1 to 255 bytes; absent: none */
    int64_t photo;        /* 0: none; must exist otherwise */
    int64_t session;      /* 0: the photograph's */
} queue_submission;

typedef struct queue_executor {
    uint32_t size;       /* sizeof(queue_executor) */
    int32_t concurrency; /* jobs of the kind at once; 0: as configured */
    const char *kind;
    const char *label; /* for operators: "libvips in junmai-worker", "Lightroom" */
    /* Begin the job and report with progress(), complete() and fail(), at once or later. A negative
     * status fails the attempt. NULL: a remote executor, whose jobs wait for lease(). */
    jm_status (*start)(void *user, const queue_job *job);
    /* End the attempt: its job was cancelled, or its time is over. The job's state is settled
     * already; report with fail() or complete() when it has ended, which frees its place (JM_OK, and
     * nothing else happens). */
    void (*cancel)(void *user, jm_span job, jm_span lease);
    void *user;
} queue_executor;

/* A job's state has changed; old_state is 0 for a new job. In the turn of the change and part of it:
 * keep it short. A negative status is logged; the change stands, and what the listener wrote. */
typedef jm_status (*queue_listener_fn)(void *user, const queue_job *job, int32_t old_state);

/* Jobs of a group (or of all) by state. */
typedef struct queue_counts {
    uint32_t size;
    uint32_t reserved;
    int64_t pending;
    int64_t processing;
    int64_t completed;
    int64_t failed;
    int64_t cancelled;
} queue_counts;

typedef struct queue_service {
    uint32_t size;
    /* The sentence behind the last negative status, borrowed until the next call. */
    jm_span (*last_error)(void *queue);
    /* Do the jobs of a kind. Copied. JM_EEXIST when another plugin does them. */
    jm_status (*register_executor)(void *queue, const queue_executor *executor, jm_id *token_out);
    /* Hear of the jobs of a kind, or of all ("*"). */
    jm_status (*register_listener)(void *queue, jm_span kind, queue_listener_fn fn, void *user,
                                   jm_id *token_out);
    /* End a registration; no callback of it runs afterwards. Attempts that run go on and may still
     * be reported, also by a successor. */
    jm_status (*unregister)(void *queue, jm_id token);
    /* Add a job; its id goes to `id_out` (QUEUE_ID_SIZE bytes). *created_out (may be NULL) is 0 when
     * the same key gave an earlier job. JM_ENOENT when the photograph does not exist. A kind that
     * nobody does is no error: the job waits. */
    jm_status (*submit)(void *queue, const queue_submission *submission, char *id_out,
                        int32_t *created_out);
    /* An attempt is so far: 0 to 100 percent; stage 1 to 64 bytes; message and details_json (an
     * object) may be absent. Renews the lease. */
    jm_status (*progress)(void *queue, jm_span job, jm_span lease, jm_span stage, double percent,
                          jm_span message, jm_span details_json);
    /* An attempt succeeded; `result_json` is an object. */
    jm_status (*complete)(void *queue, jm_span job, jm_span lease, jm_span result_json);
    /* An attempt failed, for this reason. It is tried again later unless `final` is 1 or it was the
     * last attempt. `details_json` is an object or absent. */
    jm_status (*fail)(void *queue, jm_span job, jm_span lease, jm_span sentence,
                      jm_span details_json, int32_t final);
    /* Lease the most urgent job of a kind to `holder` (a text for operators, the same for each call
     * of one holder) for `ttl_ms` (0: as configured). The sink gets the job with its "lease" and
     * "config". JM_ENOENT when none waits. */
    jm_status (*lease)(void *queue, jm_span kind, jm_span holder, uint32_t ttl_ms,
                       queue_sink_fn sink, void *user);
    /* The holder lives. */
    jm_status (*renew)(void *queue, jm_span job, jm_span lease);
    /* The holder is gone: its jobs go back to the queue now instead of when their leases expire.
     * Returns how many, or a negative status. */
    int64_t (*release_holder)(void *queue, jm_span holder);
    /* JM_ESTATE when it has ended already. */
    jm_status (*cancel)(void *queue, jm_span job);
    /* Begin a failed or cancelled job anew, its history kept. */
    jm_status (*retry)(void *queue, jm_span job);
    /* `reason` is told in priority_changed. JM_ESTATE unless it is pending. */
    jm_status (*set_priority)(void *queue, jm_span job, int32_t priority, jm_span reason);
    /* The job as JSON: id, kind, photo_id, session_id, priority, status, created_at, started_at,
     * completed_at, error_message, retry_count, stage, progress, config, result, lease. */
    jm_status (*get)(void *queue, jm_span job, queue_sink_fn sink, void *user);
    /* A JSON array of such jobs, newest first, of at most `limit`; an absent filter means any. */
    jm_status (*list)(void *queue, jm_span kind, jm_span group, jm_span status, int64_t limit,
                      queue_sink_fn sink, void *user);
    /* A group that is held begins no job (also of those that are submitted later); what runs goes
     * on. */
    jm_status (*hold_group)(void *queue, jm_span group, int32_t held);
    /* Cancel all jobs of a group that have not ended, those that run first, in slices of a turn each:
     * none of them begins any more. The group is held no longer; jobs that are submitted later begin
     * when that is done. Returns how many, or a negative status. */
    int64_t (*cancel_group)(void *queue, jm_span group);
    /* Of a group, or of all jobs where `group` is absent. */
    jm_status (*count)(void *queue, jm_span group, queue_counts *counts_out);
    /* Pause or resume the whole queue: what runs goes on. */
    jm_status (*set_paused)(void *queue, int32_t paused);
    int32_t (*is_paused)(void *queue);
} queue_service;

#ifdef __cplusplus
}
#endif
#endif
