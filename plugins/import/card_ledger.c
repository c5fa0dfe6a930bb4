/* Cards in the store. */
#include "card_ledger.h"

#include "card.h"

#include <junmai/sdk/json.h>
#include <junmai/sdk/store.h>
#include <junmai/sdk/utc.h>

static jm_status run(const struct import_core *core, const char *sql, const jm_value *args,
                     size_t count, jm_row_fn row, void *user)
{
    return core->store->exec(core->host, sql, args, count, row, user, NULL);
}

jm_status card_ledger_find(const struct import_core *core, const struct card_file *file,
                           int64_t *photo_out)
{
    jm_value args[] = {JM_TEXT(jm_span_of(file->path)), JM_INT(file->size), JM_INT(file->mtime_ns)};
    *photo_out = 0;
    return run(core,
               "SELECT photo_id FROM import_card_files"
               " WHERE path = ?1 AND size = ?2 AND mtime_ns = ?3",
               args, JM_COUNT(args), jm_row_integer, photo_out);
}

jm_status card_ledger_put(const struct import_core *core, const struct card_file *file,
                          int64_t photo)
{
    jm_value args[] = {JM_TEXT(jm_span_of(file->path)), JM_INT(file->size), JM_INT(file->mtime_ns),
                       JM_INT(photo)};
    return run(core,
               "INSERT OR REPLACE INTO import_card_files(path, size, mtime_ns, photo_id)"
               " VALUES(?1, ?2, ?3, ?4)",
               args, JM_COUNT(args), NULL, NULL);
}

static jm_status find_cut_off(const struct import_core *core, const struct card_job *job,
                              int64_t *id_out)
{
    jm_value args[] = {JM_TEXT(jm_span_of(job->path)), JM_INT(job->session),
                       JM_TEXT(jm_span_of(mode_name(job->mode)))};
    *id_out = 0;
    return run(core,
               "SELECT id FROM import_cards WHERE path = ?1 AND session_id = ?2 AND mode = ?3"
               " AND status IN ('interrupted', 'incomplete') ORDER BY id DESC LIMIT 1",
               args, JM_COUNT(args), jm_row_integer, id_out);
}

static jm_status go_on(const struct import_core *core, const struct card_job *job, int64_t id)
{
    jm_value args[] = {JM_INT(id), JM_INT((int64_t)job->new_count),
                       JM_INT((int64_t)job->known_count)};
    return run(core,
               "UPDATE import_cards SET status = 'running', new = ?2, known = ?3, ended_ms = NULL"
               " WHERE id = ?1",
               args, JM_COUNT(args), NULL, NULL);
}

jm_status card_ledger_begin(const struct import_core *core, const struct card_job *job,
                            int64_t *id_out)
{
    jm_value args[] = {
        JM_TEXT(jm_span_of(job->path)),
        JM_INT(job->session),
        JM_TEXT(jm_span_of(mode_name(job->mode))),
        JM_INT(core->clock->utc_ms(core->host)),
        JM_INT((int64_t)job->new_count),
        JM_INT((int64_t)job->known_count),
    };
    jm_status status = find_cut_off(core, job, id_out);
    if (status < 0 || *id_out != 0) {
        return status < 0 ? status : go_on(core, job, *id_out);
    }
    return run(core,
               "INSERT INTO import_cards(path, session_id, mode, status, started_ms, new, known)"
               " VALUES(?1, ?2, ?3, 'running', ?4, ?5, ?6) RETURNING id",
               args, JM_COUNT(args), jm_row_integer, id_out);
}

jm_status card_ledger_begun(const struct import_core *core, int64_t id, const char *import_id)
{
    jm_value args[] = {JM_INT(id), JM_TEXT(jm_span_of(import_id))};
    return run(core, "UPDATE import_cards SET import_id = ?2 WHERE id = ?1", args, JM_COUNT(args),
               NULL, NULL);
}

jm_status card_ledger_end(const struct import_core *core, int64_t id,
                          const struct report_counts *counts)
{
    jm_value args[] = {
        JM_INT(id),
        JM_TEXT(jm_span_of(counts->failed == 0 ? "done" : "incomplete")),
        JM_INT(core->clock->utc_ms(core->host)),
        JM_INT((int64_t)counts->imported),
        JM_INT((int64_t)counts->duplicates),
        JM_INT((int64_t)counts->failed),
    };
    return run(core,
               "UPDATE import_cards SET status = ?2, ended_ms = ?3, imported = imported + ?4,"
               " duplicates = duplicates + ?5, failed = ?6 WHERE id = ?1",
               args, JM_COUNT(args), NULL, NULL);
}

static json_t *time_json(const jm_value *column)
{
    char text[JM_UTC_BYTES];
    if (column->type != JM_VALUE_INT) {
        return json_null();
    }
    jm_utc_format(column->integer, text);
    return json_string(text);
}

static jm_status take_job(void *user, const jm_value *columns, size_t count)
{
    json_t **job_out = user;
    (void)count;
    *job_out = json_pack(
        "{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:I}", "card_id",
        (json_int_t)columns[0].integer, "path", jm_json_text(columns[1].bytes), "session_id",
        columns[2].integer == 0 ? json_null() : json_integer(columns[2].integer), "mode",
        jm_json_text(columns[3].bytes), "status", jm_json_text(columns[4].bytes), "import_id",
        columns[5].type == JM_VALUE_TEXT ? jm_json_text(columns[5].bytes) : json_null(),
        "started_at", time_json(&columns[6]), "ended_at", time_json(&columns[7]), "new",
        (json_int_t)columns[8].integer, "known", (json_int_t)columns[9].integer, "imported",
        (json_int_t)columns[10].integer, "duplicates", (json_int_t)columns[11].integer, "failed",
        (json_int_t)columns[12].integer);
    return *job_out == NULL ? JM_ENOMEM : JM_OK;
}

jm_status card_ledger_get(const struct import_core *core, int64_t id, json_t **job_out)
{
    jm_value args[] = {JM_INT(id)};
    *job_out = NULL;
    jm_status status = run(core,
                           "SELECT id, path, session_id, mode, status, import_id, started_ms,"
                           " ended_ms, new, known, imported, duplicates, failed FROM import_cards"
                           " WHERE id = ?1",
                           args, JM_COUNT(args), take_job, job_out);
    if (status == JM_OK && *job_out == NULL) {
        status = import_fail(core, JM_ENOENT, "there is no card %lld", (long long)id);
    }
    return status;
}

jm_status card_close_old(const struct import_core *core)
{
    return run(core, "UPDATE import_cards SET status = 'interrupted' WHERE status = 'running'",
               NULL, 0, NULL, NULL);
}
