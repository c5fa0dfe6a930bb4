/* One statement for each combination of filters, each with an index that is in its order. */
#include "query.h"

#define SQL_BYTES 1536

/* Of a statement whose ?1 and ?2 are limit and offset. */
struct filter {
    char where[256];
    jm_value args[7];
    size_t count;
};

static void add(struct filter *filter, const char *column, jm_value value)
{
    size_t used = strlen(filter->where);
    filter->args[filter->count++] = value;
    snprintf(filter->where + used, sizeof(filter->where) - used, "%s %s = ?%zu",
             used == 0 ? " WHERE" : " AND", column, filter->count);
}

/* The first filter that is there is the index's; a '+' keeps the others from being one, as they are
 * mostly less rare. */
static void filter_init(struct filter *filter, const struct query *query)
{
    bool has_photo = query->photo != 0;
    bool has_group = !jm_span_absent(query->group);
    bool has_kind = !jm_span_absent(query->kind);
    if (has_photo)
        add(filter, "photo_id", JM_INT(query->photo));
    if (has_group)
        add(filter, has_photo ? "+grp" : "grp", JM_TEXT(query->group));
    if (has_kind)
        add(filter, has_photo || has_group ? "+kind" : "kind", JM_TEXT(query->kind));
    if (query->state != 0)
        add(filter, has_photo ? "+state" : "state", JM_INT(query->state));
    if (query->priority != 0)
        add(filter,
            has_photo || has_group || has_kind || query->state != 0 ? "+priority" : "priority",
            JM_INT(query->priority));
}

struct list {
    query_json_fn json_of;
    json_t *array;
};

static jm_status take_job(void *user, const jm_value *columns, size_t count)
{
    struct list *list = user;
    struct job job;
    (void)count;
    job_read(columns, &job);
    return json_array_append_new(list->array, list->json_of(&job)) < 0 ? JM_ENOMEM : JM_OK;
}

/* A kind without a state would have to be sorted out of five runs of its index: each gives its
 * newest, and the newest of these are taken. */
static void of_all_states(char sql_out[SQL_BYTES])
{
    size_t used = 0;
    for (int state = QUEUE_PENDING; state <= QUEUE_CANCELLED; state++)
        used += (size_t)snprintf(sql_out + used, SQL_BYTES - used,
                                 "%s SELECT * FROM (SELECT num FROM queue_jobs WHERE kind = ?3 AND"
                                 " state = %d ORDER BY num DESC LIMIT ?1 + ?2)",
                                 state == QUEUE_PENDING ? "" : " UNION ALL", state);
}

static void of_filter(char sql_out[SQL_BYTES], const struct filter *filter)
{
    snprintf(sql_out, SQL_BYTES, "SELECT num FROM queue_jobs%s", filter->where);
}

jm_status query_list(const struct queue *q, const struct query *query, query_json_fn json_of,
                     json_t **json_out)
{
    struct filter filter = {.count = 2};
    char inner[SQL_BYTES];
    char sql[2 * SQL_BYTES];
    filter.args[0] = JM_INT(query->limit);
    filter.args[1] = JM_INT(query->offset);
    filter_init(&filter, query);
    bool is_kind_only = filter.count == 3 && !jm_span_absent(query->kind);
    if (is_kind_only)
        of_all_states(inner);
    else
        of_filter(inner, &filter);
    snprintf(sql, sizeof(sql),
             "SELECT " JOB_COLUMNS " FROM (%s ORDER BY num DESC LIMIT ?1 OFFSET ?2) p"
             " JOIN queue_jobs j ON j.num = p.num LEFT JOIN queue_attempts a ON a.job = j.num"
             " AND a.number = j.attempt AND a.ended_ms IS NULL ORDER BY j.num DESC",
             inner);
    struct list list = {json_of, json_array()};
    jm_status status = queue_select(q, sql, filter.args, filter.count, take_job, &list);
    if (status < 0)
        json_decref(list.array);
    else
        *json_out = list.array;
    return status;
}

jm_status query_count(const struct queue *q, const struct query *query, int64_t *count_out)
{
    struct filter filter = {.count = 0};
    char sql[SQL_BYTES];
    bool is_single = query->photo != 0 || !jm_span_absent(query->group);
    filter_init(&filter, query);
    snprintf(sql, sizeof(sql), "SELECT coalesce(sum(%s), 0) FROM %s%s", is_single ? "1" : "n",
             is_single ? "queue_jobs" : "queue_totals", filter.where);
    *count_out = 0;
    return queue_select(q, sql, filter.args, filter.count, jm_row_integer, count_out);
}
