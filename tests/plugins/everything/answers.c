/* What is answered at once: path, query, header, option, store, events, metric, service. [loop] */
#include "everything.h"

jm_status everything_echo(void *user, const jm_request *request)
{
    (void)user;
    const jm_host *host = everything.host;
    jm_span word, greeting, agent = {NULL, 0}, loud = JM_SPAN("false");
    jm_status status = everything.http->get_param(host, request->id, "word", &word);
    if (status >= 0)
        status = everything.config->get_text(host, "greeting", &greeting);
    if (status < 0)
        return status;
    (void)everything.http->get_query(host, request->id, "loud", &loud);
    (void)everything.http->get_header(host, request->id, "X-Fixture", &agent);
    (void)everything.http->set_header(host, request->id, "X-Everything", JM_SPAN("yes"));
    (void)everything.metric->add(host, everything.calls, 1);
    return everything_answer(request->id, 200,
                             "{\"greeting\":\"%.*s\",\"word\":\"%.*s\",\"loud\":\"%.*s\","
                             "\"header\":\"%.*s\",\"caller\":%d}",
                             JM_SPAN_ARGS(greeting), JM_SPAN_ARGS(word), JM_SPAN_ARGS(loud),
                             JM_SPAN_ARGS(agent), (int)request->caller->kind);
}

jm_status everything_bytes(void *user, const jm_request *request)
{
    (void)user;
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    jm_span digits;
    jm_status status = everything.http->get_param(everything.host, request->id, "count", &digits);
    if (status < 0)
        return status;
    size_t count = 0;
    for (size_t i = 0; i < digits.len && count <= sizeof letters; i++)
        count = count * 10 + (size_t)(digits.ptr[i] - '0');
    if (count >= sizeof letters)
        return jm_fail(everything.error, everything.host, JM_EINVAL, "there are only 26 letters");
    return everything.http->respond_bytes(everything.host, request->id, 200, "text/plain",
                                          (jm_span){letters, count});
}

/* Store the request's body as a note, and announce it. */
static jm_status store_note(jm_span text, int64_t *id_out)
{
    const jm_value args[] = {{.type = JM_VALUE_TEXT, .bytes = text},
                             {.type = JM_VALUE_INT, .integer = (int64_t)text.len}};
    jm_exec_result result;
    jm_status status = everything.store->exec(
        everything.host, "INSERT INTO everything_notes (text, length) VALUES (?1, ?2)", args, 2,
        NULL, NULL, &result);
    if (status < 0)
        return status;
    char fields[512];
    int len = snprintf(fields, sizeof fields, "{\"id\":%lld,\"text\":\"%zu bytes\"}",
                       (long long)result.last_row_id, text.len);
    *id_out = result.last_row_id;
    return everything.event->publish(everything.host, JM_SPAN("everything_stored"),
                                     (jm_span){NULL, 0}, (jm_span){fields, (size_t)len});
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
    return status < 0 ? status
                      : jm_fail(everything.error, everything.host, JM_EINVAL, "on purpose");
}

jm_status everything_inject(void *user, const jm_request *request)
{
    (void)user;
    jm_status status =
        everything.event->inject(everything.host, JM_SPAN("everything_injected"),
                                 JM_SPAN("everything"), request->body, JM_RETAIN_MEMORY);
    return status < 0 ? status : everything_answer(request->id, 202, "{}");
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
    const struct everything_service *self = everything.self->table;
    int64_t ticks = self != NULL ? self->ticks(everything.self->provider_data) : -1;
    return everything_answer(request->id, 200,
                             "{\"notes\":%lld,\"ticks\":%lld,\"starts\":%lld,\"now\":%lld}",
                             (long long)notes, (long long)ticks, (long long)everything.starts,
                             (long long)everything.clock->utc_ms(everything.host));
}

jm_status everything_message(void *user, const jm_message *message)
{
    (void)user;
    char json[256];
    int len = snprintf(json, sizeof json,
                       "{\"type\":\"everything_echoed\",\n\"bytes\":%zu,\"from\":\"%.*s\"}",
                       message->json.len, JM_SPAN_ARGS(jm_span_cut(message->client_type, 64)));
    return everything.message->send(everything.host, message->client, (jm_span){json, (size_t)len});
}
