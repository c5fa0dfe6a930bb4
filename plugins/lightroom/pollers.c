/* The table of pollers. */
#include "pollers.h"

#include "jobs.h"
#include "polling.h"

#include <stdlib.h>

struct lr_poller *lr_poller_find(const struct lr_core *core, const char *id)
{
    struct lr_poller *poller = core->buckets[lr_poll_id_hash(id) % LR_BUCKETS];
    while (poller != NULL && strcmp(poller->id, id) != 0)
        poller = poller->next;
    return poller;
}

struct lr_poller *lr_poller_next(const struct lr_core *core, size_t *bucket,
                                 const struct lr_poller *poller)
{
    if (poller != NULL && poller->next != NULL)
        return poller->next;
    if (poller != NULL)
        (*bucket)++;
    while (*bucket < LR_BUCKETS && core->buckets[*bucket] == NULL)
        (*bucket)++;
    return *bucket < LR_BUCKETS ? core->buckets[*bucket] : NULL;
}

void lr_poller_is_alive(struct lr_poller *poller)
{
    const jm_api *api = &poller->core->api;
    poller->alive_ms = api->clock->monotonic_ms(api->host);
}

static void free_poller(struct lr_poller *poller)
{
    if (poller == NULL)
        return;
    json_decref(poller->channels);
    free(poller->greeting);
    free(poller);
}

/* The host's number of the session is nobody's business: the client is known by its own id. */
static void keep_greeting(void *user, jm_span json)
{
    struct lr_poller *poller = user;
    json_t *greeting = json_loadb(json.ptr, json.len, 0, NULL);
    json_object_set_new(greeting, "client_id", json_string(poller->id));
    poller->greeting = (char *)jm_json_dump(greeting).ptr;
    json_decref(greeting);
}

jm_status lr_poller_open(struct lr_core *core, const char *id, const jm_caller *caller,
                         struct lr_poller **poller_out)
{
    struct lr_poller *poller = calloc(1, sizeof *poller);
    json_t *channels = json_object();
    if (poller == NULL || channels == NULL) {
        free(poller);
        json_decref(channels);
        return lr_fail(core, JM_ENOMEM, "out of memory for another client");
    }
    *poller = (struct lr_poller){.core = core,
                                 .channels = channels,
                                 .client_type = "unknown",
                                 .stale_ack = UINT64_MAX,
                                 .connected_ms = lr_now_ms(core)};
    snprintf(poller->id, sizeof poller->id, "%s", id);
    const jm_client_desc desc = {.size = sizeof desc,
                                 .transport = "poll",
                                 .caller = caller,
                                 .wake = lr_poll_wake,
                                 .user = poller};
    const jm_host_client *client = core->api.client;
    jm_status status = client->open(core->api.host, &desc, &poller->client);
    if (status == JM_OK)
        (void)client->take(core->api.host, poller->client, 1, keep_greeting, poller, &poller->ack);
    if (status < 0) {
        free_poller(poller);
        return status;
    }
    struct lr_poller **bucket = &core->buckets[lr_poll_id_hash(id) % LR_BUCKETS];
    poller->next = *bucket;
    *bucket = poller;
    core->poller_count++;
    lr_poller_is_alive(poller);
    *poller_out = poller;
    return JM_OK;
}

void lr_poller_close(struct lr_poller *poller, bool gives_jobs_back)
{
    struct lr_core *core = poller->core;
    struct lr_poller **link = &core->buckets[lr_poll_id_hash(poller->id) % LR_BUCKETS];
    while (*link != poller)
        link = &(*link)->next;
    *link = poller->next;
    core->poller_count--;
    lr_poll_let_go(poller);
    (void)core->api.client->close(core->api.host, poller->client);
    if (gives_jobs_back)
        lr_queue_release(core, jm_span_of(poller->id));
    free_poller(poller);
}

void lr_pollers_close_all(struct lr_core *core)
{
    for (size_t i = 0; i < LR_BUCKETS; i++) {
        while (core->buckets[i] != NULL)
            lr_poller_close(core->buckets[i], false);
    }
}

size_t lr_pollers_expire(struct lr_core *core, uint64_t silence_ms)
{
    uint64_t now_ms = core->api.clock->monotonic_ms(core->api.host);
    size_t bucket = 0, count = 0;
    struct lr_poller *poller = lr_poller_next(core, &bucket, NULL);
    while (poller != NULL) {
        struct lr_poller *next = lr_poller_next(core, &bucket, poller);
        if (poller->waiting == 0 && now_ms - poller->alive_ms >= silence_ms) {
            JM_LOGF(core->api.log, core->api.host, JM_LOG_INFO,
                    "the polling client %s (%s) is forgotten after %llu s of silence", poller->id,
                    poller->client_type, (unsigned long long)(now_ms - poller->alive_ms) / 1000);
            lr_poller_close(poller, true);
            count++;
        }
        poller = next;
    }
    return count;
}

static void keep_first(void *user, jm_span json)
{
    json_t **reply = user;
    if (*reply == NULL)
        *reply = json_loadb(json.ptr, json.len, 0, NULL);
}

/* What the host has confirmed, for /ws/clients. */
static void follow(struct lr_poller *poller, const json_t *message, const json_t *reply)
{
    const char *type = json_string_value(json_object_get(reply, "type"));
    const json_t *channels = json_object_get(message, "channels");
    const json_t *channel;
    size_t i;
    if (type == NULL)
        return;
    if (strcmp(type, "registration_confirmed") == 0)
        snprintf(poller->client_type, sizeof poller->client_type, "%s",
                 json_string_value(json_object_get(reply, "client_type")));
    bool adds = strcmp(type, "subscription_confirmed") == 0;
    bool removes = strcmp(type, "unsubscription_confirmed") == 0;
    json_array_foreach(channels, i, channel)
    {
        if (adds && json_is_string(channel))
            json_object_set_new(poller->channels, json_string_value(channel), json_true());
        if (removes && json_is_string(channel))
            json_object_del(poller->channels, json_string_value(channel));
    }
}

jm_status lr_poller_receive(struct lr_poller *poller, const json_t *message, json_t **reply_out)
{
    const struct lr_core *core = poller->core;
    jm_span text = jm_json_dump(message);
    *reply_out = NULL;
    if (jm_span_absent(text))
        return JM_ENOMEM;
    jm_status status =
        core->api.client->receive(core->api.host, poller->client, text, keep_first, reply_out);
    free((char *)text.ptr);
    if (status == JM_OK)
        follow(poller, message, *reply_out);
    return status;
}

static json_t *time_json(int64_t utc_ms)
{
    char text[JM_UTC_BYTES];
    if (utc_ms == 0)
        return json_null();
    jm_utc_format(utc_ms, text);
    return json_string(text);
}

json_t *lr_poller_json(const struct lr_poller *poller)
{
    json_t *subscriptions = json_array();
    const char *channel;
    json_t *value;
    json_object_foreach(poller->channels, channel, value)
        json_array_append_new(subscriptions, json_string(channel));
    return json_pack("{s:s, s:s, s:o, s:o, s:o}", "id", poller->id, "client_type",
                     poller->client_type, "connected_at", time_json(poller->connected_ms),
                     "last_poll", time_json(poller->polled_ms), "subscriptions", subscriptions);
}
