/* Rows of batch_batches, and their progress. */
#include "batches.h"

#include "services.h"

#include <junmai/sdk/utc.h>
#include <math.h>

#define COLUMNS \
    "num, id, status, session_id, total, missing, started_at, paused_at, completed_at, kind"

static int64_t number(const jm_value *column)
{
    return column->type == JM_VALUE_INT ? column->integer : 0;
}

static void read_row(const jm_value *c, struct batch *batch)
{
    *batch = (struct batch){
        .num = c[0].integer,
        .session = number(&c[3]),
        .total = c[4].integer,
        .missing = c[5].integer,
        .started_ms = number(&c[6]),
        .paused_ms = number(&c[7]),
        .completed_ms = number(&c[8]),
    };
    snprintf(batch->id, sizeof(batch->id), "%.*s", JM_SPAN_ARGS(c[1].bytes));
    snprintf(batch->status, sizeof(batch->status), "%.*s", JM_SPAN_ARGS(c[2].bytes));
    snprintf(batch->kind, sizeof(batch->kind), "%.*s", JM_SPAN_ARGS(c[9].bytes));
}

static jm_status take_one(void *user, const jm_value *columns, size_t count)
{
    (void)count;
    read_row(columns, user);
    return JM_OK;
}

jm_status batch_load(const struct batch_core *core, jm_span id, struct batch *batch_out)
{
    jm_value args[] = {JM_TEXT(id)};
    *batch_out = (struct batch){.num = 0};
    jm_status status = batch_sql(core, "SELECT " COLUMNS " FROM batch_batches WHERE id = ?1", args,
                                 1, take_one, batch_out);
    if (status == JM_OK && batch_out->num == 0)
        status = batch_fail(core, JM_ENOENT, "Batch not found");
    return status;
}

struct batch_array {
    struct batch *items;
    size_t count;
    int64_t capacity;
};

static jm_status take_next(void *user, const jm_value *columns, size_t count)
{
    struct batch_array *array = user;
    (void)count;
    read_row(columns, &array->items[array->count++]);
    return JM_OK;
}

static jm_status append_json(const struct batch_core *core, const struct batch *batch,
                             json_t *batches)
{
    struct batch_progress progress;
    jm_status status = batch_progress_read(core, batch, &progress);
    if (status < 0)
        return status;
    return json_array_append_new(batches, batch_json(batch, &progress)) < 0 ? JM_ENOMEM : JM_OK;
}

jm_status batch_list(const struct batch_core *core, jm_span wanted, int64_t limit,
                     json_t **batches_out)
{
    jm_value args[] = {jm_value_text(wanted), JM_INT(limit)};
    struct batch_array array = {calloc((size_t)limit + 1, sizeof(struct batch)), 0, limit};
    json_t *batches = json_array();
    jm_status status = array.items == NULL || batches == NULL ? JM_ENOMEM : JM_OK;
    if (status == JM_OK)
        status = batch_sql(core,
                           "SELECT " COLUMNS " FROM batch_batches WHERE ?1 IS NULL OR status = ?1"
                           " ORDER BY num DESC LIMIT ?2",
                           args, JM_COUNT(args), take_next, &array);
    for (size_t i = 0; i < array.count && status == JM_OK; i++)
        status = append_json(core, &array.items[i], batches);
    free(array.items);
    if (status < 0)
        json_decref(batches);
    else
        *batches_out = batches;
    return status;
}

jm_status batch_each_open(const struct batch_core *core, jm_row_fn row, void *user)
{
    return batch_sql(core,
                     "SELECT id FROM batch_batches INDEXED BY batch_open"
                     " WHERE status IN ('running', 'paused') ORDER BY num",
                     NULL, 0, row, user);
}

bool batch_is(const struct batch *batch, const char *status)
{
    return strcmp(batch->status, status) == 0;
}

