/* The turn behind a change, and the clock. */
#include "after.h"

#include "attempts.h"
#include "counts.h"
#include "dispatch.h"
#include "events.h"
#include "groups.h"
#include "keys.h"
#include "waiting.h"

#define SLICE_MS 5
#define DUE_AT_ONCE 512
#define EXPIRE_AT_ONCE 128

static jm_status publish_counts(struct queue *q)
{
    queue_counts counts;
    if (!q->counts_dirty)
        return JM_OK;
    jm_status status = counts_read(q, (jm_span){NULL, 0}, &counts);
    if (status == JM_OK)
        status = events_counts(q, &counts);
    if (status == JM_OK)
        q->counts_dirty = false;
    return status;
}

jm_status after_soon(struct queue *q, const char *label, jm_timer_fn fn, void *user)
{
    jm_id timer;
    /* A timer without delay would run in the same round of the loop. */
    return q->api.timer->start(q->api.host, label, 1, 0, fn, user, &timer);
}

uint64_t after_slice_end_ms(const struct queue *q)
{
    return q->api.clock->monotonic_ms(q->api.host) + SLICE_MS;
}

bool after_slice_is_over(const struct queue *q, uint64_t end_ms)
{
    return q->api.clock->monotonic_ms(q->api.host) >= end_ms;
}

static jm_status on_more(void *user, jm_id timer)
{
    (void)timer;
    after_arm(user);
    return JM_OK;
}

/* What this callback did is taken back, and done again with the next tick. */
static jm_status give_up(struct queue *q, jm_status status)
{
    jm_span sentence = q->api.error->last(q->api.host);
    queue_log(q, JM_LOG_ERROR, "the queue could not go on (%d): %.*s", status,
              JM_SPAN_ARGS(sentence));
    q->failed = true;
    q->counts_dirty = true;
    return status;
}

static jm_status on_commit(void *user, jm_status committed)
{
    struct queue *q = user;
    bool more = false;
    (void)committed;
    q->armed = false;
    if (!q->active)
        return publish_counts(q);
    q->failed = false;
    jm_status status = groups_step(q, &more);
    if (status == JM_OK)
        status = waiting_serve(q, &more);
    if (status == JM_OK)
        status = dispatch_run(q, &more);
    if (status == JM_OK)
        status = publish_counts(q);
    if (more && status == JM_OK)
        status = after_soon(q, "go on", on_more, q);
    return status < 0 ? give_up(q, status) : JM_OK;
}

void after_arm(struct queue *q)
{
    if (!q->armed)
        q->armed = q->api.store->after_commit(q->api.host, on_commit, q) == JM_OK;
}

/* Jobs that have waited for their next attempt long enough. Mostly there is none, and a write would cost
 * a commit. */
static jm_status let_due_in(struct queue *q)
{
    const jm_value args[] = {JM_INT(queue_now_ms(q)), JM_INT(DUE_AT_ONCE)};
    int64_t first_ms = INT64_MAX;
    jm_status status = queue_select(q,
                                    "SELECT min(due_ms) FROM queue_jobs INDEXED BY queue_jobs_due"
                                    " WHERE state = 1 AND gate = 1",
                                    NULL, 0, jm_row_integer, &first_ms);
    if (status < 0 || first_ms > args[0].integer)
        return status;
    after_arm(q);
    return queue_write(q,
                       "UPDATE queue_jobs SET gate = 0, due_ms = NULL WHERE num IN"
                       " (SELECT num FROM queue_jobs INDEXED BY queue_jobs_due WHERE state = 1"
                       " AND gate = 1 AND due_ms <= ?1 ORDER BY due_ms LIMIT ?2)",
                       args, JM_COUNT(args), NULL);
}

jm_status after_tick(void *user, jm_id timer)
{
    struct queue *q = user;
    (void)timer;
    waiting_expire(q);
    int64_t expired = attempts_expire(q, EXPIRE_AT_ONCE);
    jm_status status = expired < 0 ? (jm_status)expired : let_due_in(q);
    if (q->failed)
        after_arm(q);
    return status == JM_OK ? keys_expire(q) : status;
}
