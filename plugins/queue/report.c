/* Check, find the attempt, change the job. */
#include "report.h"

#include "attempts.h"
#include "change.h"
#include "check.h"

jm_status report_progress(struct queue *q, jm_span job_id, jm_span lease, jm_span stage,
                          double percent, jm_span message, jm_span details_json)
{
    struct job job = {0};
    bool is_live = false;
    jm_status status = check_text(q, "stage", stage, CHECK_STAGE_BYTES);
    if (status == JM_OK)
        status = check_percent(q, percent);
    if (status == JM_OK)
        status = check_object(q, "details", details_json);
    if (status == JM_OK)
        status = job_load(q, job_id, &job);
    is_live = job.state == QUEUE_PROCESSING && jm_span_equal(job.lease, lease);
    if (status == JM_OK && !is_live)
        status = queue_fail(q, JM_ESTATE, "This lease of job %s has ended; the job's status is %s",
                            job.id, machine_state_name(job.state));
    if (status == JM_OK)
        status = change_progress(q, &job, stage, percent,
                                 jm_span_cut(message, CHECK_SENTENCE_BYTES), details_json);
    job_fini(&job);
    return status;
}

jm_status report_complete(struct queue *q, jm_span job_id, jm_span lease, jm_span result_json)
{
    struct job job = {0};
    bool is_live = false;
    jm_span result = jm_span_absent(result_json) ? JM_SPAN("{}") : result_json;
    jm_status status = check_object(q, "result", result);
    if (status == JM_OK)
        status = attempts_find(q, job_id, lease, &job, &is_live);
    if (status == JM_OK && is_live)
        status = change_complete(q, &job, result);
    job_fini(&job);
    return status;
}

jm_status report_failure(struct queue *q, jm_span job_id, jm_span lease, jm_span sentence,
                         jm_span details_json, bool is_final)
{
    struct job job = {0};
    bool is_live = false;
    jm_status status = check_object(q, "details", details_json);
    const struct change_failure failure = {
        .outcome = OUTCOME_FAILED,
        .sentence = sentence.len == 0 ? JM_SPAN("The attempt failed without saying why")
                                      : jm_span_cut(sentence, CHECK_SENTENCE_BYTES),
        .details_json = details_json,
        .is_final = is_final,
    };
    if (status == JM_OK)
        status = attempts_find(q, job_id, lease, &job, &is_live);
    if (status == JM_OK && is_live)
        status = change_fail(q, &job, &failure);
    job_fini(&job);
    return status;
}

jm_status report_alive(struct queue *q, jm_span job_id, jm_span lease)
{
    struct job job = {0};
    jm_status status = job_load(q, job_id, &job);
    if (status == JM_OK && (job.state != QUEUE_PROCESSING || !jm_span_equal(job.lease, lease)))
        status = queue_fail(q, JM_ESTATE, "This lease of job %s has ended; the job's status is %s",
                            job.id, machine_state_name(job.state));
    if (status == JM_OK)
        status = attempts_renew(q, &job);
    job_fini(&job);
    return status;
}