jm_status batch_progress_read(const struct batch_core *core, const struct batch *batch,
                              struct batch_progress *progress_out)
{
    const queue_service *queue;
    queue_counts counts = {.size = sizeof(queue_counts)};
    jm_status status = batch_queue(core, &queue);
    if (status == JM_OK)
        status = batch_queue_result(
            core, queue->count(core->queue->provider_data, jm_span_of(batch->id), &counts));
    if (status < 0)
        return status;
    struct batch_progress progress = {
        .processed = counts.completed,
        .failed = counts.failed + batch->missing,
        .cancelled = counts.cancelled,
        .processing = counts.processing,
        .has_open_jobs = counts.pending + counts.processing > 0,
    };
    int64_t left = batch->total - progress.processed - progress.failed - progress.processing;
    /* Of a batch that has ended nothing waits any more, also what never had a job. */
    if (batch->completed_ms != 0 && !progress.has_open_jobs)
        progress.cancelled = left;
    progress.pending = left - progress.cancelled;
    *progress_out = progress;
    return JM_OK;
}

double batch_percent(const struct batch *batch, const struct batch_progress *progress)
{
    return round((double)progress->processed * 10000 / (double)batch->total) / 100;
}

static json_t *time_json(int64_t utc_ms)
{
    char text[JM_UTC_BYTES];
    if (utc_ms == 0)
        return json_null();
    jm_utc_format(utc_ms, text);
    return json_string(text);
}

json_t *batch_json(const struct batch *batch, const struct batch_progress *progress)
{
    return json_pack(
        "{s:s, s:o, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:f, s:o, s:o, s:o, s:o}", "batch_id",
        batch->id, "session_id", batch->session == 0 ? json_null() : json_integer(batch->session),
        "status", batch->status, "kind", batch->kind, "total_photos", (json_int_t)batch->total,
        "processed_count", (json_int_t)progress->processed, "failed_count",
        (json_int_t)progress->failed, "cancelled_count", (json_int_t)progress->cancelled,
        "processing_count", (json_int_t)progress->processing, "pending_count",
        (json_int_t)progress->pending, "progress_percent", batch_percent(batch, progress),
        "created_at", time_json(batch->started_ms), "started_at", time_json(batch->started_ms),
        "paused_at", time_json(batch->paused_ms), "completed_at", time_json(batch->completed_ms));
}

jm_status batch_has_parts(const struct batch_core *core, const struct batch *batch, bool *has_out)
{
    jm_value args[] = {JM_INT(batch->num)};
    int64_t found = 0;
    jm_status status = batch_sql(core, "SELECT 1 FROM batch_parts WHERE batch_num = ?1 LIMIT 1",
                                 args, 1, jm_row_integer, &found);
    *has_out = found != 0;
    return status;
}

jm_status batch_set_status(const struct batch_core *core, struct batch *batch,
                           const char *new_status)
{
    int64_t now_ms = batch_now_ms(core);
    snprintf(batch->status, sizeof(batch->status), "%s", new_status);
    batch->paused_ms = batch_is(batch, "paused") ? now_ms : batch->paused_ms;
    bool has_ended = batch_is(batch, "completed") || batch_is(batch, "cancelled");
    batch->completed_ms = has_ended ? now_ms : 0;
    jm_value args[] = {JM_INT(batch->num), JM_TEXT(jm_span_of(batch->status)),
                       batch->paused_ms == 0 ? JM_NULL : JM_INT(batch->paused_ms),
                       batch->completed_ms == 0 ? JM_NULL : JM_INT(batch->completed_ms)};
    return batch_sql(core,
                     "UPDATE batch_batches SET status = ?2, paused_at = ?3, completed_at = ?4"
                     " WHERE num = ?1",
                     args, JM_COUNT(args), NULL, NULL);
}

jm_status batch_drop_parts(const struct batch_core *core, const struct batch *batch)
{
    jm_value args[] = {JM_INT(batch->num)};
    return batch_sql(core, "DELETE FROM batch_parts WHERE batch_num = ?1", args, 1, NULL, NULL);
}

jm_status batch_delete_before(const struct batch_core *core, int64_t utc_ms, int64_t *count_out)
{
    jm_value args[] = {JM_INT(utc_ms)};
    jm_exec_result result = {0};
    jm_status status = core->api.store->exec(core->api.host,
                                             "DELETE FROM batch_batches WHERE status IN"
                                             " ('completed', 'cancelled') AND completed_at < ?1",
                                             args, 1, NULL, NULL, &result);
    *count_out = result.changes;
    return status;
}
