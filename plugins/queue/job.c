/* Reading jobs, and writing them as JSON. */
#include "job.h"

#include "ids.h"

#include <junmai/sdk/utc.h>

static int64_t number(const jm_value *column)
{
    return column->type == JM_VALUE_INT ? column->integer : 0;
}

static jm_span text(const jm_value *column)
{
    return column->type == JM_VALUE_TEXT ? column->bytes : (jm_span){NULL, 0};
}

void job_read(const jm_value *columns, struct job *job_out)
{
    const jm_value *c = columns;
    *job_out = (struct job){
        .num = number(&c[0]),
        .kind = text(&c[2]),
        .group = text(&c[3]),
        .photo = number(&c[4]),
        .session = number(&c[5]),
        .priority = (int32_t)number(&c[6]),
        .state = (int32_t)number(&c[7]),
        .attempt = (int32_t)number(&c[8]),
        .last_attempt = (int32_t)number(&c[9]),
        .max_attempts = (int32_t)number(&c[10]),
        .flags = (int32_t)number(&c[11]),
        .created_ms = number(&c[12]),
        .started_ms = number(&c[13]),
        .ended_ms = number(&c[14]),
        .due_ms = number(&c[15]),
        .percent = jm_value_number(&c[16]),
        .stage = text(&c[17]),
        .message = text(&c[18]),
        .config = text(&c[19]),
        .result = text(&c[20]),
        .error = text(&c[21]),
        .lease = text(&c[22]),
        .holder = text(&c[23]),
        .ttl_ms = number(&c[24]),
    };
    snprintf(job_out->id, sizeof(job_out->id), "%.*s", JM_SPAN_ARGS(c[1].bytes));
}

/* Move the texts from the row to memory of the job's own. */
static jm_status keep_texts(struct job *job)
{
    jm_span *const spans[] = {&job->kind,   &job->group, &job->stage, &job->message, &job->config,
                              &job->result, &job->error, &job->lease, &job->holder};
    size_t size = 0;
    for (size_t i = 0; i < JM_COUNT(spans); i++)
        size += spans[i]->len + 1;
    char *at = malloc(size);
    if (at == NULL)
        return JM_ENOMEM;
    job->texts = at;
    for (size_t i = 0; i < JM_COUNT(spans); i++) {
        if (jm_span_absent(*spans[i]))
            continue;
        memcpy(at, spans[i]->ptr, spans[i]->len);
        at[spans[i]->len] = '\0';
        spans[i]->ptr = at;
        at += spans[i]->len + 1;
    }
    return JM_OK;
}

static jm_status take_row(void *user, const jm_value *columns, size_t count)
{
    struct job *job = user;
    (void)count;
    job_read(columns, job);
    return keep_texts(job);
}

jm_status job_load_num(const struct queue *q, int64_t num, struct job *job_out)
{
    const jm_value args[] = {JM_INT(num)};
    *job_out = (struct job){0};
    jm_status status = queue_select(q, "SELECT " JOB_COLUMNS JOB_FROM "WHERE j.num = ?1", args, 1,
                                    take_row, job_out);
    if (status == JM_OK && job_out->num == 0)
        status = queue_fail(q, JM_ENOENT, "Job not found");
    return status;
}

jm_status job_load(const struct queue *q, jm_span id, struct job *job_out)
{
    char canonical[QUEUE_ID_SIZE];
    *job_out = (struct job){0};
    if (!ids_read(id, canonical))
        return queue_fail(q, JM_ENOENT, "Job not found: \"%.*s\" is no id of a job",
                          JM_SPAN_ARGS(jm_span_cut(id, 64)));
    const jm_value args[] = {JM_TEXT(jm_span_of(canonical))};
    jm_status status = queue_select(q, "SELECT " JOB_COLUMNS JOB_FROM "WHERE j.id = ?1", args, 1,
                                    take_row, job_out);
    if (status == JM_OK && job_out->num == 0)
        status = queue_fail(q, JM_ENOENT, "Job not found: %s", canonical);
    return status;
}

void job_fini(struct job *job)
{
    free(job->texts);
    job->texts = NULL;
}

queue_job job_view(const struct job *job)
{
    return (queue_job){
        .size = sizeof(queue_job),
        .state = job->state,
        .priority = job->priority,
        .attempt = job->attempt,
        .id = jm_span_of(job->id),
        .kind = job->kind,
        .group = job->group,
        .lease = job->lease,
        .config = job->config,
        .result = job->result,
        .error = job->error,
        .photo = job->photo,
        .session = job->session,
    };
}

json_t *job_time(int64_t utc_ms)
{
    char text_of_time[JM_UTC_BYTES];
    if (utc_ms == 0)
        return json_null();
    jm_utc_format(utc_ms, text_of_time);
    return json_string(text_of_time);
}

json_t *job_ref(int64_t id)
{
    return id == 0 ? json_null() : json_integer((json_int_t)id);
}

json_t *job_text(jm_span span)
{
    return jm_span_absent(span) ? json_null() : jm_json_text(span);
}

json_t *job_object(jm_span span)
{
    json_t *object = span.len == 0 ? NULL : json_loadb(span.ptr, span.len, 0, NULL);
    return object == NULL ? json_object() : object;
}

/* How often it was begun again. */
static int32_t retries(const struct job *job)
{
    return job->attempt > 1 ? job->attempt - 1 : 0;
}

json_t *job_row_json(const struct job *job)
{
    return json_pack("{s:s, s:o, s:o, s:o, s:i, s:s, s:o, s:o, s:o, s:o, s:i}", "id", job->id,
                     "kind", jm_json_text(job->kind), "photo_id", job_ref(job->photo), "session_id",
                     job_ref(job->session), "priority", job->priority, "status",
                     machine_state_name(job->state), "created_at", job_time(job->created_ms),
                     "started_at", job_time(job->started_ms), "completed_at",
                     job_time(job->ended_ms), "error_message", job_text(job->error), "retry_count",
                     retries(job));
}

json_t *job_json(const struct job *job)
{
    json_t *json = job_row_json(job);
    json_t *result = jm_span_absent(job->result) ? json_null() : job_object(job->result);
    json_t *more = json_pack("{s:o, s:f, s:o, s:o, s:o, s:o, s:i, s:i, s:o, s:o, s:o}", "stage",
                             job_text(job->stage), "progress", job->percent, "message",
                             job_text(job->message), "config", job_object(job->config), "result",
                             result, "lease", job_text(job->lease), "attempt", job->attempt,
                             "max_attempts", job->max_attempts, "group", job_text(job->group),
                             "holder", job_text(job->holder), "due_at", job_time(job->due_ms));
    if (json == NULL || more == NULL || json_object_update_missing(json, more) < 0) {
        json_decref(json);
        json = NULL;
    }
    json_decref(more);
    return json;
}
