/* The most urgent of the heads of all kinds that have room, until there is no place or no job. */
#include "dispatch.h"

#include "after.h"
#include "calls.h"
#include "change.h"
#include "events.h"
#include "pick.h"
#include "registry.h"
#include "settings.h"

/* A turn may be followed by a few others before clients have their chance. */
#define BEGIN_AT_ONCE 16
#define KINDS_MAX 64

/* A kind that this process does. */
struct lane {
    jm_span kind;
    int64_t room;
    struct pick head;
};

bool dispatch_is_paused(const struct queue *q)
{
    int64_t paused = 0;
    (void)queue_select(q, "SELECT value FROM queue_settings WHERE name = 'paused'", NULL, 0,
                       jm_row_integer, &paused);
    return paused != 0;
}

jm_status dispatch_set_paused(struct queue *q, bool paused)
{
    const jm_value args[] = {JM_INT(paused ? 1 : 0)};
    if (dispatch_is_paused(q) == paused)
        return JM_OK;
    after_arm(q);
    jm_status status =
        queue_write(q, "INSERT OR REPLACE INTO queue_settings(name, value) VALUES('paused', ?1)",
                    args, 1, NULL);
    return status < 0 ? status : events_paused(q, paused);
}

int64_t dispatch_concurrency(const struct queue *q)
{
    int64_t limit = settings_concurrency(q);
    return limit > 0 ? limit : q->options.concurrency;
}

static jm_status places_taken(const struct queue *q, int64_t *taken_out)
{
    *taken_out = 0;
    return queue_select(q, "SELECT count(*) FROM queue_attempts WHERE place = 1 AND holder IS NULL",
                        NULL, 0, jm_row_integer, taken_out);
}

static jm_status open_lanes(struct queue *q, struct lane *lanes, size_t *count_out, bool *more_out)
{
    const struct executor *executor;
    jm_status status = JM_OK;
    size_t at = 0;
    *count_out = 0;
    while (status == JM_OK && (executor = registry_next(q, &at)) != NULL) {
        struct lane *lane = &lanes[*count_out];
        if (executor->start == NULL)
            continue;
        lane->kind = jm_span_of(executor->kind);
        status = pick_room(q, lane->kind, false, &lane->room);
        if (status == JM_OK && lane->room > 0) {
            status = pick_next(q, lane->kind, &lane->head, more_out);
            *count_out += 1;
        }
    }
    return status;
}

static struct lane *most_urgent(struct lane *lanes, size_t count)
{
    struct lane *best = NULL;
    for (size_t i = 0; i < count; i++) {
        struct lane *lane = &lanes[i];
        if (lane->room > 0 && lane->head.num != 0 &&
            (best == NULL || lane->head.rank < best->head.rank))
            best = lane;
    }
    return best;
}

static jm_status begin(struct queue *q, int64_t num)
{
    struct job job;
    char lease[QUEUE_LEASE_SIZE];
    jm_status status = job_load_num(q, num, &job);
    if (status == JM_OK)
        status = change_start(q, &job, (jm_span){NULL, 0}, q->options.attempt_ms, lease);
    if (status == JM_OK)
        status = calls_start(q, &job);
    job_fini(&job);
    return status;
}

jm_status dispatch_run(struct queue *q, bool *more_out)
{
    struct lane lanes[KINDS_MAX];
    struct lane *lane;
    size_t count = 0;
    int64_t taken = 0;
    if (dispatch_is_paused(q))
        return JM_OK;
    jm_status status = places_taken(q, &taken);
    int64_t room = dispatch_concurrency(q) - taken;
    if (status < 0 || room <= 0)
        return status;
    status = open_lanes(q, lanes, &count, more_out);
    int64_t left = room < BEGIN_AT_ONCE ? room : BEGIN_AT_ONCE;
    while (status == JM_OK && left > 0 && (lane = most_urgent(lanes, count)) != NULL) {
        status = begin(q, lane->head.num);
        lane->room--;
        left--;
        if (status == JM_OK)
            status = pick_next(q, lane->kind, &lane->head, more_out);
    }
    if (left == 0 && room > BEGIN_AT_ONCE)
        *more_out = true;
    return status;
}
