/* One step in the index of ready jobs, however many there are. */
#include "pick.h"

#include "dispatch.h"
#include "groups.h"
#include "registry.h"

#define SET_ASIDE_AT_ONCE 256

struct candidate {
    struct pick pick;
    bool is_held;
};

static jm_status take_candidate(void *user, const jm_value *columns, size_t count)
{
    struct candidate *candidate = user;
    (void)count;
    candidate->pick = (struct pick){columns[0].integer, columns[1].integer};
    candidate->is_held = columns[2].integer != 0;
    return JM_OK;
}

jm_status pick_next(struct queue *q, jm_span kind, struct pick *pick_out, bool *more_out)
{
    const jm_value args[] = {JM_TEXT(kind)};
    jm_status status = JM_OK;
    for (int i = 0; i < SET_ASIDE_AT_ONCE && status == JM_OK; i++) {
        struct candidate candidate = {{0, 0}, false};
        status = queue_select(q,
                              "SELECT num, rank, EXISTS(SELECT 1 FROM queue_groups g"
                              " WHERE g.grp = queue_jobs.grp AND g.mode <> 2)"
                              " FROM queue_jobs INDEXED BY queue_jobs_ready"
                              " WHERE state = 1 AND gate = 0 AND kind = ?1"
                              " ORDER BY rank LIMIT 1",
                              args, 1, take_candidate, &candidate);
        *pick_out = candidate.pick;
        if (status < 0 || !candidate.is_held)
            return status;
        status = groups_set_aside(q, candidate.pick.num);
    }
    *pick_out = (struct pick){0, 0};
    *more_out = true;
    return status;
}

jm_status pick_room(const struct queue *q, jm_span kind, bool is_remote, int64_t *room_out)
{
    const struct executor *executor = registry_executor(q, kind);
    int64_t limit = options_kind_limit(&q->options, kind);
    int64_t taken = 0;
    if (limit == 0 && !is_remote && executor != NULL)
        limit = executor->concurrency;
    *room_out = INT32_MAX;
    if (limit == 0)
        return JM_OK;
    const jm_value args[] = {JM_TEXT(kind)};
    jm_status status =
        queue_select(q, "SELECT count(*) FROM queue_attempts WHERE place = 1 AND kind = ?1", args,
                     1, jm_row_integer, &taken);
    *room_out = limit > taken ? limit - taken : 0;
    return status;
}
