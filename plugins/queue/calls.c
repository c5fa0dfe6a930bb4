/* One callback for each call. A start that failed asks for a second one, which fails the attempt:
 * the first is taken back with all that the executor did in it. */
#include "calls.h"

#include "attempts.h"
#include "change.h"
#include "registry.h"

struct call {
    struct queue *q;
    char id[QUEUE_ID_SIZE];
    char lease[QUEUE_LEASE_SIZE];
    jm_status failed; /* of start() */
    char sentence[JM_SENTENCE_BYTES + 1];
};

static jm_status plan(struct queue *q, jm_commit_fn fn, struct call *call_take)
{
    if (call_take == NULL)
        return queue_fail(q, JM_ENOMEM, "no memory to call an executor");
    jm_status status = q->api.store->after_commit(q->api.host, fn, call_take);
    if (status < 0)
        free(call_take);
    return status;
}

static struct call *call_new(struct queue *q, const struct job *job)
{
    struct call *call = calloc(1, sizeof(*call));
    if (call == NULL)
        return NULL;
    call->q = q;
    memcpy(call->id, job->id, sizeof(call->id));
    snprintf(call->lease, sizeof(call->lease), "%.*s", JM_SPAN_ARGS(job->lease));
    return call;
}

static jm_status fail_attempt(struct call *call, const struct change_failure *failure)
{
    struct job job;
    bool is_live = false;
    jm_status status =
        attempts_find(call->q, jm_span_of(call->id), jm_span_of(call->lease), &job, &is_live);
    if (status == JM_OK && is_live)
        status = change_fail(call->q, &job, failure);
    job_fini(&job);
    return status;
}

static jm_status on_start_failed(void *user, jm_status committed)
{
    struct call *call = user;
    const struct change_failure failure = {
        .outcome = OUTCOME_FAILED,
        .sentence = jm_span_of(call->sentence),
    };
    (void)committed;
    jm_status status = fail_attempt(call, &failure);
    free(call);
    return status;
}

/* The plugin is going before the executor was asked: the attempt does not count. */
static jm_status take_back(struct call *call)
{
    const struct change_failure failure = {
        .outcome = OUTCOME_RELEASED,
        .sentence = JM_SPAN("The queue ended before the job began"),
        .uncounted = true,
    };
    return fail_attempt(call, &failure);
}

/* Ask the executor. Its sentence, if it has one, is its own plugin's. */
static jm_status ask(struct call *call, const struct job *job)
{
    const struct executor *executor = registry_executor(call->q, job->kind);
    queue_job view = job_view(job);
    jm_status status = JM_ENOENT;
    if (executor != NULL && executor->start != NULL)
        status = executor->start(executor->user, &view);
    if (status == JM_ENOENT)
        snprintf(call->sentence, sizeof(call->sentence),
                 "Nobody does jobs of the kind \"%.*s\" now", JM_SPAN_ARGS(job->kind));
    else if (status < 0)
        snprintf(call->sentence, sizeof(call->sentence),
                 "%s did not begin the job (status %d); its log says why", executor->label, status);
    call->failed = status;
    return status;
}

static jm_status on_start(void *user, jm_status committed)
{
    struct call *call = user;
    struct queue *q = call->q;
    struct job job;
    jm_status status = committed;
    if (committed == JM_OK && !q->active)
        status = take_back(call);
    else if (committed == JM_OK) {
        status = job_load(q, jm_span_of(call->id), &job);
        bool is_live = job.state == QUEUE_PROCESSING && jm_span_is(job.lease, call->lease);
        if (status == JM_OK && is_live)
            status = ask(call, &job);
        job_fini(&job);
    }
    if (call->failed < 0)
        return plan(q, on_start_failed, call) < 0 ? JM_ENOMEM : status;
    free(call);
    return status;
}

jm_status calls_start(struct queue *q, const struct job *job)
{
    return plan(q, on_start, call_new(q, job));
}

static jm_status on_cancel(void *user, jm_status committed)
{
    struct call *call = user;
    struct queue *q = call->q;
    struct job job;
    jm_status status = committed;
    if (committed == JM_OK)
        status = job_load(q, jm_span_of(call->id), &job);
    if (committed == JM_OK && status == JM_OK) {
        const struct executor *executor = registry_executor(q, job.kind);
        if (executor != NULL && executor->cancel != NULL)
            executor->cancel(executor->user, jm_span_of(call->id), jm_span_of(call->lease));
    }
    if (committed == JM_OK)
        job_fini(&job);
    free(call);
    return status;
}

jm_status calls_cancel(struct queue *q, const struct job *job)
{
    return plan(q, on_cancel, call_new(q, job));
}
