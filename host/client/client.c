/* Clients and what they are sent. [loop] */
#include "host/client/client.h"

#include "host/client/clients.h"
#include "host/host.h"
#include "host/util/frame.h"
#include "host/util/span.h"
#include "host/util/time.h"

#include <stdlib.h>
#include <string.h>

static void queue_welcome(struct jmh_client *client)
{
    const struct jmh_host *host = client->clients->host;
    const char *epoch = jmh_store_epoch(host->store);
    unsigned long long head = (unsigned long long)jmh_log_head(host->log);
    char when[JMH_TIME_BYTES];
    jmh_time_format(client->connected_utc_ms, when);
    struct jmh_buf json = {0};
    jmh_buf_addf(&json,
                 "{\"type\":\"connection_established\",\"client_id\":%llu,\"server_time\":\"%s\","
                 "\"epoch\":\"%s\",\"seq\":%llu,\"cursor\":\"%s:%llu\",\"protocol\":1}",
                 (unsigned long long)client->id, when, epoch, head, epoch, head);
    (void)jmh_client_reply(client, jmh_buf_span(&json));
    jmh_buf_fini(&json);
}

jm_status jmh_client_open(struct jmh_clients *clients, const struct jmh_port *port, void *port_data,
                          struct jmh_identity *identity, struct jmh_client **client_out)
{
    if (clients->by_id.count >= (size_t)clients->host->config.limits.clients) {
        return JM_ENOMEM;
    }
    struct jmh_client *client = calloc(1, sizeof *client);
    struct jmh_set *set = jmh_sets_get(clients->host->sets, NULL, 0);
    if (client == NULL || set == NULL) {
        free(client);
        jmh_sets_drop(clients->host->sets, set);
        return JM_ENOMEM;
    }
    client->id = ++clients->last_id;
    client->clients = clients;
    client->port = port;
    client->port_data = port_data;
    client->identity = jmh_identity_ref(identity);
    client->connected_utc_ms = client->last_ping_utc_ms = jmh_time_utc_ms();
    client->cursor.set = set;
    client->cursor.pos = client->acked = jmh_log_head(clients->host->log);
    if (!jmh_idmap_put(&clients->by_id, client->id, client)) {
        jmh_sets_drop(clients->host->sets, set);
        jmh_identity_unref(client->identity);
        free(client);
        return JM_ENOMEM;
    }
    TAILQ_INSERT_TAIL(&set->clients, client, in_set);
    clients->opened++;
    queue_welcome(client);
    *client_out = client;
    return JM_OK;
}

void jmh_client_close(struct jmh_client *client)
{
    struct jmh_clients *clients = client->clients;
    (void)jmh_idmap_take(&clients->by_id, client->id);
    if (clients->next_flushed == client) {
        clients->next_flushed = TAILQ_NEXT(client, in_set);
    }
    TAILQ_REMOVE(&client->cursor.set->clients, client, in_set);
    if (client->woken) {
        TAILQ_REMOVE(&clients->woken, client, in_woken);
    }
    jmh_cursor_fini(clients->host->sets, &client->cursor);
    if (client->replies != NULL) {
        jmh_buf_fini(client->replies);
        free(client->replies);
    }
    free(client->profile);
    jmh_identity_unref(client->identity);
    free(client);
}

const char *jmh_client_type(const struct jmh_client *client)
{
    return client->profile != NULL ? client->profile->type : "unknown";
}

const char *jmh_client_name(const struct jmh_client *client)
{
    return client->profile != NULL ? client->profile->name : "unnamed";
}

static void add_ws(struct jmh_buf *out, jm_span json)
{
    uint8_t head[JMH_FRAME_HEAD_MAX];
    jmh_buf_add(out, head, jmh_frame_head(head, json.len));
    jmh_buf_add_span(out, json);
}

/* A message in the form of the client's port. */
static void add_reply(struct jmh_buf *out, enum jmh_form form, jm_span json)
{
    switch (form) {
    case JMH_FORM_WS:
    case JMH_FORM_WS_DEFLATE:
        add_ws(out, json);
        break;
    case JMH_FORM_SSE:
        jmh_buf_add_text(out, "data: ");
        jmh_buf_add_span(out, json);
        jmh_buf_add(out, "\n\n", 2);
        break;
    case JMH_FORM_JSON: /* one on a line; JSON on one line holds no line end */
        jmh_buf_add_span(out, json);
        jmh_buf_add(out, "\n", 1);
        break;
    }
}

void jmh_client_wake(struct jmh_client *client)
{
    struct jmh_clients *clients = client->clients;
    if (!client->woken) {
        client->woken = true;
        TAILQ_INSERT_TAIL(&clients->woken, client, in_woken);
    }
    jmh_loop_mark(clients->host->loop, client->replies != NULL ? client->replies->len : 0);
}

