/* export_history, and the listener that fills it. */
#include "history.h"

#include "events.h"
#include "jobs.h"
#include "steps.h"

#define COLUMNS                                                                               \
    "SELECT job, photo, preset, status, path, bytes, error, created_ms, started_ms, ended_ms" \
    " FROM export_history "

static int64_t time_of(const json_t *job, const char *key)
{
    const char *text = json_string_value(json_object_get(job, key));
    int64_t utc_ms = 0;
    return text != NULL && jm_utc_parse(jm_span_of(text), &utc_ms) ? utc_ms : 0;
}

static jm_value time_value(int64_t utc_ms)
{
    return utc_ms > 0 ? JM_INT(utc_ms) : JM_NULL;
}

static jm_value text_value(const char *text)
{
    return jm_value_text(jm_span_of(text));
}

/* What the queue says of an export that has ended. */
struct ended {
    json_t *job;
    json_t *config;
    json_t *result;
    const char *preset;
    const char *path;
    int64_t bytes;
};

static void ended_fini(struct ended *ended)
{
    json_decref(ended->job);
    json_decref(ended->config);
    json_decref(ended->result);
}

static void ended_read(const struct export_core *core, const queue_job *job, struct ended *out)
{
    const queue_service *queue = export_queue(core);
    *out = (struct ended){0};
    (void)queue->get(export_queue_data(core), job->id, export_take_json, &out->job);
    out->config = json_loadb(job->config.ptr, job->config.len, 0, NULL);
    if (!jm_span_absent(job->result))
        out->result = json_loadb(job->result.ptr, job->result.len, 0, NULL);
    out->preset = export_preset_text(out->config, "preset");
    out->path = json_string_value(json_object_get(out->result, "output_path"));
    out->bytes = export_preset_int(out->result, "file_size");
}

