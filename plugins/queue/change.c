/* Changes of jobs. */
#include "change.h"

#include "after.h"
#include "attempts.h"
#include "calls.h"
#include "events.h"
#include "ids.h"
#include "order.h"
#include "photo.h"
#include "registry.h"

#define STEP_WORDS                                                                              \
    {                                                                                           \
        [EVENT_START] = "begin", [EVENT_PROGRESS] = "report progress of",                       \
        [EVENT_COMPLETE] = "complete", [EVENT_FAIL_AGAIN] = "fail", [EVENT_FAIL_LAST] = "fail", \
        [EVENT_CANCEL] = "cancel", [EVENT_RETRY] = "retry",                                     \
        [EVENT_PRIORITISE] = "change the priority of", [EVENT_REMOVE] = "delete"                \
    }

static jm_status step(const struct queue *q, const struct job *job, enum machine_event event,
                      struct machine_step *step_out)
{
    static const char *const words[EVENT_COUNT] = STEP_WORDS;
    *step_out = machine_step(job->state, event);
    if (step_out->next != 0)
        return JM_OK;
    return queue_fail(q, JM_ESTATE, "Cannot %s job %s: its status is %s", words[event], job->id,
                      machine_state_name(job->state));
}

jm_status change_tell(struct queue *q, const struct job *job, int32_t old_state)
{
    q->counts_dirty = true;
    after_arm(q);
    registry_tell(q, job, old_state);
    return photo_follow(q, job, old_state);
}

jm_status change_start(struct queue *q, struct job *job, jm_span holder, int64_t ttl_ms,
                       char lease_out[QUEUE_LEASE_SIZE])
{
    struct machine_step next;
    int32_t old_state = job->state;
    jm_status status = step(q, job, EVENT_START, &next);
    if (status < 0)
        return status;
    job->state = next.next;
    job->attempt++;
    job->started_ms = queue_now_ms(q);
    job->percent = 0;
    ids_make_lease(job->id, job->attempt, lease_out);
    job->lease = jm_span_of(lease_out);
    job->holder = holder;
    job->ttl_ms = ttl_ms;
    const jm_value args[] = {JM_INT(job->num), JM_INT(job->attempt), JM_INT(job->started_ms)};
    status =
        queue_write(q,
                    "UPDATE queue_jobs SET state = 2, attempt = ?2, started_ms = ?3,"
                    " ended_ms = NULL, stage = NULL, message = NULL, percent = 0, due_ms = NULL"
                    " WHERE num = ?1",
                    args, JM_COUNT(args), NULL);
    if (status == JM_OK)
        status = attempts_begin(q, job);
    if (status == JM_OK)
        status = events_started(q, job);
    return status < 0 ? status : change_tell(q, job, old_state);
}

jm_status change_progress(struct queue *q, struct job *job, jm_span stage, double percent,
                          jm_span message, jm_span details_json)
{
    struct machine_step next;
    jm_status status = step(q, job, EVENT_PROGRESS, &next);
    if (status < 0)
        return status;
    job->stage = stage;
    job->percent = percent;
    job->message = message;
    const jm_value args[] = {JM_INT(job->num), JM_TEXT(stage), JM_REAL(percent),
                             jm_value_text(message)};
    status = queue_write(q,
                         "UPDATE queue_jobs SET stage = ?2, percent = ?3, message = ?4"
                         " WHERE num = ?1",
                         args, JM_COUNT(args), NULL);
    if (status == JM_OK)
        status = attempts_renew(q, job);
    return status < 0 ? status : events_progress(q, job, details_json);
}

/* Write a state that ends the attempt. Fields that are absent or 0 become NULL. */
static jm_status write_end(struct queue *q, const struct job *job, int32_t gate)
{
    const jm_value args[] = {
        JM_INT(job->num),
        JM_INT(job->state),
        JM_INT(gate),
        job->due_ms == 0 ? JM_NULL : JM_INT(job->due_ms),
        job->ended_ms == 0 ? JM_NULL : JM_INT(job->ended_ms),
        jm_value_text(job->result),
        jm_value_text(job->error),
        JM_INT(job->last_attempt),
        JM_REAL(job->percent),
    };
    return queue_write(q,
                       "UPDATE queue_jobs SET state = ?2, gate = ?3, due_ms = ?4, ended_ms = ?5,"
                       " result = ?6, error = ?7, last_attempt = ?8, percent = ?9 WHERE num = ?1",
                       args, JM_COUNT(args), NULL);
}

jm_status change_complete(struct queue *q, struct job *job, jm_span result_json)
{
    struct machine_step next;
    int32_t old_state = job->state;
    jm_status status = step(q, job, EVENT_COMPLETE, &next);
    if (status < 0)
        return status;
    job->state = next.next;
    job->ended_ms = queue_now_ms(q);
    job->result = result_json;
    job->error = (jm_span){NULL, 0};
    job->percent = 100;
    status = attempts_end(q, job, OUTCOME_COMPLETED, (jm_span){NULL, 0}, (jm_span){NULL, 0}, false);
    if (status == JM_OK)
        status = write_end(q, job, 0);
    if (status == JM_OK)
        status = events_completed(q, job);
    return status < 0 ? status : change_tell(q, job, old_state);
}

