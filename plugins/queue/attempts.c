/* Rows of queue_attempts. */
#include "attempts.h"

#include "calls.h"
#include "change.h"

#define LOST_AT_ONCE 256

jm_status attempts_begin(struct queue *q, const struct job *job)
{
    const jm_value args[] = {
        JM_INT(job->num),
        JM_INT(job->attempt),
        JM_TEXT(job->kind),
        JM_TEXT(job->lease),
        jm_value_text(job->holder),
        jm_span_absent(job->holder) ? JM_TEXT(jm_span_of(q->process)) : JM_NULL,
        JM_INT(job->started_ms),
        JM_INT(job->started_ms + job->ttl_ms),
        JM_INT(job->ttl_ms),
    };
    return queue_write(
        q,
        "INSERT INTO queue_attempts(job, number, kind, lease, holder, process,"
        " started_ms, expires_ms, ttl_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        args, JM_COUNT(args), NULL);
}

jm_status attempts_renew(struct queue *q, const struct job *job)
{
    const jm_value args[] = {JM_INT(job->num), JM_INT(job->attempt),
                             JM_INT(queue_now_ms(q) + job->ttl_ms)};
    return queue_write(q,
                       "UPDATE queue_attempts SET expires_ms = ?3 WHERE job = ?1 AND number = ?2"
                       " AND ended_ms IS NULL",
                       args, JM_COUNT(args), NULL);
}

jm_status attempts_end(struct queue *q, const struct job *job, const char *outcome,
                       jm_span sentence, jm_span details_json, bool tell_executor)
{
    bool is_local = jm_span_absent(job->holder);
    bool keeps_place = tell_executor && is_local;
    const jm_value args[] = {
        JM_INT(job->num),
        JM_INT(job->attempt),
        JM_INT(queue_now_ms(q)),
        JM_TEXT(jm_span_of(outcome)),
        jm_value_text(sentence),
        jm_value_text(details_json),
        JM_INT(keeps_place ? 1 : 0),
    };
    jm_status status = queue_write(q,
                                   "UPDATE queue_attempts SET ended_ms = ?3, outcome = ?4, error = "
                                   "?5, details = ?6, place = ?7"
                                   " WHERE job = ?1 AND number = ?2",
                                   args, JM_COUNT(args), NULL);
    return status == JM_OK && keeps_place ? calls_cancel(q, job) : status;
}

static jm_status free_place(struct queue *q, const struct job *job, jm_span lease,
                            int64_t *freed_out)
{
    const jm_value args[] = {JM_INT(job->num), JM_TEXT(lease)};
    return queue_write(q,
                       "UPDATE queue_attempts SET place = 0 WHERE job = ?1 AND lease = ?2"
                       " AND place = 1",
                       args, JM_COUNT(args), freed_out);
}

jm_status attempts_find(struct queue *q, jm_span job_id, jm_span lease, struct job *job_out,
                        bool *live_out)
{
    int64_t freed = 0;
    *live_out = false;
    jm_status status = job_load(q, job_id, job_out);
    if (status < 0)
        return status;
    *live_out = job_out->state == QUEUE_PROCESSING && jm_span_equal(job_out->lease, lease);
    if (*live_out)
        return JM_OK;
    status = free_place(q, job_out, lease, &freed);
    if (status < 0 || freed > 0)
        return status;
    return queue_fail(q, JM_ESTATE, "This lease of job %s has ended; the job's status is %s",
                      job_out->id, machine_state_name(job_out->state));
}

struct numbers {
    int64_t nums[LOST_AT_ONCE];
    size_t count;
};

static jm_status take_number(void *user, const jm_value *columns, size_t count)
{
    struct numbers *numbers = user;
    (void)count;
    if (numbers->count < LOST_AT_ONCE)
        numbers->nums[numbers->count++] = columns[0].integer;
    return JM_OK;
}

/* End the running attempts of the jobs that a statement finds. Returns how many, or a status. */
static int64_t fail_all(struct queue *q, const char *sql, const jm_value *args, size_t arg_count,
                        const struct change_failure *failure)
{
    struct numbers found = {.count = 0};
    jm_status status = queue_select(q, sql, args, arg_count, take_number, &found);
    for (size_t i = 0; i < found.count && status == JM_OK; i++) {
        struct job job;
        status = job_load_num(q, found.nums[i], &job);
        if (status == JM_OK)
            status = change_fail(q, &job, failure);
        job_fini(&job);
    }
    return status < 0 ? status : (int64_t)found.count;
}

jm_status attempts_recover(struct queue *q)
{
    const struct change_failure lost = {
        .outcome = OUTCOME_LOST,
        .sentence = JM_SPAN("The host ended while the job ran"),
    };
    const jm_value args[] = {JM_TEXT(jm_span_of(q->process))};
    int64_t count;
    do {
        count = fail_all(q,
                         "SELECT job FROM queue_attempts WHERE place = 1 AND holder IS NULL"
                         " AND ended_ms IS NULL AND process <> ?1 LIMIT 256",
                         args, 1, &lost);
    } while (count > 0);
    if (count < 0)
        return (jm_status)count;
    return queue_write(q,
                       "UPDATE queue_attempts SET place = 0 WHERE place = 1 AND holder IS NULL"
                       " AND process <> ?1",
                       args, 1, NULL);
}

int64_t attempts_expire(struct queue *q, int64_t limit)
{
    const struct change_failure expired = {
        .outcome = OUTCOME_EXPIRED,
        .sentence = JM_SPAN("Whoever did the job gave no sign of life in time: its lease expired"),
    };
    const jm_value args[] = {JM_INT(queue_now_ms(q)), JM_INT(limit)};
    return fail_all(q,
                    "SELECT job FROM queue_attempts WHERE ended_ms IS NULL AND expires_ms <= ?1"
                    " ORDER BY expires_ms LIMIT ?2",
                    args, JM_COUNT(args), &expired);
}

int64_t attempts_release(struct queue *q, jm_span holder)
{
    const struct change_failure released = {
        .outcome = OUTCOME_RELEASED,
        .sentence = JM_SPAN("Whoever did the job has gone"),
    };
    const jm_value args[] = {JM_TEXT(holder)};
    int64_t total = 0;
    int64_t count;
    do {
        count = fail_all(q,
                         "SELECT job FROM queue_attempts WHERE place = 1 AND holder = ?1"
                         " AND ended_ms IS NULL LIMIT 256",
                         args, 1, &released);
        total += count;
    } while (count == LOST_AT_ONCE);
    return count < 0 ? count : total;
}

static jm_status take_history(void *user, const jm_value *columns, size_t count)
{
    const jm_value *c = columns;
    jm_span texts[4];
    (void)count;
    for (size_t i = 0; i < JM_COUNT(texts); i++)
        texts[i] = c[3 + i].type == JM_VALUE_TEXT ? c[3 + i].bytes : (jm_span){NULL, 0};
    json_t *details = jm_span_absent(texts[3]) ? json_null() : job_object(texts[3]);
    return json_array_append_new(
               user, json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "attempt",
                               (json_int_t)c[0].integer, "started_at", job_time(c[1].integer),
                               "ended_at", job_time(c[2].type == JM_VALUE_INT ? c[2].integer : 0),
                               "outcome", job_text(texts[0]), "error", job_text(texts[1]), "holder",
                               job_text(texts[2]), "details", details)) < 0
               ? JM_ENOMEM
               : JM_OK;
}

jm_status attempts_json(const struct queue *q, const struct job *job, json_t **json_out)
{
    const jm_value args[] = {JM_INT(job->num)};
    *json_out = json_array();
    return queue_select(q,
                        "SELECT number, started_ms, ended_ms, outcome, error, holder, details"
                        " FROM queue_attempts WHERE job = ?1 ORDER BY number",
                        args, 1, take_history, *json_out);
}
