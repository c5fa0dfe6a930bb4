/* Notes: a table, an event for each, and all the ways in which storing one can end. [loop] */
#include "everything.h"

static jm_status on_turn_end(void *user, jm_status status)
{
    (void)user;
    if (status >= 0)
        everything.kept++;
    else
        everything.taken_back++;
    return JM_OK;
}

/* Store a note, and announce it. */
static jm_status store_note(jm_span text, int64_t *id_out)
{
    const jm_value args[] = {{.type = JM_VALUE_TEXT, .bytes = text},
                             {.type = JM_VALUE_INT, .integer = (int64_t)text.len}};
    jm_exec_result result;
    jm_status status = everything.store->exec(
        everything.host, "INSERT INTO everything_notes (text, length) VALUES (?1, ?2)", args, 2,
        NULL, NULL, &result);
    if (status >= 0)
        status = everything.store->after_commit(everything.host, on_turn_end, NULL);
    if (status < 0)
        return status;
    char fields[512];
    int len = snprintf(fields, sizeof fields, "{\"id\":%lld,\"text\":\"%zu bytes\"}",
                       (long long)result.last_row_id, text.len);
    *id_out = result.last_row_id;
    return everything.event->publish(everything.host, JM_SPAN("everything_stored"),
                                     (jm_span){NULL, 0}, (jm_span){fields, (size_t)len});
}

static jm_status change_mind(void)
{
    return jm_fail(everything.error, everything.host, JM_EINVAL, "on purpose");
}

jm_status everything_store(void *user, const jm_request *request)
{
    (void)user;
    int64_t id = 0;
    jm_status status = store_note(request->body, &id);
    return status < 0 ? status
                      : everything_answer(request->id, 201, "{\"id\":%lld}", (long long)id);
}

jm_status everything_fail(void *user, const jm_request *request)
{
    (void)user;
    int64_t id = 0;
    jm_status status = store_note(request->body, &id);
    return status < 0 ? status : change_mind();
}

jm_status everything_confess(void *user, const jm_request *request)
{
    (void)user;
    int64_t id = 0;
    jm_status status = store_note(request->body, &id);
    if (status >= 0)
        status = everything_answer(request->id, 207, "{\"kept\":false}");
    return status < 0 ? status : change_mind();
}

static jm_status count_row(void *user, const jm_value *columns, size_t count)
{
    (void)columns, (void)count;
    ++*(int64_t *)user;
    return JM_OK;
}

jm_status everything_sql(void *user, const jm_request *request)
{
    (void)user;
    int64_t rows = 0;
    jm_span text;
    jm_exec_result result = {0};
    jm_status status = everything.http->get_query(everything.host, request->id, "text", &text);
    char *sql = status >= 0 ? jm_span_dup(text) : NULL;
    if (sql == NULL)
        return status < 0 ? status : JM_ENOMEM;
    status = everything.store->exec(everything.host, sql, NULL, 0, count_row, &rows, &result);
    free(sql);
    return status < 0 ? status
                      : everything_answer(request->id, 200, "{\"rows\":%lld,\"changes\":%lld}",
                                          (long long)rows, (long long)result.changes);
}

static jm_status take_count(void *user, const jm_value *columns, size_t count)
{
    if (count > 0)
        *(int64_t *)user = columns[0].integer;
    return JM_OK;
}

jm_status everything_counts(void *user, const jm_request *request)
{
    (void)user;
    int64_t notes = 0;
    jm_status status =
        everything.store->exec(everything.host, "SELECT count(*) FROM everything_notes", NULL, 0,
                               take_count, &notes, NULL);
    if (status < 0)
        return status;
    (void)everything.metric->set(everything.host, everything.notes, (double)notes);
    const struct everything_service *self = everything.self->table;
    int64_t ticks = self != NULL ? self->ticks(everything.self->provider_data) : -1;
    return everything_answer(request->id, 200,
                             "{\"notes\":%lld,\"ticks\":%lld,\"starts\":%lld,\"now\":%lld,"
                             "\"kept\":%lld,\"taken_back\":%lld,\"wakes\":%lld}",
                             (long long)notes, (long long)ticks, (long long)everything.starts,
                             (long long)everything.clock->utc_ms(everything.host),
                             (long long)everything.kept, (long long)everything.taken_back,
                             (long long)everything.wakes);
}

jm_status everything_echo_message(void *user, const jm_message *message)
{
    (void)user;
    char json[256];
    int len = snprintf(json, sizeof json,
                       "{\"type\":\"everything_echoed\",\n\"bytes\":%zu,\"from\":\"%.*s\"}",
                       message->json.len, JM_SPAN_ARGS(jm_span_cut(message->client_type, 64)));
    return everything.message->send(everything.host, message->client, (jm_span){json, (size_t)len});
}

/* The whole message is the note; one that has "fail" in it is announced to its sender, and fails. */
jm_status everything_note_message(void *user, const jm_message *message)
{
    (void)user;
    int64_t id = 0;
    jm_status status = store_note(message->json, &id);
    if (status >= 0)
        status = everything.message->send(everything.host, message->client,
                                          JM_SPAN("{\"type\":\"everything_noted\"}"));
    if (status < 0)
        return status;
    bool fails = memmem(message->json.ptr, message->json.len, "\"fail\"", 6) != NULL;
    return fails ? change_mind() : JM_OK;
}
