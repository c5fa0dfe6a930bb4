/* export_outputs. */
#include "outputs.h"

static void copy_text(char *out, size_t size, const jm_value *column)
{
    snprintf(out, size, "%.*s", JM_SPAN_ARGS(column->bytes));
}

static jm_status take_record(void *user, const jm_value *columns, size_t count)
{
    struct export_record *record = user;
    (void)count;
    *record = (struct export_record){
        .known = true,
        .device = (uint64_t)columns[2].integer,
        .inode = (uint64_t)columns[3].integer,
        .started_ms = columns[4].integer,
    };
    copy_text(record->path, sizeof record->path, &columns[0]);
    copy_text(record->part, sizeof record->part, &columns[1]);
    return JM_OK;
}

jm_status export_record_find(const struct export_core *core, const char *job,
                             struct export_record *record_out)
{
    const jm_value args[] = {JM_TEXT(jm_span_of(job))};
    *record_out = (struct export_record){0};
    return export_exec(core,
                       "SELECT path, part, device, inode, started_ms FROM export_outputs"
                       " WHERE job = ?1",
                       args, take_record, record_out, NULL);
}

jm_status export_record_save(const struct export_core *core, const char *job,
                             const struct export_record *record)
{
    const jm_value args[] = {JM_TEXT(jm_span_of(job)),          JM_TEXT(jm_span_of(record->path)),
                             JM_TEXT(jm_span_of(record->part)), JM_INT((int64_t)record->device),
                             JM_INT((int64_t)record->inode),    JM_INT(record->started_ms)};
    return export_exec(core,
                       "INSERT OR REPLACE INTO export_outputs(job, path, part, device, inode,"
                       " started_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
                       args, NULL, NULL, NULL);
}

jm_status export_record_remove(const struct export_core *core, const char *job)
{
    const jm_value args[] = {JM_TEXT(jm_span_of(job))};
    return export_exec(core, "DELETE FROM export_outputs WHERE job = ?1", args, NULL, NULL, NULL);
}

static jm_status promise(void *user, const jm_value *columns, size_t count)
{
    struct export_core *core = user;
    char job[QUEUE_ID_SIZE];
    char path[PATH_MAX];
    (void)count;
    copy_text(job, sizeof job, &columns[0]);
    copy_text(path, sizeof path, &columns[1]);
    (void)export_paths_take(&core->paths, path, job);
    return JM_OK;
}

jm_status export_records_recover(struct export_core *core)
{
    if (core->has_recovered)
        return JM_OK;
    core->has_recovered = true;
    return core->api.store->exec(core->api.host, "SELECT job, path FROM export_outputs", NULL, 0,
                                 promise, core, NULL);
}
