/* subscribe and unsubscribe: from channel names to a set and a place in the log. [loop] */
#include "host/client/protocol.h"

#include "host/host.h"
#include "host/util/span.h"

#include <stdlib.h>
#include <string.h>

#define SUBS_MAX 64
#define TYPES_MAX 64
#define CURSOR_MAX 64
#define CHANNEL_TEXT_MAX 65 /* a name and its NUL */

/* A subscribe message, read and checked. */
struct request {
    jm_span channels_text; /* as sent */
    uint32_t channels[SUBS_MAX];
    uint32_t count;
    uint32_t types[TYPES_MAX + 1]; /* sorted, ends with 0 */
    bool has_types;
    bool has_since, foreign_epoch;
    uint64_t since;
};

/* What a confirmation says about a resume. */
struct verdict {
    bool resumes, recovered;
    uint64_t missed_from, missed_to;
};

static bool read_channel(struct jmh_client *client, struct jmh_json_value value,
                         uint32_t *channel_out)
{
    char name[CHANNEL_TEXT_MAX];
    if (jmh_json_text(value, name, sizeof name) >= 0 && strcmp(name, "*") == 0) {
        *channel_out = JMH_CHANNEL_ALL;
        return true;
    }
    if (jmh_json_text(value, name, sizeof name) < 0 || !jmh_span_is_name(jmh_span(name))) {
        jmh_client_errorf(client, "A channel name is 1 to 64 of a-z 0-9 _ . - (or \"*\"), not %.*s",
                          (int)(value.text.len < 80 ? value.text.len : 80), value.text.ptr);
        return false;
    }
    *channel_out = jmh_names_intern(client->clients->host->channels, jmh_span(name));
    if (*channel_out == 0) {
        jmh_client_error(client, "The host knows too many channel names already");
        return false;
    }
    return true;
}

static bool add_channel(struct request *request, uint32_t channel)
{
    for (uint32_t i = 0; i < request->count; i++) {
        if (request->channels[i] == channel) {
            return true;
        }
    }
    if (request->count == SUBS_MAX) {
        return false;
    }
    request->channels[request->count++] = channel;
    return true;
}

static bool read_channels(struct jmh_client *client, struct jmh_json_value message,
                          struct request *request)
{
    struct jmh_json_value list;
    struct jmh_json_walk walk;
    struct jmh_json_member item;
    request->channels_text = jmh_span("[]");
    if (!jmh_json_get(message, "channels", &list)) {
        return true;
    }
    if (list.kind != JMH_JSON_ARRAY || !jmh_json_begin(&walk, list)) {
        jmh_client_error(client, "channels must be a list of channel names");
        return false;
    }
    request->channels_text = list.text;
    while (jmh_json_next(&walk, &item)) {
        uint32_t channel;
        if (!read_channel(client, item.value, &channel)) {
            return false;
        }
        if (!add_channel(request, channel)) {
            jmh_client_errorf(client, "At most %d channels can be subscribed", SUBS_MAX);
            return false;
        }
    }
    return true;
}

