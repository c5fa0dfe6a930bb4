/* The table: spans and sinks outside, the functions of this folder inside. */
#include "service.h"

#include "after.h"
#include "attempts.h"
#include "change.h"
#include "check.h"
#include "counts.h"
#include "dispatch.h"
#include "groups.h"
#include "lease.h"
#include "query.h"
#include "registry.h"
#include "report.h"
#include "submit.h"

static jm_span last_error(void *user)
{
    const struct queue *q = user;
    return q->api.error->last(q->api.host);
}

static jm_status give(json_t *json_take, queue_sink_fn sink, void *user)
{
    jm_span text = jm_json_dump(json_take);
    json_decref(json_take);
    if (jm_span_absent(text))
        return JM_ENOMEM;
    sink(user, text);
    free((char *)text.ptr);
    return JM_OK;
}

static jm_status register_executor(void *user, const queue_executor *executor, jm_id *token_out)
{
    struct queue *q = user;
    jm_status status = registry_add_executor(q, executor, token_out);
    /* Jobs may have waited for it. */
    if (status == JM_OK && q->active)
        after_arm(q);
    return status;
}

static jm_status register_listener(void *user, jm_span kind, queue_listener_fn fn, void *fn_user,
                                   jm_id *token_out)
{
    return registry_add_listener(user, kind, fn, fn_user, token_out);
}

static jm_status unregister(void *user, jm_id token)
{
    return registry_remove(user, token);
}

static jm_status submit(void *user, const queue_submission *submission, char *id_out,
                        int32_t *created_out)
{
    return submit_one(user, submission, id_out, created_out);
}

static jm_status progress(void *user, jm_span job, jm_span lease, jm_span stage, double percent,
                          jm_span message, jm_span details_json)
{
    return report_progress(user, job, lease, stage, percent, message, details_json);
}

static jm_status complete(void *user, jm_span job, jm_span lease, jm_span result_json)
{
    return report_complete(user, job, lease, result_json);
}

static jm_status fail(void *user, jm_span job, jm_span lease, jm_span sentence,
                      jm_span details_json, int32_t final)
{
    return report_failure(user, job, lease, sentence, details_json, final != 0);
}

static jm_status lease_next(void *user, jm_span kind, jm_span holder, uint32_t ttl_ms,
                            queue_sink_fn sink, void *sink_user)
{
    struct queue *q = user;
    const struct lease_wish wish = {&kind, 1, holder, ttl_ms};
    json_t *json = NULL;
    bool more = true;
    jm_status status = check_kind(q, kind);
    if (status == JM_OK)
        status = check_text(q, "holder", holder, CHECK_HOLDER_BYTES);
    while (status == JM_OK && json == NULL && more) {
        more = false;
        status = lease_take(q, &wish, &json, &more);
    }
    if (status == JM_OK && json == NULL)
        status = queue_fail(q, JM_ENOENT, "No job of the kind \"%.*s\" waits", JM_SPAN_ARGS(kind));
    return status < 0 ? status : give(json, sink, sink_user);
}

static jm_status renew(void *user, jm_span job, jm_span lease)
{
    return report_alive(user, job, lease);
}

static int64_t release_holder(void *user, jm_span holder)
{
    return attempts_release(user, holder);
}

static jm_status cancel(void *user, jm_span id)
{
    struct job job;
    jm_status status = job_load(user, id, &job);
    if (status == JM_OK)
        status = change_cancel(user, &job);
    job_fini(&job);
    return status;
}

static jm_status retry(void *user, jm_span id)
{
    struct job job;
    jm_status status = job_load(user, id, &job);
    if (status == JM_OK)
        status = change_retry(user, &job);
    job_fini(&job);
    return status;
}

static jm_status set_priority(void *user, jm_span id, int32_t priority, jm_span reason)
{
    struct job job = {0};
    jm_status status = check_priority(user, priority);
    if (status == JM_OK)
        status = job_load(user, id, &job);
    if (status == JM_OK)
        status = change_priority(user, &job, priority, false, reason);
    job_fini(&job);
    return status;
}

static jm_status get(void *user, jm_span id, queue_sink_fn sink, void *sink_user)
{
    struct job job;
    jm_status status = job_load(user, id, &job);
    if (status == JM_OK)
        status = give(job_json(&job), sink, sink_user);
    job_fini(&job);
    return status;
}

static jm_status list(void *user, jm_span kind, jm_span group, jm_span status_word, int64_t limit,
                      queue_sink_fn sink, void *sink_user)
{
    struct query query = {.kind = kind, .group = group, .limit = limit < 0 ? QUERY_MAX : limit};
    json_t *json = NULL;
    if (!jm_span_absent(status_word)) {
        query.state = machine_state_named(status_word);
        if (query.state == 0)
            return queue_fail((struct queue *)user, JM_EINVAL, "\"%.*s\" is no status of a job",
                              JM_SPAN_ARGS(jm_span_cut(status_word, 64)));
    }
    jm_status status = query_list(user, &query, job_json, &json);
    return status < 0 ? status : give(json, sink, sink_user);
}

static jm_status hold_group(void *user, jm_span group, int32_t held)
{
    jm_status status = check_text(user, "group", group, CHECK_GROUP_BYTES);
    return status < 0 ? status : groups_hold(user, group, held != 0);
}

static int64_t cancel_group(void *user, jm_span group)
{
    jm_status status = check_text(user, "group", group, CHECK_GROUP_BYTES);
    return status < 0 ? status : groups_cancel(user, group);
}

static jm_status count(void *user, jm_span group, queue_counts *counts_out)
{
    return counts_read(user, group, counts_out);
}

static jm_status set_paused(void *user, int32_t paused)
{
    return dispatch_set_paused(user, paused != 0);
}

static int32_t is_paused(void *user)
{
    return dispatch_is_paused(user) ? 1 : 0;
}

static const queue_service table = {
    .size = sizeof(queue_service),
    .last_error = last_error,
    .register_executor = register_executor,
    .register_listener = register_listener,
    .unregister = unregister,
    .submit = submit,
    .progress = progress,
    .complete = complete,
    .fail = fail,
    .lease = lease_next,
    .renew = renew,
    .release_holder = release_holder,
    .cancel = cancel,
    .retry = retry,
    .set_priority = set_priority,
    .get = get,
    .list = list,
    .hold_group = hold_group,
    .cancel_group = cancel_group,
    .count = count,
    .set_paused = set_paused,
    .is_paused = is_paused,
};

jm_status service_provide(struct queue *q)
{
    return q->api.service->provide(q->api.host, QUEUE_SERVICE, &table, q);
}
