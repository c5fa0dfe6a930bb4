/* Rows of queue_keys. */
#include "keys.h"

#define KEPT_MS INT64_C(86400000)
#define FORGET_AT_ONCE 256

static jm_status take_id(void *user, const jm_value *columns, size_t count)
{
    (void)count;
    snprintf(user, QUEUE_ID_SIZE, "%.*s", JM_SPAN_ARGS(columns[0].bytes));
    return JM_OK;
}

jm_status keys_find(const struct queue *q, jm_span key, char id_out[QUEUE_ID_SIZE], bool *found_out)
{
    const jm_value args[] = {JM_TEXT(key), JM_INT(queue_now_ms(q) - KEPT_MS)};
    id_out[0] = '\0';
    jm_status status =
        queue_select(q, "SELECT job FROM queue_keys WHERE key = ?1 AND created_ms > ?2", args,
                     JM_COUNT(args), take_id, id_out);
    *found_out = id_out[0] != '\0';
    return status;
}

jm_status keys_keep(struct queue *q, jm_span key, const char *job_id)
{
    const jm_value args[] = {JM_TEXT(key), JM_TEXT(jm_span_of(job_id)), JM_INT(queue_now_ms(q))};
    return queue_write(q,
                       "INSERT OR REPLACE INTO queue_keys(key, job, created_ms)"
                       " VALUES(?1, ?2, ?3)",
                       args, JM_COUNT(args), NULL);
}

jm_status keys_expire(struct queue *q)
{
    const jm_value args[] = {JM_INT(queue_now_ms(q) - KEPT_MS), JM_INT(FORGET_AT_ONCE)};
    int64_t oldest = INT64_MAX;
    jm_status status =
        queue_select(q, "SELECT min(created_ms) FROM queue_keys", NULL, 0, jm_row_integer, &oldest);
    if (status < 0 || oldest > args[0].integer)
        return status;
    return queue_write(q,
                       "DELETE FROM queue_keys WHERE key IN (SELECT key FROM queue_keys"
                       " WHERE created_ms <= ?1 ORDER BY created_ms LIMIT ?2)",
                       args, JM_COUNT(args), NULL);
}
