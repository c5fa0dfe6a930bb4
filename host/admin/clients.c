/* /websocket/clients, disconnect, stats, status, and their forms below /api. [loop] */
#include "host/client/clients.h"
#include "host/admin/admin.h"
#include "host/util/span.h"
#include "host/util/time.h"

#include <string.h>

#define TYPES_SHOWN 64
#define CHANNELS_SHOWN 1024

static void add_time(struct jmh_buf *json, const char *name, int64_t utc_ms)
{
    char when[JMH_TIME_BYTES];
    jmh_time_format(utc_ms, when);
    jmh_buf_addf(json, ",\"%s\":\"%s\"", name, when);
}

static void add_client(struct jmh_buf *json, const struct jmh_host *host,
                       const struct jmh_client *client)
{
    jmh_buf_addf(json, "{\"id\":%llu,\"client_type\":", (unsigned long long)client->id);
    jmh_buf_add_json_text(json, jmh_span(jmh_client_type(client)));
    jmh_buf_add_text(json, ",\"client_name\":");
    jmh_buf_add_json_text(json, jmh_span(jmh_client_name(client)));
    add_time(json, "connected_at", client->connected_utc_ms);
    add_time(json, "last_ping", client->last_ping_utc_ms);
    jmh_buf_addf(json, ",\"transport\":\"%s\",\"position\":%llu,\"stalled\":%s,\"address\":",
                 client->port->name, (unsigned long long)client->cursor.pos,
                 client->stalled_since_s != 0 ? "true" : "false");
    jmh_buf_add_json_text(json, client->identity->caller.address);
    jmh_buf_add_text(json, ",\"subscriptions\":[");
    for (uint32_t i = 0; i < client->cursor.set->count; i++) {
        uint32_t channel = client->cursor.set->subs[i].channel;
        jmh_buf_add_text(json, i > 0 ? "," : "");
        jmh_buf_add_json_text(
            json,
            jmh_span(channel == JMH_CHANNEL_ALL ? "*" : jmh_names_text(host->channels, channel)));
    }
    jmh_buf_add_text(json, "]}");
}

static void add_clients(struct jmh_buf *json, const struct jmh_host *host)
{
    size_t cursor = 0;
    const char *before = "";
    const struct jmh_client *client;
    jmh_buf_add_text(json, "\"clients\":[");
    while ((client = jmh_clients_next(host->clients, &cursor)) != NULL) {
        jmh_buf_add_text(json, before);
        add_client(json, host, client);
        before = ",";
    }
    jmh_buf_add_text(json, "]");
}

static void list_clients(struct jmh_host *host, struct jmh_exchange *exchange, bool success_form)
{
    struct jmh_buf json = {0};
    jmh_buf_addf(&json, "{%s\"count\":%zu,", success_form ? "\"success\":true," : "",
                 jmh_clients_count(host->clients));
    add_clients(&json, host);
    jmh_buf_add_text(&json, "}");
    (void)jmh_exchange_json(exchange, 200, jmh_buf_span(&json));
    jmh_buf_fini(&json);
}

static void get_clients(struct jmh_host *host, struct jmh_exchange *exchange, jm_span body)
{
    (void)body;
    list_clients(host, exchange, true);
}

static void get_clients_api(struct jmh_host *host, struct jmh_exchange *exchange, jm_span body)
{
    (void)body;
    list_clients(host, exchange, false);
}

static struct jmh_client *find_client(struct jmh_host *host, struct jmh_exchange *exchange)
{
    jm_span text = {NULL, 0};
    int64_t id = 0;
    struct jmh_client *client = NULL;
    if (jmh_exchange_param(exchange, "id", &text) && jmh_span_to_int(text, &id) && id > 0) {
        client = jmh_clients_get(host->clients, (jm_id)id);
    }
    if (client == NULL) {
        (void)jmh_exchange_error(exchange, 404, "There is no client %.*s", JMH_ARG(text));
    }
    return client;
}

static void disconnect(struct jmh_host *host, struct jmh_exchange *exchange, jm_span body)
{
    (void)body;
    struct jmh_client *client = find_client(host, exchange);
    if (client != NULL) {
        struct jmh_buf json = {0};
        jmh_buf_addf(&json, "{\"success\":true,\"message\":\"Client %llu disconnected\"}",
                     (unsigned long long)client->id);
        jmh_client_end(client, 1000, "");
        (void)jmh_exchange_json(exchange, 200, jmh_buf_span(&json));
        jmh_buf_fini(&json);
    }
}

static void disconnect_api(struct jmh_host *host, struct jmh_exchange *exchange, jm_span body)
{
    (void)body;
    struct jmh_client *client = find_client(host, exchange);
    if (client != NULL) {
        struct jmh_buf json = {0};
        jmh_buf_addf(&json, "{\"message\":\"Client disconnected successfully\",\"client_id\":%llu}",
                     (unsigned long long)client->id);
        jmh_client_end(client, 1000, "");
        (void)jmh_exchange_json(exchange, 200, jmh_buf_span(&json));
        jmh_buf_fini(&json);
    }
}

