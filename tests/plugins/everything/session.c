/* A client session: opened by a request, subscribed, woken by an event, taken, acknowledged, taken
 * again, closed; the request is answered with what it was given. [loop] */
#include "everything.h"

struct listener {
    jm_id request, client;
    char confirmed[256]; /* the reply to subscribe */
    char first[512];     /* all messages of the first take */
    int32_t again;       /* how many came again after going back */
};

static void keep_confirmation(void *user, jm_span json)
{
    struct listener *listener = user;
    snprintf(listener->confirmed, sizeof listener->confirmed, "%.*s", JM_SPAN_ARGS(json));
}

static void keep_message(void *user, jm_span json)
{
    struct listener *listener = user;
    size_t len = strlen(listener->first);
    snprintf(listener->first + len, sizeof listener->first - len, "%s%.*s", len > 0 ? "," : "",
             JM_SPAN_ARGS(json));
}

static void ignore_message(void *user, jm_span json)
{
    (void)user, (void)json;
}

static jm_status answer(struct listener *listener)
{
    return everything_answer(listener->request, 200,
                             "{\"confirmed\":%s,\"messages\":[%s],\"again\":%d}",
                             listener->confirmed, listener->first, (int)listener->again);
}

/* The first wake brings connection_established, the second one the injected event. */
static void on_wake(void *user, jm_id client)
{
    struct listener *listener = user;
    uint64_t ack = 0;
    (void)everything.client->take(everything.host, client, 100, keep_message, listener, &ack);
    if (strstr(listener->first, "everything_injected") == NULL)
        return;
    if (everything.client->acknowledge(everything.host, client, ack - 1) >= 0)
        listener->again =
            everything.client->take(everything.host, client, 100, ignore_message, NULL, NULL);
    (void)answer(listener);
    (void)everything.client->close(everything.host, client);
    free(listener);
}

static jm_status begin(struct listener *listener)
{
    const jm_client_desc desc = {
        .size = sizeof desc, .transport = "fixture", .wake = on_wake, .user = listener};
    jm_status status = everything.client->open(everything.host, &desc, &listener->client);
    if (status < 0)
        return status;
    status =
        everything.client->receive(everything.host, listener->client,
                                   JM_SPAN("{\"type\":\"subscribe\",\"channels\":[\"everything\"],"
                                           "\"types\":[\"everything_injected\"]}"),
                                   keep_confirmation, listener);
    if (status >= 0)
        status = everything.event->inject(everything.host, JM_SPAN("everything_injected"),
                                          JM_SPAN("everything"), JM_SPAN("{\"for\":\"session\"}"),
                                          JM_RETAIN_MEMORY);
    if (status < 0)
        (void)everything.client->close(everything.host, listener->client);
    return status;
}

jm_status everything_session(void *user, const jm_request *request)
{
    (void)user;
    struct listener *listener = calloc(1, sizeof *listener);
    if (listener == NULL)
        return JM_ENOMEM;
    listener->request = request->id;
    jm_status status = begin(listener);
    if (status < 0)
        free(listener);
    return status;
}
