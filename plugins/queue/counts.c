/* Sums over a few rows. */
#include "counts.h"

#include "machine.h"

static jm_status take_count(void *user, const jm_value *columns, size_t count)
{
    queue_counts *counts = user;
    int64_t *const by_state[] = {
        [QUEUE_PENDING] = &counts->pending,     [QUEUE_PROCESSING] = &counts->processing,
        [QUEUE_COMPLETED] = &counts->completed, [QUEUE_FAILED] = &counts->failed,
        [QUEUE_CANCELLED] = &counts->cancelled,
    };
    (void)count;
    *by_state[columns[0].integer] = columns[1].integer;
    return JM_OK;
}

jm_status counts_read(const struct queue *q, jm_span group, queue_counts *counts_out)
{
    *counts_out = (queue_counts){.size = sizeof(queue_counts)};
    if (jm_span_absent(group))
        return queue_select(q, "SELECT state, sum(n) FROM queue_totals GROUP BY state", NULL, 0,
                            take_count, counts_out);
    const jm_value args[] = {JM_TEXT(group)};
    return queue_select(q, "SELECT state, n FROM queue_group_totals WHERE grp = ?1", args, 1,
                        take_count, counts_out);
}

static jm_status take_priority(void *user, const jm_value *columns, size_t count)
{
    char key[24];
    (void)count;
    snprintf(key, sizeof(key), "%lld", (long long)columns[0].integer);
    return json_object_set_new(user, key, json_integer(columns[1].integer)) < 0 ? JM_ENOMEM : JM_OK;
}

jm_status counts_by_priority(const struct queue *q, int32_t state, json_t **json_out)
{
    const jm_value args[] = {JM_INT(state)};
    *json_out = json_object();
    return queue_select(q,
                        "SELECT priority, sum(n) AS jobs FROM queue_totals"
                        " WHERE ?1 = 0 OR state = ?1 GROUP BY priority HAVING jobs > 0",
                        args, 1, take_priority, *json_out);
}

static jm_status take_kind(void *user, const jm_value *columns, size_t count)
{
    jm_span kind = columns[0].bytes;
    json_t *counts = json_pack("{s:I, s:I}", "pending", (json_int_t)columns[1].integer,
                               "processing", (json_int_t)columns[2].integer);
    (void)count;
    return json_object_setn_new(user, kind.ptr, kind.len, counts) < 0 ? JM_ENOMEM : JM_OK;
}

jm_status counts_by_kind(const struct queue *q, json_t **json_out)
{
    *json_out = json_object();
    return queue_select(q,
                        "SELECT kind, coalesce(sum(n) FILTER (WHERE state = 1), 0),"
                        " coalesce(sum(n) FILTER (WHERE state = 2), 0) FROM queue_totals"
                        " WHERE state IN (1, 2) GROUP BY kind",
                        NULL, 0, take_kind, *json_out);
}