/* Append to the replies. */
static jm_status queue_reply(struct jmh_client *client, jm_span json)
{
    if (client->ending) {
        return JM_EGONE;
    }
    if (client->replies == NULL) {
        client->replies = calloc(1, sizeof *client->replies);
        if (client->replies == NULL) {
            return JM_ENOMEM;
        }
    }
    size_t limit = (size_t)client->clients->host->config.limits.client_buffer_bytes;
    if (client->replies->len + json.len > limit) {
        jmh_client_end(client, 4408, "stalled: too many replies were not read");
        return JM_ENOMEM;
    }
    add_reply(client->replies, client->port->form, json);
    jmh_client_wake(client);
    return client->replies->failed ? JM_ENOMEM : JM_OK;
}

static void add_error(struct jmh_buf *json, const char *sentence)
{
    char when[JMH_TIME_BYTES];
    jmh_time_format(jmh_time_utc_ms(), when);
    jmh_buf_add_text(json, "{\"type\":\"error\",\"error\":");
    jmh_buf_add_json_text(json, jmh_span(sentence));
    jmh_buf_addf(json, ",\"timestamp\":\"%s\"}", when);
}

/* A message that waits for the end of the turn. */
struct parcel {
    struct jmh_clients *clients;
    jm_id client;
    bool whatever; /* true also when the turn is taken back */
    size_t len;
    char json[];
};

static void deliver(void *user, jm_status committed)
{
    struct parcel *parcel = user;
    struct jmh_client *client = jmh_clients_get(parcel->clients, parcel->client);
    if (client != NULL) {
        client->parcels--;
    }
    if (client != NULL && (committed == JM_OK || parcel->whatever)) {
        (void)queue_reply(client, (jm_span){parcel->json, parcel->len});
    } else if (client != NULL) {
        struct jmh_buf json = {0};
        add_error(&json, jmh_turn_failure(client->clients->host->turn));
        (void)queue_reply(client, jmh_buf_span(&json));
        jmh_buf_fini(&json);
    }
    free(parcel);
}

static jm_status send_parcel(struct jmh_client *client, jm_span json, bool whatever)
{
    struct parcel *parcel = client->parcels < UINT16_MAX ? malloc(sizeof *parcel + json.len) : NULL;
    if (parcel == NULL) {
        return JM_ENOMEM;
    }
    parcel->whatever = whatever;
    parcel->clients = client->clients;
    parcel->client = client->id;
    parcel->len = json.len;
    memcpy(parcel->json, json.ptr, json.len);
    if (!jmh_turn_after(client->clients->host->turn, deliver, parcel)) {
        free(parcel);
        return JM_ENOMEM;
    }
    client->parcels++;
    return JM_OK;
}

jm_status jmh_client_send(struct jmh_client *client, jm_span json)
{
    return send_parcel(client, json, false);
}

/* Replies keep their order: behind one that waits for the turn's end, all wait. */
jm_status jmh_client_reply(struct jmh_client *client, jm_span json)
{
    return client->parcels > 0 ? send_parcel(client, json, true) : queue_reply(client, json);
}

/* The replies as a run; the client begins a new buffer. */
static void take_replies(struct jmh_client *client, struct jmh_run *run_out)
{
    struct jmh_buf *outgoing = &client->clients->outgoing;
    jmh_buf_fini(outgoing);
    *outgoing = *client->replies;
    free(client->replies);
    client->replies = NULL;
    *run_out = (struct jmh_run){.bytes = (const uint8_t *)outgoing->data,
                                .len = outgoing->len,
                                .more = jmh_client_pending(client)};
}

/* Tell a client what it has lost, before what comes behind it. */
static void add_missed(struct jmh_client *client, const struct jmh_run *run, struct jmh_buf *out)
{
    char when[JMH_TIME_BYTES];
    jmh_time_format(jmh_time_utc_ms(), when);
    struct jmh_buf json = {0};
    jmh_buf_addf(&json,
                 "{\"type\":\"events_missed\",\"timestamp\":\"%s\",\"recovered\":false,"
                 "\"epoch\":\"%s\",\"missed\":{\"from\":%llu,\"to\":%llu}}",
                 when, jmh_store_epoch(client->clients->host->store),
                 (unsigned long long)run->missed_from, (unsigned long long)run->missed_to);
    add_reply(out, client->port->form, jmh_buf_span(&json));
    jmh_buf_fini(&json);
    client->clients->missed++;
}

