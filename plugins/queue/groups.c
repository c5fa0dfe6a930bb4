/* Rows of queue_groups: only of groups that something is to be done about. */
#include "groups.h"

#include "after.h"
#include "change.h"
#include "counts.h"

#define MODE_HELD 1
#define MODE_RELEASING 2
#define MODE_CANCELLING 3

#define RELEASE_AT_ONCE 512
#define CANCEL_AT_ONCE 128
#define GROUP_BYTES 160

struct due {
    char group[GROUP_BYTES];
    int64_t mode; /* 0: nothing is to be done */
};

static jm_status set_mode(struct queue *q, jm_span group, int64_t mode)
{
    const jm_value args[] = {JM_TEXT(group), JM_INT(mode)};
    after_arm(q);
    return queue_write(q,
                       "INSERT OR REPLACE INTO queue_groups(grp, mode, up_to)"
                       " VALUES(?1, ?2, (SELECT max(num) FROM queue_jobs))",
                       args, JM_COUNT(args), NULL);
}

static jm_status forget(struct queue *q, jm_span group)
{
    const jm_value args[] = {JM_TEXT(group)};
    return queue_write(q, "DELETE FROM queue_groups WHERE grp = ?1", args, 1, NULL);
}

static jm_status mode_of(const struct queue *q, jm_span group, int64_t *mode_out)
{
    const jm_value args[] = {JM_TEXT(group)};
    *mode_out = 0;
    return queue_select(q, "SELECT mode FROM queue_groups WHERE grp = ?1", args, 1, jm_row_integer,
                        mode_out);
}

jm_status groups_hold(struct queue *q, jm_span group, bool held)
{
    int64_t mode = 0;
    jm_status status = mode_of(q, group, &mode);
    if (status < 0 || mode == MODE_CANCELLING)
        return status;
    if (held)
        return set_mode(q, group, MODE_HELD);
    return mode == MODE_HELD ? set_mode(q, group, MODE_RELEASING) : JM_OK;
}

jm_status groups_set_aside(struct queue *q, int64_t num)
{
    const jm_value args[] = {JM_INT(num)};
    return queue_write(q, "UPDATE queue_jobs SET gate = 2 WHERE num = ?1", args, 1, NULL);
}

static jm_status release_some(struct queue *q, jm_span group)
{
    const jm_value args[] = {JM_TEXT(group), JM_INT(RELEASE_AT_ONCE)};
    int64_t changes = 0;
    jm_status status = queue_write(
        q,
        "UPDATE queue_jobs SET gate = 0 WHERE num IN"
        " (SELECT num FROM queue_jobs INDEXED BY queue_jobs_held WHERE state = 1 AND gate = 2"
        " AND grp = ?1 ORDER BY rank LIMIT ?2)",
        args, JM_COUNT(args), &changes);
    return status < 0 || changes > 0 ? status : forget(q, group);
}

struct numbers {
    int64_t nums[CANCEL_AT_ONCE];
    size_t count;
};

static jm_status take_number(void *user, const jm_value *columns, size_t count)
{
    struct numbers *numbers = user;
    (void)count;
    if (numbers->count < CANCEL_AT_ONCE)
        numbers->nums[numbers->count++] = columns[0].integer;
    return JM_OK;
}

/* Those that run first: they cost the most. Jobs that have come since are let go afterwards. */
static jm_status cancel_some(struct queue *q, jm_span group)
{
    const jm_value args[] = {JM_TEXT(group), JM_INT(CANCEL_AT_ONCE)};
    struct numbers found = {.count = 0};
    jm_status status = queue_select(q,
                                    "SELECT num FROM queue_jobs WHERE grp = ?1 AND state IN (1, 2)"
                                    " AND num <= (SELECT up_to FROM queue_groups WHERE grp = ?1)"
                                    " ORDER BY state DESC LIMIT ?2",
                                    args, JM_COUNT(args), take_number, &found);
    for (size_t i = 0; i < found.count && status == JM_OK; i++) {
        struct job job;
        status = job_load_num(q, found.nums[i], &job);
        if (status == JM_OK)
            status = change_cancel(q, &job);
        job_fini(&job);
    }
    return status < 0 || found.count == CANCEL_AT_ONCE ? status
                                                       : set_mode(q, group, MODE_RELEASING);
}

int64_t groups_cancel(struct queue *q, jm_span group)
{
    queue_counts counts;
    jm_status status = counts_read(q, group, &counts);
    if (status == JM_OK)
        status = set_mode(q, group, MODE_CANCELLING);
    if (status == JM_OK)
        status = cancel_some(q, group);
    return status < 0 ? status : counts.pending + counts.processing;
}

static jm_status take_due(void *user, const jm_value *columns, size_t count)
{
    struct due *due = user;
    (void)count;
    snprintf(due->group, sizeof(due->group), "%.*s", JM_SPAN_ARGS(columns[0].bytes));
    due->mode = columns[1].integer;
    return JM_OK;
}

jm_status groups_step(struct queue *q, bool *more_out)
{
    struct due due = {.mode = 0};
    jm_status status = queue_select(q, "SELECT grp, mode FROM queue_groups WHERE mode <> 1 LIMIT 1",
                                    NULL, 0, take_due, &due);
    if (status < 0 || due.mode == 0)
        return status;
    *more_out = true;
    jm_span group = jm_span_of(due.group);
    return due.mode == MODE_RELEASING ? release_some(q, group) : cancel_some(q, group);
}
