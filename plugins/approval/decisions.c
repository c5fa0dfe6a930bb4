/* Rows of approval_decisions. */
#include "decisions.h"

static int64_t now_ms(const struct approval_core *core)
{
    return core->api.clock->utc_ms(core->api.host);
}

jm_status approval_decision_add(const struct approval_core *core,
                                const struct approval_record *record)
{
    const struct approval_photo *before = record->before;
    const jm_value args[] = {
        JM_INT(before->id),
        before->session == 0 ? JM_NULL : JM_INT(before->session),
        JM_TEXT(jm_span_of(record->action)),
        jm_value_text(record->reason),
        jm_value_text(jm_span_of(before->preset)),
        jm_value_text(record->final_preset),
        JM_TEXT(record->adjustments),
        jm_value_text(record->job),
        JM_TEXT(jm_span_of(before->status)),
        JM_INT(before->approved),
        JM_TEXT(record->who),
        JM_INT(now_ms(core)),
    };
    return approval_sql(core,
                        "INSERT INTO approval_decisions(photo_id, session_id, action, reason,"
                        " original_preset, final_preset, adjustments, job_id, status_before,"
                        " approved_before, who, decided_at)"
                        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                        args, JM_COUNT(args), NULL, NULL);
}

static json_t *text_json(const jm_value *column)
{
    return column->type == JM_VALUE_TEXT ? jm_json_text(column->bytes) : json_null();
}

static jm_status take_decision(void *user, const jm_value *columns, size_t count)
{
    json_t **decision_out = user;
    (void)count;
    *decision_out = json_pack(
        "{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "id", (json_int_t)columns[0].integer,
        "action", text_json(&columns[1]), "reason", text_json(&columns[2]), "original_preset",
        text_json(&columns[3]), "final_preset", text_json(&columns[4]), "adjustments",
        text_json(&columns[5]), "job_id", text_json(&columns[6]), "status_before",
        text_json(&columns[7]), "approved_before", columns[8].integer != 0);
    return *decision_out == NULL ? JM_ENOMEM : JM_OK;
}

jm_status approval_decision_last(const struct approval_core *core, int64_t photo,
                                 json_t **decision_out)
{
    const jm_value args[] = {JM_INT(photo)};
    *decision_out = NULL;
    return approval_sql(core,
                        "SELECT id, action, reason, original_preset, final_preset, adjustments,"
                        " job_id, status_before, approved_before FROM approval_decisions"
                        " WHERE photo_id = ?1 AND undone_at IS NULL ORDER BY id DESC LIMIT 1",
                        args, JM_COUNT(args), take_decision, decision_out);
}

jm_status approval_decision_undo(const struct approval_core *core, const json_t *decision)
{
    const jm_value args[] = {JM_INT(json_integer_value(json_object_get(decision, "id"))),
                             JM_INT(now_ms(core))};
    return approval_sql(core, "UPDATE approval_decisions SET undone_at = ?2 WHERE id = ?1", args,
                        JM_COUNT(args), NULL, NULL);
}

jm_status approval_decision_next_session(const struct approval_core *core, int64_t after,
                                         int64_t *session_out)
{
    const jm_value args[] = {JM_INT(after)};
    *session_out = 0;
    return approval_sql(core,
                        "SELECT session_id FROM approval_decisions WHERE session_id > ?1"
                        " ORDER BY session_id LIMIT 1",
                        args, JM_COUNT(args), jm_row_integer, session_out);
}

jm_status approval_decision_forget(const struct approval_core *core, int64_t session, int64_t limit,
                                   int64_t *count_out)
{
    const jm_value args[] = {JM_INT(session), JM_INT(limit)};
    jm_exec_result result = {0};
    jm_status status =
        core->api.store->exec(core->api.host,
                              "DELETE FROM approval_decisions WHERE id IN (SELECT id FROM"
                              " approval_decisions WHERE session_id = ?1 LIMIT ?2)",
                              args, JM_COUNT(args), NULL, NULL, &result);
    *count_out = result.changes;
    return status;
}