jm_status jmh_client_next(struct jmh_client *client, size_t max_bytes, struct jmh_run *run_out)
{
    struct jmh_clients *clients = client->clients;
    *run_out = (struct jmh_run){0};
    if (client->ending) {
        return JM_OK;
    }
    if (client->replies != NULL) {
        take_replies(client, run_out);
        return JM_OK;
    }
    struct jmh_err err;
    jm_status status = jmh_cursor_read(clients->host->reader, &client->cursor, client->port->form,
                                       max_bytes, NULL, NULL, run_out, &err);
    client->unread = status != JM_OK;
    if (status == JM_OK && run_out->missed_to != 0) {
        jmh_buf_clear(&clients->outgoing);
        add_missed(client, run_out, &clients->outgoing);
        jmh_buf_add(&clients->outgoing, run_out->bytes, run_out->len);
        run_out->bytes = (const uint8_t *)clients->outgoing.data;
        run_out->len = clients->outgoing.len;
    }
    clients->delivered += run_out->events;
    return status;
}

bool jmh_client_pending(const struct jmh_client *client)
{
    return !client->ending && (client->replies != NULL ||
                               jmh_cursor_pending(client->clients->host->reader, &client->cursor));
}

/* jmh_client_take() under way. */
struct taking {
    struct jmh_client *client;
    void (*sink)(void *user, jm_span json);
    void *user;
    const struct jmh_run *run; /* of the read under way */
    bool told;                 /* what it has missed */
    uint32_t count, max;
};

static void take_notice(struct taking *taking)
{
    if (taking->run->missed_to != 0 && !taking->told) {
        struct jmh_buf notice = {0};
        add_missed(taking->client, taking->run, &notice);
        taking->sink(taking->user, (jm_span){notice.data, notice.len > 0 ? notice.len - 1 : 0});
        taking->told = true;
        taking->count++;
        jmh_buf_fini(&notice);
    }
}

static bool take_event(void *user, uint64_t seq, jm_span body)
{
    struct taking *taking = user;
    (void)seq;
    take_notice(taking);
    taking->sink(taking->user, body);
    taking->count++;
    return taking->count < taking->max;
}

/* Hand out whole lines of the replies. */
static void take_lines(struct jmh_buf *lines, struct taking *taking)
{
    size_t at = 0;
    while (at < lines->len && taking->count < taking->max) {
        const char *start = lines->data + at;
        const char *end = memchr(start, '\n', lines->len - at);
        size_t len = end != NULL ? (size_t)(end - start) : lines->len - at;
        taking->sink(taking->user, (jm_span){start, len});
        taking->count++;
        at += len + 1;
    }
    jmh_buf_consume(lines, at < lines->len ? at : lines->len);
}

static void take_replies_as_lines(struct jmh_client *client, struct taking *taking)
{
    if (client->replies == NULL) {
        return;
    }
    take_lines(client->replies, taking);
    if (client->replies->len == 0) {
        jmh_buf_fini(client->replies);
        free(client->replies);
        client->replies = NULL;
    }
}

int32_t jmh_client_take(struct jmh_client *client, uint32_t max_messages,
                        void (*sink)(void *user, jm_span json), void *user, uint64_t *ack_out)
{
    struct jmh_run run = {.more = true};
    struct jmh_err err;
    struct taking taking = {
        .client = client, .sink = sink, .user = user, .run = &run, .max = max_messages};
    take_replies_as_lines(client, &taking);
    while (run.more && taking.count < max_messages) {
        taking.told = false;
        jm_status status =
            jmh_cursor_read(client->clients->host->reader, &client->cursor, JMH_FORM_JSON,
                            SIZE_MAX / 2, take_event, &taking, &run, &err);
        if (status != JM_OK && taking.count == 0) {
            return status;
        }
        take_notice(&taking);
        client->clients->delivered += run.events;
    }
    *ack_out = client->cursor.pos;
    return (int32_t)taking.count;
}

jm_status jmh_client_acknowledge(struct jmh_client *client, uint64_t ack)
{
    if (ack > client->cursor.pos) {
        return JM_EINVAL;
    }
    if (client->cursor.backlog == NULL) {
        client->acked = ack > client->acked ? ack : client->acked;
        client->cursor.pos = client->acked;
    }
    return JM_OK;
}

void jmh_client_stalled(struct jmh_client *client, bool stalled)
{
    if (!stalled) {
        client->stalled_since_s = 0;
    } else if (client->stalled_since_s == 0) {
        client->stalled_since_s = (uint32_t)(jmh_time_monotonic_ms() / 1000) + 1;
    }
}

void jmh_client_end(struct jmh_client *client, uint16_t code, const char *reason)
{
    if (!client->ending) {
        client->ending = true;
        client->port->end(client, code, reason);
    }
}

void jmh_client_error(struct jmh_client *client, const char *sentence)
{
    struct jmh_buf json = {0};
    add_error(&json, sentence);
    (void)jmh_client_reply(client, jmh_buf_span(&json));
    jmh_buf_fini(&json);
}