static int by_number(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

static bool read_types(struct jmh_client *client, struct jmh_json_value message,
                       struct request *request)
{
    struct jmh_json_value list;
    struct jmh_json_walk walk;
    struct jmh_json_member item;
    uint32_t count = 0;
    if (!jmh_json_get(message, "types", &list) || list.kind == JMH_JSON_NULL) {
        return true;
    }
    if (list.kind != JMH_JSON_ARRAY || !jmh_json_begin(&walk, list)) {
        jmh_client_error(client, "types must be a list of event types");
        return false;
    }
    request->has_types = true;
    while (jmh_json_next(&walk, &item)) {
        char name[128];
        if (jmh_json_text(item.value, name, sizeof name) <= 0 || count == TYPES_MAX) {
            jmh_client_errorf(client, "types must be at most %d event types", TYPES_MAX);
            return false;
        }
        uint32_t number = jmh_names_intern(client->clients->host->types, jmh_span(name));
        if (number != 0) {
            request->types[count++] = number;
        }
    }
    qsort(request->types, count, sizeof request->types[0], by_number);
    return true;
}

/* "EPOCH:SEQ" */
static bool read_cursor(struct jmh_client *client, const char *text, struct request *request)
{
    const char *colon = strchr(text, ':');
    int64_t seq = 0;
    if (colon == NULL || !jmh_span_to_int(jmh_span(colon + 1), &seq) || seq < 0) {
        jmh_client_error(client, "since is no cursor of this host: use one that it has given");
        return false;
    }
    const char *epoch = jmh_store_epoch(client->clients->host->store);
    jm_span given = {text, (size_t)(colon - text)};
    request->has_since = true;
    request->since = (uint64_t)seq;
    request->foreign_epoch = !jmh_span_is(given, epoch);
    return true;
}

static bool read_since(struct jmh_client *client, struct jmh_json_value message,
                       struct request *request)
{
    struct jmh_json_value value;
    struct jmh_json_value epoch_value;
    char text[CURSOR_MAX];
    if (!jmh_json_get(message, "since", &value) && !jmh_json_get(message, "cursor", &value)) {
        return true;
    }
    if (value.kind == JMH_JSON_NULL) {
        return true;
    }
    if (value.kind == JMH_JSON_TEXT) {
        return jmh_json_text(value, text, sizeof text) >= 0 ? read_cursor(client, text, request)
                                                            : read_cursor(client, "", request);
    }
    int64_t seq = 0;
    if (!jmh_json_int(value, &seq) || seq < 0 || !jmh_json_get(message, "epoch", &epoch_value) ||
        jmh_json_text(epoch_value, text, sizeof text) < 0) {
        jmh_client_error(client,
                         "since is a cursor, or a seq together with the epoch it belongs to");
        return false;
    }
    request->has_since = true;
    request->since = (uint64_t)seq;
    request->foreign_epoch = strcmp(text, jmh_store_epoch(client->clients->host->store)) != 0;
    return true;
}

/* The client's subscriptions and the new ones; 0 once an error was queued. */
static uint32_t merge(struct jmh_client *client, const struct request *request,
                      struct jmh_sub *subs)
{
    const struct jmh_set *set = client->cursor.set;
    uint32_t count = 0;
    uint32_t limit = (uint32_t)client->clients->host->config.limits.subscriptions;
    for (; count < set->count; count++) {
        subs[count] = set->subs[count];
    }
    for (uint32_t i = 0; i < request->count; i++) {
        const uint32_t *types = request->has_types ? request->types : NULL;
        const struct jmh_sub *held = jmh_set_find(set, request->channels[i]);
        if (held != NULL) {
            if (request->has_since) {
                subs[held - set->subs].types = types;
            }
            continue;
        }
        if (count == limit || count == SUBS_MAX) {
            jmh_client_errorf(client, "At most %u channels can be subscribed", limit);
            return 0;
        }
        subs[count++] = (struct jmh_sub){request->channels[i], types};
    }
    return count;
}

static bool channel_has_memory(const struct jmh_host *host, uint32_t channel)
{
    const struct jmh_index *index = jmh_registry_index(host->registry);
    jm_span name =
        jmh_span(channel == JMH_CHANNEL_ALL ? "*" : jmh_names_text(host->channels, channel));
    return jmh_index_channel_has_memory(index, name);
}

static void judge(struct jmh_client *client, const struct request *request, struct verdict *verdict)
{
    const struct jmh_host *host = client->clients->host;
    verdict->resumes = request->has_since;
    verdict->recovered = !request->foreign_epoch;
    for (uint32_t i = 0; i < request->count && request->has_since && !request->foreign_epoch; i++) {
        uint32_t channel = request->channels[i];
        struct jmh_resume resume = jmh_reader_judge(host->reader, channel, request->since,
                                                    channel_has_memory(host, channel));
        verdict->recovered = verdict->recovered && resume.recovered;
        if (resume.missed_to > verdict->missed_to) {
            verdict->missed_from = resume.missed_from;
            verdict->missed_to = resume.missed_to;
        }
    }
}

/* The joins of a request: channels that are new, and all of them when it resumes. A client's first
 * resume brings the events for everyone along. */
static uint32_t list_joins(struct jmh_client *client, const struct request *request,
                           struct jmh_join *joins)
{
    uint64_t head = jmh_log_head(client->clients->host->log);
    bool resumes = request->has_since && !request->foreign_epoch && request->since <= head;
    uint32_t count = 0;
    for (uint32_t i = 0; i < request->count; i++) {
        if (resumes || jmh_set_find(client->cursor.set, request->channels[i]) == NULL) {
            joins[count++] =
                (struct jmh_join){request->channels[i], resumes ? request->since : JMH_SINCE_NOW};
        }
    }
    if (resumes && count > 0 && !client->resumed) {
        joins[count++] = (struct jmh_join){JMH_CHANNEL_EVERYONE, request->since};
        client->resumed = true;
    }
    return count;
}

/* Move a client to another set; the set's reference is taken. */
static jm_status change_set(struct jmh_client *client, struct jmh_set *set_take,
                            const struct jmh_join *joins, uint32_t count)
{
    const struct jmh_host *host = client->clients->host;
    struct jmh_set *old = client->cursor.set;
    old->refs++;
    jm_status status =
        jmh_cursor_subscribe(host->reader, host->sets, &client->cursor, set_take, joins, count);
    if (status == JM_OK) {
        TAILQ_REMOVE(&old->clients, client, in_set);
        TAILQ_INSERT_TAIL(&client->cursor.set->clients, client, in_set);
    }
    jmh_sets_drop(host->sets, old);
    return status;
}

static void add_unknown(struct jmh_buf *json, const struct jmh_host *host,
                        const struct request *request)
{
    const struct jmh_index *index = jmh_registry_index(host->registry);
    const char *before = ",\"unknown_channels\":[";
    for (uint32_t i = 0; i < request->count; i++) {
        jm_span name = jmh_span(jmh_names_text(host->channels, request->channels[i]));
        if (request->channels[i] != JMH_CHANNEL_ALL && !jmh_index_has_channel(index, name)) {
            jmh_buf_add_text(json, before);
            jmh_buf_add_json_text(json, name);
            before = ",";
        }
    }
    if (before[0] == ',' && before[1] == '\0') {
        jmh_buf_add_text(json, "]");
    }
}

static void confirm(struct jmh_client *client, const struct request *request,
                    const struct verdict *verdict)
{
    const struct jmh_host *host = client->clients->host;
    const char *epoch = jmh_store_epoch(host->store);
    unsigned long long head = (unsigned long long)jmh_log_head(host->log);
    struct jmh_buf json = {0};
    jmh_buf_add_text(&json, "{\"type\":\"subscription_confirmed\",\"channels\":");
    jmh_buf_add_span(&json, request->channels_text);
    jmh_buf_addf(&json, ",\"epoch\":\"%s\",\"seq\":%llu,\"cursor\":\"%s:%llu\"", epoch, head, epoch,
                 head);
    if (verdict->resumes) {
        jmh_buf_addf(&json, ",\"recovered\":%s", verdict->recovered ? "true" : "false");
    }
    if (verdict->missed_to != 0) {
        jmh_buf_addf(&json, ",\"missed\":{\"from\":%llu,\"to\":%llu}",
                     (unsigned long long)verdict->missed_from,
                     (unsigned long long)verdict->missed_to);
    }
    add_unknown(&json, host, request);
    jmh_buf_add_text(&json, "}");
    for (size_t i = 0; i < json.len && !json.failed; i++) {
        json.data[i] = (unsigned char)json.data[i] < 0x20 ? ' ' : json.data[i];
    }
    (void)jmh_client_reply(client, jmh_buf_span(&json));
    jmh_buf_fini(&json);
}

void jmh_message_subscribe(struct jmh_client *client, struct jmh_json_value message)
{
    struct request request = {0};
    struct verdict verdict = {0};
    struct jmh_sub subs[SUBS_MAX];
    struct jmh_join joins[SUBS_MAX + 1];
    if (!read_channels(client, message, &request) || !read_types(client, message, &request) ||
        !read_since(client, message, &request)) {
        return;
    }
    if (request.count > 0) {
        uint32_t count = merge(client, &request, subs);
        if (count == 0) {
            return;
        }
        judge(client, &request, &verdict);
        struct jmh_set *set = jmh_sets_get(client->clients->host->sets, subs, count);
        uint32_t join_count = list_joins(client, &request, joins);
        if (set == NULL || change_set(client, set, joins, join_count) != JM_OK) {
            jmh_client_error(client, "The host is out of memory; nothing was subscribed");
            return;
        }
    }
    confirm(client, &request, &verdict);
}

static void confirm_removed(struct jmh_client *client, const struct request *request)
{
    struct jmh_buf json = {0};
    jmh_buf_add_text(&json, "{\"type\":\"unsubscription_confirmed\",\"channels\":");
    jmh_buf_add_span(&json, request->channels_text);
    jmh_buf_add_text(&json, "}");
    for (size_t i = 0; i < json.len && !json.failed; i++) {
        json.data[i] = (unsigned char)json.data[i] < 0x20 ? ' ' : json.data[i];
    }
    (void)jmh_client_reply(client, jmh_buf_span(&json));
    jmh_buf_fini(&json);
}

static bool is_listed(const struct request *request, uint32_t channel)
{
    for (uint32_t i = 0; i < request->count; i++) {
        if (request->channels[i] == channel) {
            return true;
        }
    }
    return false;
}

void jmh_message_unsubscribe(struct jmh_client *client, struct jmh_json_value message)
{
    struct request request = {0};
    struct jmh_sub subs[SUBS_MAX];
    uint32_t count = 0;
    const struct jmh_set *set = client->cursor.set;
    if (!read_channels(client, message, &request)) {
        return;
    }
    for (uint32_t i = 0; i < set->count; i++) {
        if (!is_listed(&request, set->subs[i].channel)) {
            subs[count++] = set->subs[i];
        }
    }
    struct jmh_set *left = jmh_sets_get(client->clients->host->sets, subs, count);
    if (left == NULL || change_set(client, left, NULL, 0) != JM_OK) {
        jmh_client_error(client, "The host is out of memory; nothing was unsubscribed");
        return;
    }
    confirm_removed(client, &request);
}
