/* Checking, the idempotency key, the row, the event. */
#include "submit.h"

#include "change.h"
#include "check.h"
#include "events.h"
#include "ids.h"
#include "keys.h"
#include "photo.h"

static jm_status check(const struct queue *q, const queue_submission *submission)
{
    jm_status status = check_kind(q, submission->kind);
    if (status == JM_OK && submission->priority != 0)
        status = check_priority(q, submission->priority);
    if (status == JM_OK && !jm_span_absent(submission->group))
        status = check_text(q, "group", submission->group, CHECK_GROUP_BYTES);
    if (status == JM_OK && !jm_span_absent(submission->key))
        status = check_text(q, "idempotency_key", submission->key, CHECK_KEY_BYTES);
    if (status == JM_OK)
        status = check_object(q, "config", submission->config);
    if (status == JM_OK && (submission->max_attempts < 0 || submission->max_attempts > 100))
        status = queue_fail(q, JM_EINVAL, "max_attempts must be an integer from 1 to 100");
    if (status == JM_OK && (submission->photo < 0 || submission->session < 0))
        status = queue_fail(q, JM_EINVAL, "photo_id and session_id must be positive integers");
    return status;
}

/* What the submission leaves open. */
static jm_status complete(struct queue *q, const queue_submission *submission, struct job *job)
{
    struct photo_facts facts = {.ai_score = -1};
    jm_status status = submission->photo == 0 ? JM_OK : photo_read(q, submission->photo, &facts);
    if (status < 0)
        return status;
    int32_t attempts =
        submission->max_attempts > 0 ? submission->max_attempts : q->options.max_attempts;
    bool user_requested = (submission->flags & QUEUE_USER_REQUESTED) != 0;
    if ((submission->flags & QUEUE_SINGLE_ATTEMPT) != 0)
        attempts = 1;
    *job = (struct job){
        .kind = submission->kind,
        .group = submission->group,
        .photo = submission->photo,
        .session = submission->session != 0 ? submission->session : facts.session,
        .priority = submission->priority != 0 ? submission->priority
                                              : photo_priority(&facts, user_requested, 0),
        .state = QUEUE_PENDING,
        .last_attempt = attempts,
        .max_attempts = attempts,
        .flags = (int32_t)submission->flags | (submission->priority == 0 ? JOB_BY_FORMULA : 0),
        .created_ms = queue_now_ms(q),
        .config = submission->config.len > 0 ? submission->config : JM_SPAN("{}"),
    };
    ids_make(q, job->id);
    return JM_OK;
}

static jm_status insert(struct queue *q, struct job *job)
{
    const jm_value args[] = {
        JM_TEXT(jm_span_of(job->id)),
        JM_TEXT(job->kind),
        jm_value_text(job->group),
        job->photo == 0 ? JM_NULL : JM_INT(job->photo),
        job->session == 0 ? JM_NULL : JM_INT(job->session),
        JM_INT(job->priority),
        JM_INT(order_rank(job->created_ms, job->priority, q->options.aging_step_ms)),
        JM_INT(job->flags),
        JM_INT(job->max_attempts),
        JM_INT(job->created_ms),
        JM_TEXT(job->config),
    };
    return queue_write(q,
                       "INSERT INTO queue_jobs(id, kind, grp, photo_id, session_id, priority, rank,"
                       " flags, max_attempts, last_attempt, created_ms, config)"
                       " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11)",
                       args, JM_COUNT(args), NULL);
}

jm_status submit_one(struct queue *q, const queue_submission *submission,
                     char id_out[QUEUE_ID_SIZE], int32_t *created_out)
{
    struct job job;
    bool is_known = false;
    jm_status status = check(q, submission);
    if (status == JM_OK && !jm_span_absent(submission->key))
        status = keys_find(q, submission->key, id_out, &is_known);
    if (created_out != NULL)
        *created_out = !is_known;
    if (status < 0 || is_known)
        return status;
    status = complete(q, submission, &job);
    if (status == JM_OK)
        status = insert(q, &job);
    if (status == JM_OK && !jm_span_absent(submission->key))
        status = keys_keep(q, submission->key, job.id);
    if (status == JM_OK)
        status = events_created(q, &job);
    if (status == JM_OK)
        status = change_tell(q, &job, 0);
    if (status == JM_OK)
        memcpy(id_out, job.id, QUEUE_ID_SIZE);
    return status;
}
