/* Reports in the store. */
#include "report.h"

#include "copy.h"

#include <junmai/sdk/json.h>
#include <junmai/sdk/store.h>
#include <junmai/sdk/utc.h>
#include <sys/random.h>

#define REPORT_COLUMNS                                                                        \
    "id, kind, mode, status, session_id, started_ms, ended_ms, total, imported, duplicates, " \
    "failed"

#define VERDICT_COLUMNS                                                                        \
    "photo_id, source, destination, role, verified, algorithm, digest, bytes, error, stamped," \
    " utc_ms"

/* That a content is in the library already is no problem. */
#define IS_PROBLEM                        \
    "(error IS NOT NULL OR verified = 0)" \
    " AND NOT (role = 'primary' AND photo_id IS NOT NULL AND error IS NOT NULL)"

static jm_value text_or_null(const char *text)
{
    return text == NULL || text[0] == '\0' ? JM_NULL : JM_TEXT(jm_span_of(text));
}

static jm_value id_or_null(int64_t id)
{
    return id == 0 ? JM_NULL : JM_INT(id);
}

jm_status report_begin(const struct import_core *core, const struct report_head *head,
                       char id_out[REPORT_ID_BYTES])
{
    uint64_t id = 0;
    enum import_mode mode = head->mode == IMPORT_DEFAULT ? core->options.mode : head->mode;
    if (getrandom(&id, sizeof id, 0) != sizeof id) {
        return import_fail(core, JM_EIO, "no random number for the id of an import");
    }
    snprintf(id_out, REPORT_ID_BYTES, "%016llx", (unsigned long long)id);
    jm_value args[] = {
        JM_TEXT(jm_span_of(id_out)),
        JM_TEXT(jm_span_of(head->kind)),
        JM_TEXT(jm_span_of(mode_name(mode))),
        id_or_null(head->session),
        JM_INT(core->clock->utc_ms(core->host)),
        JM_INT((int64_t)head->total),
    };
    return core->store->exec(core->host,
                             "INSERT INTO import_reports(id, kind, mode, session_id, started_ms,"
                             " total) VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
                             args, JM_COUNT(args), NULL, NULL, NULL);
}

static void log_failure(const struct import_core *core, const char *what)
{
    JM_LOGF(core->log, core->host, JM_LOG_ERROR, "%s: %.*s", what,
            JM_SPAN_ARGS(core->error->last(core->host)));
}

void report_end(const struct import_core *core, const char *id, const struct report_counts *counts)
{
    jm_value args[] = {
        JM_TEXT(jm_span_of(id)),           JM_INT(core->clock->utc_ms(core->host)),
        JM_INT((int64_t)counts->imported), JM_INT((int64_t)counts->duplicates),
        JM_INT((int64_t)counts->failed),
    };
    if (core->store->exec(
            core->host,
            "UPDATE import_reports SET status = 'done', ended_ms = ?2, imported = ?3,"
            " duplicates = ?4, failed = ?5, total = max(total, ?3 + ?4 + ?5) WHERE id = ?1",
            args, JM_COUNT(args), NULL, NULL, NULL) < 0) {
        log_failure(core, "the end of an import is not recorded");
    }
}