static jm_status write_down(const struct export_core *core, const queue_job *job,
                            const char *status, const struct ended *ended)
{
    const jm_value args[] = {
        JM_TEXT(job->id),
        JM_INT(job->photo),
        text_value(ended->preset),
        text_value(status),
        text_value(ended->path),
        ended->path == NULL ? JM_NULL : JM_INT(ended->bytes),
        jm_value_text(job->error),
        time_value(time_of(ended->job, "created_at")),
        time_value(time_of(ended->job, "started_at")),
        JM_INT(core->api.clock->utc_ms(core->api.host)),
    };
    return export_exec(core,
                       "INSERT OR REPLACE INTO export_history(job, photo, preset, status, path,"
                       " bytes, error, created_ms, started_ms, ended_ms)"
                       " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                       args, NULL, NULL, NULL);
}

/* The job is over, and none of our runs has it: what it has left goes, and its path is free. */
static jm_status let_go(struct export_core *core, const queue_job *job)
{
    struct export_run *run;
    struct export_record record;
    char id[QUEUE_ID_SIZE];
    char part[PATH_MAX + NAME_MAX + 2];
    snprintf(id, sizeof id, "%.*s", JM_SPAN_ARGS(job->id));
    if (export_run_find(core, job->id, (jm_span){NULL, 0}, &run) != NULL)
        return JM_OK;
    jm_status status = export_record_find(core, id, &record);
    if (status < 0 || !record.known)
        return status;
    if (record.part[0] != '\0') {
        const char *slash = strrchr(record.path, '/');
        snprintf(part, sizeof part, "%.*s/%s", (int)(slash - record.path), record.path,
                 record.part);
        export_unlink(core, part);
    }
    export_paths_give(&core->paths, id);
    return export_record_remove(core, id);
}

static jm_status on_ended(struct export_core *core, const queue_job *job)
{
    static const char *const words[] = {[QUEUE_COMPLETED] = "completed",
                                        [QUEUE_FAILED] = "failed",
                                        [QUEUE_CANCELLED] = "cancelled"};
    struct ended ended;
    ended_read(core, job, &ended);
    jm_status status = write_down(core, job, words[job->state], &ended);
    if (status == JM_OK && job->state == QUEUE_COMPLETED)
        status = export_event_completed(core, job, ended.preset,
                                        ended.path == NULL ? "" : ended.path, ended.bytes);
    if (status == JM_OK && job->state == QUEUE_FAILED)
        status = export_event_failed(core, job, ended.preset);
    if (status == JM_OK)
        status = let_go(core, job);
    ended_fini(&ended);
    return status;
}

jm_status export_on_job(void *user, const queue_job *job, int32_t old_state)
{
    struct export_core *core = user;
    struct export_run *run;
    bool has_ended = job->state == QUEUE_COMPLETED || job->state == QUEUE_FAILED ||
                     job->state == QUEUE_CANCELLED;
    struct export_output *output = old_state == QUEUE_PROCESSING && job->state != QUEUE_COMPLETED
                                       ? export_run_find(core, job->id, (jm_span){NULL, 0}, &run)
                                       : NULL;
    if (output != NULL && run->stage != RUN_REPORTING)
        export_run_cancel(run, output);
    return has_ended ? on_ended(core, job) : JM_OK;
}

static json_t *time_json(const jm_value *column)
{
    char text[JM_UTC_BYTES];
    if (column->type != JM_VALUE_INT)
        return json_null();
    jm_utc_format(column->integer, text);
    return json_string(text);
}

static json_t *value_json(const jm_value *column)
{
    if (column->type == JM_VALUE_TEXT)
        return jm_json_text(column->bytes);
    return column->type == JM_VALUE_INT ? json_integer(column->integer) : json_null();
}

static jm_status append_row(void *user, const jm_value *columns, size_t count)
{
    bool is_timed = columns[8].type == JM_VALUE_INT;
    json_t *duration = is_timed
                           ? json_real((double)(columns[9].integer - columns[8].integer) / 1000)
                           : json_null();
    json_t *xjob = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", value_json(&columns[0]),
        "photo_id", value_json(&columns[1]), "preset_name", value_json(&columns[2]), "status",
        value_json(&columns[3]), "output_path", value_json(&columns[4]), "file_size",
        value_json(&columns[5]), "error_message", value_json(&columns[6]), "created_at",
        time_json(&columns[7]), "started_at", time_json(&columns[8]), "completed_at",
        time_json(&columns[9]), "duration_s", duration);
    (void)count;
    return json_array_append_new(user, xjob) < 0 ? JM_ENOMEM : JM_OK;
}

jm_status export_history_list(const struct export_core *core, jm_span status, int64_t limit,
                              json_t **xjobs_out)
{
    const jm_value args[] = {jm_value_text(status), JM_INT(limit)};
    *xjobs_out = json_array();
    jm_status result = export_exec(core,
                                   COLUMNS "WHERE ?1 IS NULL OR status = ?1"
                                           " ORDER BY ended_ms DESC, job DESC LIMIT ?2",
                                   args, append_row, *xjobs_out, NULL);
    if (result < 0) {
        json_decref(*xjobs_out);
        *xjobs_out = NULL;
    }
    return result;
}

jm_status export_history_get(const struct export_core *core, const char *job, json_t **xjob_out)
{
    const jm_value args[] = {JM_TEXT(jm_span_of(job))};
    json_t *found = json_array();
    jm_status status = export_exec(core, COLUMNS "WHERE job = ?1", args, append_row, found, NULL);
    *xjob_out = json_incref(json_array_get(found, 0));
    json_decref(found);
    if (status == JM_OK && *xjob_out == NULL)
        status = export_fail(core, JM_ENOENT, "Export job not found: %s", job);
    return status;
}

jm_status export_history_count(const struct export_core *core, int64_t since_ms, int64_t *all_out,
                               int64_t *since_out)
{
    const jm_value all[] = {JM_INT(INT64_MIN)};
    const jm_value since[] = {JM_INT(since_ms)};
    const char *sql = "SELECT count(*) FROM export_history WHERE status = 'completed'"
                      " AND ended_ms >= ?1";
    jm_status status = export_exec(core, sql, all, jm_row_integer, all_out, NULL);
    return status < 0 ? status : export_exec(core, sql, since, jm_row_integer, since_out, NULL);
}
