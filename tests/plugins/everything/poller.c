/* A poller: a client session that HTTP requests drive, as a gateway for programs without WebSocket
 * would. One at a time. [loop] */
#include "everything.h"

struct list {
    FILE *out;
    int count;
};

static void add_message(void *user, jm_span json)
{
    struct list *list = user;
    fprintf(list->out, "%s%.*s", list->count++ > 0 ? "," : "", JM_SPAN_ARGS(json));
}

static void on_wake(void *user, jm_id client)
{
    (void)user, (void)client;
    everything.wakes++;
}

static jm_id client_of(const jm_request *request)
{
    return (jm_id)everything_number(request->id, "client", 0);
}

jm_status everything_poller_open(void *user, const jm_request *request)
{
    (void)user;
    const jm_client_desc desc = {
        .size = sizeof desc, .transport = "fixture", .caller = request->caller, .wake = on_wake};
    jm_id client;
    jm_status status = everything.client->open(everything.host, &desc, &client);
    return status < 0 ? status
                      : everything_answer(request->id, 201, "{\"client\":%llu}",
                                          (unsigned long long)client);
}

/* Answer with what `list` has gathered, and `rest` behind it. */
static jm_status answer_list(const jm_request *request, struct list *list, char **text, size_t *len,
                             const char *rest)
{
    fprintf(list->out, "]%s}", rest);
    fclose(list->out);
    jm_status status =
        everything.http->respond(everything.host, request->id, 200, (jm_span){*text, *len});
    free(*text);
    return status;
}

jm_status everything_poller_say(void *user, const jm_request *request)
{
    (void)user;
    char *text = NULL;
    size_t len = 0;
    jm_span later;
    struct list list = {open_memstream(&text, &len), 0};
    bool now = everything.http->get_query(everything.host, request->id, "later", &later) < 0;
    fputs("{\"replies\":[", list.out);
    jm_status status = everything.client->receive(everything.host, client_of(request),
                                                  request->body, now ? add_message : NULL, &list);
    if (status >= 0)
        return answer_list(request, &list, &text, &len, "");
    fclose(list.out);
    free(text);
    return status == JM_EGONE ? JM_ENOENT : status;
}

jm_status everything_poller_take(void *user, const jm_request *request)
{
    (void)user;
    const jm_host *host = everything.host;
    jm_id client = client_of(request);
    uint64_t ack = 0;
    char rest[96];
    int64_t given = everything_number(request->id, "ack", -1);
    jm_status status =
        given < 0 ? JM_OK : everything.client->acknowledge(host, client, (uint64_t)given);
    if (status < 0)
        return status == JM_EGONE ? JM_ENOENT : status;
    char *text = NULL;
    size_t len = 0;
    struct list list = {open_memstream(&text, &len), 0};
    fputs("{\"messages\":[", list.out);
    int64_t max = everything_number(request->id, "max", 100);
    int32_t count = everything.client->take(host, client, (uint32_t)max, add_message, &list, &ack);
    if (count < 0) {
        fclose(list.out);
        free(text);
        return count == JM_EGONE ? JM_ENOENT : count;
    }
    snprintf(rest, sizeof rest, ",\"count\":%d,\"ack\":%llu", (int)count, (unsigned long long)ack);
    return answer_list(request, &list, &text, &len, rest);
}

jm_status everything_poller_close(void *user, const jm_request *request)
{
    (void)user;
    jm_status status = everything.client->close(everything.host, client_of(request));
    return everything_answer(request->id, status < 0 ? 404 : 200, "{\"status\":%d}", (int)status);
}