/* When the job may begin again, and the gate that it waits at. */
static int32_t wait_for_retry(struct queue *q, struct job *job,
                              const struct change_failure *failure)
{
    int64_t wait_ms = failure->uncounted ? 0
                                         : order_back_off_ms(job->attempt, q->options.retry_base_ms,
                                                             q->options.retry_cap_ms, ids_random());
    job->due_ms = wait_ms == 0 ? 0 : queue_now_ms(q) + wait_ms;
    return wait_ms == 0 ? 0 : 1;
}

jm_status change_fail(struct queue *q, struct job *job, const struct change_failure *failure)
{
    struct machine_step next;
    int32_t old_state = job->state;
    int32_t gate = 0;
    bool is_final = failure->is_final || (job->flags & (int32_t)QUEUE_SINGLE_ATTEMPT) != 0;
    job->last_attempt += failure->uncounted ? 1 : 0;
    jm_status status = step(
        q, job, machine_failure(job->attempt, job->last_attempt, is_final && !failure->uncounted),
        &next);
    if (status < 0)
        return status;
    job->state = next.next;
    job->error = failure->sentence;
    job->ended_ms = job->state == QUEUE_FAILED ? queue_now_ms(q) : 0;
    if ((next.actions & DO_BACK_OFF) != 0)
        gate = wait_for_retry(q, job, failure);
    status = attempts_end(q, job, failure->outcome, failure->sentence, failure->details_json,
                          strcmp(failure->outcome, OUTCOME_EXPIRED) == 0);
    if (status == JM_OK)
        status = write_end(q, job, gate);
    if (status == JM_OK)
        status = job->state == QUEUE_FAILED ? events_failed(q, job, failure->details_json)
                                            : events_requeued(q, job, failure->sentence);
    return status < 0 ? status : change_tell(q, job, old_state);
}

jm_status change_cancel(struct queue *q, struct job *job)
{
    struct machine_step next;
    int32_t old_state = job->state;
    jm_status status = step(q, job, EVENT_CANCEL, &next);
    if (status < 0)
        return status;
    job->state = next.next;
    job->ended_ms = queue_now_ms(q);
    job->due_ms = 0;
    if ((next.actions & DO_END_ATTEMPT) != 0)
        status = attempts_end(q, job, OUTCOME_CANCELLED, (jm_span){NULL, 0}, (jm_span){NULL, 0},
                              (next.actions & DO_TELL_EXECUTOR) != 0);
    if (status == JM_OK)
        status = write_end(q, job, 0);
    if (status == JM_OK)
        status = events_cancelled(q, job);
    return status < 0 ? status : change_tell(q, job, old_state);
}

jm_status change_retry(struct queue *q, struct job *job)
{
    struct machine_step next;
    int32_t old_state = job->state;
    jm_status status = step(q, job, EVENT_RETRY, &next);
    if (status < 0)
        return status;
    job->state = next.next;
    job->last_attempt = job->attempt + job->max_attempts;
    job->ended_ms = 0;
    job->due_ms = 0;
    job->percent = 0;
    job->error = (jm_span){NULL, 0};
    status = write_end(q, job, 0);
    if (status == JM_OK)
        status = events_requeued(q, job, JM_SPAN("Somebody asked for it anew"));
    return status < 0 ? status : change_tell(q, job, old_state);
}

jm_status change_priority(struct queue *q, struct job *job, int32_t priority, bool by_formula,
                          jm_span reason)
{
    struct machine_step next;
    int32_t old_priority = job->priority;
    jm_status status = step(q, job, EVENT_PRIORITISE, &next);
    if (status < 0 || (priority == old_priority && by_formula))
        return status;
    job->priority = priority;
    job->flags = by_formula ? job->flags : job->flags & ~JOB_BY_FORMULA;
    const jm_value args[] = {
        JM_INT(job->num), JM_INT(priority),
        JM_INT(order_rank(job->created_ms, priority, q->options.aging_step_ms)),
        JM_INT(job->flags)};
    status =
        queue_write(q, "UPDATE queue_jobs SET priority = ?2, rank = ?3, flags = ?4 WHERE num = ?1",
                    args, JM_COUNT(args), NULL);
    return status < 0 || priority == old_priority ? status
                                                  : events_priority(q, job, old_priority, reason);
}

jm_status change_remove(struct queue *q, struct job *job)
{
    struct machine_step next;
    int32_t old_state = job->state;
    jm_status status = step(q, job, EVENT_REMOVE, &next);
    if (status < 0)
        return status;
    /* Whoever waits for it learns that it will not be done. */
    if (old_state == QUEUE_PENDING)
        status = change_cancel(q, job);
    q->counts_dirty = true;
    after_arm(q);
    const jm_value args[] = {JM_INT(job->num)};
    return status < 0 ? status
                      : queue_write(q, "DELETE FROM queue_jobs WHERE num = ?1", args, 1, NULL);
}
