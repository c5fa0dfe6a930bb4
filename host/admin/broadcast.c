/* /websocket/broadcast: an event from outside. The way that every benchmark takes: no tree is built,
 * nothing is allocated but the answer. [loop] */
#include "host/admin/admin.h"
#include "host/util/json.h"
#include "host/util/span.h"

#define TYPE_MAX 65
#define CHANNEL_MAX 65

/* A broadcast as it was asked for. */
struct order {
    char type[TYPE_MAX];
    char channel[CHANNEL_MAX];  /* "" for everyone */
    struct jmh_json_value data; /* an object */
    bool durable;
};

/* What the body of a broadcast holds, found in one walk; kind 0 where a member is missing. */
struct parts {
    struct jmh_json_value type, data, message, channel, durable;
};

static void find_parts(jm_span text, struct parts *parts)
{
    struct jmh_json_value body;
    struct jmh_json_walk walk;
    struct jmh_json_member member;
    const struct {
        const char *name;
        struct jmh_json_value *value;
    } wanted[] = {{"type", &parts->type},
                  {"data", &parts->data},
                  {"message", &parts->message},
                  {"channel", &parts->channel},
                  {"durable", &parts->durable}};
    if (!jmh_json_parse(text, &body) || !jmh_json_begin(&walk, body)) {
        return;
    }
    while (jmh_json_next(&walk, &member)) {
        for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
            if (jmh_json_key_is(&member, wanted[i].name)) {
                *wanted[i].value = member.value;
            }
        }
    }
}

static bool is_given(struct jmh_json_value value)
{
    return value.kind != 0 && value.kind != JMH_JSON_NULL;
}

/* channel and durable, which both forms have; false once it is answered. */
static bool read_target(struct jmh_exchange *exchange, const struct parts *parts,
                        struct order *order)
{
    if (is_given(parts->channel) &&
        (jmh_json_text(parts->channel, order->channel, sizeof order->channel) < 0 ||
         (order->channel[0] != '\0' && !jmh_span_is_name(jmh_span(order->channel))))) {
        (void)jmh_exchange_error(exchange, 400,
                                 "channel must be 1 to 64 of a-z 0-9 _ . -, or null "
                                 "for every client");
        return false;
    }
    if (is_given(parts->durable) && parts->durable.kind != JMH_JSON_BOOL) {
        (void)jmh_exchange_error(exchange, 400, "durable must be true or false");
        return false;
    }
    order->durable = is_given(parts->durable) && parts->durable.text.ptr[0] == 't';
    return true;
}

static bool read_type(struct jmh_exchange *exchange, struct jmh_json_value type,
                      struct order *order)
{
    int64_t len = is_given(type) ? jmh_json_text(type, order->type, sizeof order->type) : 0;
    if (len == 0) {
        (void)jmh_exchange_error(exchange, 400, "Message type is required");
    } else if (len < 0) {
        (void)jmh_exchange_error(exchange, 400, "type must be a text of at most %d bytes",
                                 TYPE_MAX - 1);
        len = 0;
    }
    return len > 0;
}

/* Inject it; false once it is answered. */
static bool inject(struct jmh_host *host, struct jmh_exchange *exchange, const struct order *order)
{
    struct jmh_err err;
    jm_status status = jmh_turn_inject(host->turn, jmh_span(order->type), jmh_span(order->channel),
                                       order->data, order->durable, &err);
    if (status != JM_OK) {
        (void)jmh_exchange_error(exchange, status == JM_EINVAL ? 400 : 503, "%s", err.text);
    }
    return status == JM_OK;
}

static void broadcast(struct jmh_host *host, struct jmh_exchange *exchange, jm_span text)
{
    struct order order = {.data = {JMH_JSON_OBJECT, {"{}", 2}}};
    struct parts parts = {0};
    find_parts(text, &parts);
    if (!read_type(exchange, parts.type, &order) || !read_target(exchange, &parts, &order)) {
        return;
    }
    if (is_given(parts.data)) {
        order.data = parts.data;
    }
    if (order.data.kind != JMH_JSON_OBJECT) {
        (void)jmh_exchange_error(exchange, 400, "data must be a JSON object");
    } else if (inject(host, exchange, &order)) {
        (void)jmh_exchange_json(
            exchange, 200,
            jmh_span("{\"success\":true,\"message\":\"Message broadcasted successfully\"}"));
    }
}

static void broadcast_api(struct jmh_host *host, struct jmh_exchange *exchange, jm_span text)
{
    struct order order = {.type = ""};
    struct parts parts = {0};
    struct jmh_json_value type = {0};
    find_parts(text, &parts);
    if (parts.message.kind != JMH_JSON_OBJECT) {
        (void)jmh_exchange_error(exchange, 400, "message is required");
        return;
    }
    (void)jmh_json_get(parts.message, "type", &type);
    order.data = parts.message;
    if (!read_type(exchange, type, &order) || !read_target(exchange, &parts, &order)) {
        return;
    }
    if (inject(host, exchange, &order)) {
        struct jmh_buf json = {0};
        jmh_buf_add_text(&json, "{\"message\":\"Message broadcasted successfully\",\"channel\":");
        if (order.channel[0] != '\0') {
            jmh_buf_add_json_text(&json, jmh_span(order.channel));
        } else {
            jmh_buf_add_text(&json, "null");
        }
        jmh_buf_add_text(&json, "}");
        (void)jmh_exchange_json(exchange, 200, jmh_buf_span(&json));
        jmh_buf_fini(&json);
    }
}

const struct jmh_admin_route jmh_admin_broadcast_routes[] = {
    {"POST", "/websocket/broadcast", "Send an event to a channel, or to every client.", NULL,
     JM_ROUTE_SUCCESS_FORM, broadcast, "type:text|data:object?|channel:text?|durable:bool=false",
     "success:bool|message:text"},
    {"POST", "/api/websocket/broadcast",
     "Send an event, which `message` becomes, to a channel, or to every client.", NULL, 0,
     broadcast_api, "message:object|channel:text?|durable:bool=false",
     "message:text|channel:text?"},
    {0},
};