jm_status report_add_line(const struct import_core *core, const struct report_line *line)
{
    jm_value args[] = {
        text_or_null(line->import_id),
        id_or_null(line->photo),
        JM_TEXT(jm_span_of(line->source)),
        text_or_null(line->destination),
        JM_TEXT(jm_span_of(line->role)),
        JM_INT(line->verified),
        text_or_null(line->digest == NULL || line->digest[0] == '\0' ? NULL : COPY_ALGORITHM),
        text_or_null(line->digest),
        JM_INT(line->bytes),
        JM_INT(core->clock->utc_ms(core->host)),
        text_or_null(line->error),
        text_or_null(line->stamped),
    };
    jm_status status =
        core->store->exec(core->host,
                          "INSERT INTO import_verdicts(import_id, photo_id, source, destination,"
                          " role, verified, algorithm, digest, bytes, utc_ms, error, stamped)"
                          " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                          args, JM_COUNT(args), NULL, NULL, NULL);
    if (status < 0) {
        log_failure(core, "the verdict on a copy is not recorded");
    }
    return status;
}

static json_t *column_json(const jm_value *column)
{
    return column->type == JM_VALUE_INT    ? json_integer(column->integer)
           : column->type == JM_VALUE_TEXT ? jm_json_text(column->bytes)
                                           : json_null();
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

static jm_status take_report(void *user, const jm_value *columns, size_t count)
{
    static const char *const names[] = {"import_id",  "kind",       "mode",  "status",
                                        "session_id", NULL,         NULL,    "total",
                                        "imported",   "duplicates", "failed"};
    json_t *report = json_object();
    for (size_t i = 0; i < count && i < JM_COUNT(names); i++) {
        if (names[i] != NULL) {
            json_object_set_new(report, names[i], column_json(&columns[i]));
        }
    }
    json_object_set_new(report, "started_at", time_json(&columns[5]));
    json_object_set_new(report, "ended_at", time_json(&columns[6]));
    return json_array_append_new(user, report) < 0 ? JM_ENOMEM : JM_OK;
}

static jm_status take_verdict(void *user, const jm_value *columns, size_t count)
{
    static const char *const names[] = {"photo_id",  "source", "destination", "role",  "verified",
                                        "algorithm", "digest", "bytes",       "error", "stamped"};
    json_t *verdict = json_object();
    for (size_t i = 0; i < JM_COUNT(names); i++) {
        json_object_set_new(verdict, names[i], column_json(&columns[i]));
    }
    json_object_set_new(verdict, "verified", json_boolean(columns[4].integer != 0));
    json_object_set_new(verdict, "time", time_json(&columns[count - 1]));
    return json_array_append_new(user, verdict) < 0 ? JM_ENOMEM : JM_OK;
}

jm_status report_list(const struct import_core *core, int64_t limit, json_t **reports_out)
{
    jm_value args[] = {JM_INT(limit)};
    json_t *reports = json_array();
    jm_status status = core->store->exec(core->host,
                                         "SELECT " REPORT_COLUMNS " FROM import_reports"
                                         " ORDER BY started_ms DESC, rowid DESC LIMIT ?1",
                                         args, JM_COUNT(args), take_report, reports, NULL);
    if (status < 0) {
        json_decref(reports);
    } else {
        *reports_out = reports;
    }
    return status;
}

static const char all_sql[] = "SELECT " VERDICT_COLUMNS " FROM import_verdicts"
                              " WHERE import_id = ?1 ORDER BY id";
static const char problems_sql[] = "SELECT " VERDICT_COLUMNS " FROM import_verdicts"
                                   " WHERE import_id = ?1 AND " IS_PROBLEM " ORDER BY id";

jm_status report_get(const struct import_core *core, jm_span id, bool only_problems,
                     json_t **report_out)
{
    jm_value args[] = {JM_TEXT(id)};
    json_t *reports = json_array();
    json_t *verdicts = json_array();
    jm_status status =
        core->store->exec(core->host, "SELECT " REPORT_COLUMNS " FROM import_reports WHERE id = ?1",
                          args, JM_COUNT(args), take_report, reports, NULL);
    if (status == JM_OK && json_array_size(reports) == 0) {
        status = import_fail(core, JM_ENOENT, "there is no report %.*s",
                             JM_SPAN_ARGS(jm_span_cut(id, 64)));
    }
    if (status == JM_OK) {
        status = core->store->exec(core->host, only_problems ? problems_sql : all_sql, args,
                                   JM_COUNT(args), take_verdict, verdicts, NULL);
    }
    if (status == JM_OK) {
        *report_out = json_incref(json_array_get(reports, 0));
        json_object_set(*report_out, "verdicts", verdicts);
    }
    json_decref(reports);
    json_decref(verdicts);
    return status;
}

jm_status report_of_photo(const struct import_core *core, int64_t photo, json_t **verdicts_out)
{
    jm_value args[] = {JM_INT(photo)};
    json_t *verdicts = json_array();
    jm_status status = core->store->exec(core->host,
                                         "SELECT " VERDICT_COLUMNS " FROM import_verdicts"
                                         " WHERE photo_id = ?1 ORDER BY id",
                                         args, JM_COUNT(args), take_verdict, verdicts, NULL);
    if (status < 0) {
        json_decref(verdicts);
    } else {
        *verdicts_out = verdicts;
    }
    return status;
}

jm_status report_close_old(const struct import_core *core)
{
    return core->store->exec(core->host,
                             "UPDATE import_reports SET status = 'interrupted'"
                             " WHERE status = 'running'",
                             NULL, 0, NULL, NULL, NULL);
}
