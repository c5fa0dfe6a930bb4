/* Leasing is the dispatch of somebody who asks. */
#include "lease.h"

#include "change.h"
#include "dispatch.h"
#include "pick.h"

static jm_status best_of(struct queue *q, const struct lease_wish *wish, struct pick *best_out,
                         bool *more_out)
{
    jm_status status = JM_OK;
    *best_out = (struct pick){0, 0};
    for (size_t i = 0; i < wish->kind_count && status == JM_OK; i++) {
        struct pick head = {0, 0};
        int64_t room = 0;
        status = pick_room(q, wish->kinds[i], true, &room);
        if (status == JM_OK && room > 0)
            status = pick_next(q, wish->kinds[i], &head, more_out);
        if (head.num != 0 && (best_out->num == 0 || head.rank < best_out->rank))
            *best_out = head;
    }
    return status;
}

jm_status lease_take(struct queue *q, const struct lease_wish *wish, json_t **json_out,
                     bool *more_out)
{
    struct pick best;
    struct job job;
    char lease[QUEUE_LEASE_SIZE];
    *json_out = NULL;
    if (dispatch_is_paused(q))
        return JM_OK;
    jm_status status = best_of(q, wish, &best, more_out);
    if (status < 0 || best.num == 0)
        return status;
    status = job_load_num(q, best.num, &job);
    int64_t ttl_ms = wish->ttl_ms > 0 ? wish->ttl_ms : q->options.lease_ms;
    if (status == JM_OK)
        status = change_start(q, &job, wish->holder, ttl_ms, lease);
    if (status == JM_OK) {
        *json_out = job_json(&job);
        status = *json_out == NULL ? JM_ENOMEM : JM_OK;
        json_object_set_new(*json_out, "lease_ms", json_integer((json_int_t)ttl_ms));
    }
    job_fini(&job);
    return status;
}