/* How many clients registered as what; types beyond the first 64 are counted as "other". */
struct tally {
    const char *types[TYPES_SHOWN];
    size_t counts[TYPES_SHOWN];
    size_t used, others;
};

static void count_type(struct tally *tally, const char *type)
{
    for (size_t i = 0; i < tally->used; i++) {
        if (strcmp(tally->types[i], type) == 0) {
            tally->counts[i]++;
            return;
        }
    }
    if (tally->used < TYPES_SHOWN) {
        tally->types[tally->used] = type;
        tally->counts[tally->used++] = 1;
    } else {
        tally->others++;
    }
}

static void add_tally(struct jmh_buf *json, const struct jmh_host *host)
{
    struct tally tally = {0};
    size_t cursor = 0;
    const struct jmh_client *client;
    while ((client = jmh_clients_next(host->clients, &cursor)) != NULL) {
        count_type(&tally, jmh_client_type(client));
    }
    jmh_buf_add_text(json, "\"clients_by_type\":{");
    for (size_t i = 0; i < tally.used; i++) {
        jmh_buf_add_text(json, i > 0 ? "," : "");
        jmh_buf_add_json_text(json, jmh_span(tally.types[i]));
        jmh_buf_addf(json, ":%zu", tally.counts[i]);
    }
    if (tally.others > 0) {
        jmh_buf_addf(json, ",\"other\":%zu", tally.others);
    }
    jmh_buf_add_text(json, "}");
}

static void get_stats(struct jmh_host *host, struct jmh_exchange *exchange, jm_span body)
{
    (void)body;
    uint32_t channels[CHANNELS_SHOWN];
    size_t count = jmh_sets_channels(host->sets, channels, CHANNELS_SHOWN);
    struct jmh_buf json = {0};
    jmh_buf_addf(&json, "{\"success\":true,\"stats\":{\"total_clients\":%zu,",
                 jmh_clients_count(host->clients));
    add_tally(&json, host);
    jmh_buf_add_text(&json, ",\"active_channels\":[");
    for (size_t i = 0; i < count && i < CHANNELS_SHOWN; i++) {
        jmh_buf_add_text(&json, i > 0 ? "," : "");
        jmh_buf_add_json_text(&json, jmh_span(jmh_names_text(host->channels, channels[i])));
    }
    jmh_buf_addf(&json, "],\"channel_count\":%zu}}", count);
    (void)jmh_exchange_json(exchange, 200, jmh_buf_span(&json));
    jmh_buf_fini(&json);
}

/* The desktop program shows "Lightroom: Connected" when this counts any: so it counts clients that
 * registered as lightroom. */
static void get_status(struct jmh_host *host, struct jmh_exchange *exchange, jm_span body)
{
    (void)body;
    size_t cursor = 0;
    size_t count = 0;
    const struct jmh_client *client;
    struct jmh_buf list = {0};
    while ((client = jmh_clients_next(host->clients, &cursor)) != NULL) {
        if (strcmp(jmh_client_type(client), "lightroom") == 0) {
            jmh_buf_addf(&list, "%s{\"id\":%llu", count > 0 ? "," : "",
                         (unsigned long long)client->id);
            add_time(&list, "connected_at", client->connected_utc_ms);
            jmh_buf_add_text(&list, "}");
            count++;
        }
    }
    struct jmh_buf json = {0};
    jmh_buf_addf(&json, "{\"running\":true,\"connected_clients\":%zu,\"clients\":[", count);
    jmh_buf_add_span(&json, jmh_buf_span(&list));
    jmh_buf_add_text(&json, "]}");
    (void)jmh_exchange_json(exchange, 200, jmh_buf_span(&json));
    jmh_buf_fini(&list);
    jmh_buf_fini(&json);
}

const struct jmh_admin_route jmh_admin_client_routes[] = {
    {"GET", "/websocket/clients", "The clients that are connected.", NULL, JM_ROUTE_SUCCESS_FORM,
     get_clients, NULL, "success:bool|count:int|clients:object[]"},
    {"POST", "/websocket/disconnect/{id:int}", "End one client's connection.", NULL,
     JM_ROUTE_SUCCESS_FORM | JM_ROUTE_BODY_OPTIONAL, disconnect, "", "success:bool|message:text"},
    {"GET", "/websocket/stats", "How many clients there are, and on which channels.", NULL,
     JM_ROUTE_SUCCESS_FORM, get_stats, NULL, "success:bool|stats:object"},
    {"GET", "/websocket/status", "Whether Lightroom is connected.", NULL, 0, get_status, NULL,
     "running:bool|connected_clients:int|clients:object[]"},
    {"GET", "/api/websocket/clients", "The clients that are connected.", NULL, 0, get_clients_api,
     NULL, "count:int|clients:object[]"},
    {"POST", "/api/websocket/disconnect/{id:int}", "End one client's connection.", NULL,
     JM_ROUTE_BODY_OPTIONAL, disconnect_api, "", "message:text|client_id:int"},
    {0},
};
