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
    char channel[CHANNEL_MAX]; /* "" for everyone */
    jm_span data;              /* a JSON object */
    bool durable;
};

/* channel and durable, which both forms have; false once it is answered. */
static bool read_target(struct jmh_exchange *exchange, struct jmh_json_value body,
                        struct order *order)
{
    struct jmh_json_value value;
    order->channel[0] = '\0';
    if (jmh_json_get(body, "channel", &value) && value.kind != JMH_JSON_NULL &&
        (jmh_json_text(value, order->channel, sizeof order->channel) < 0 ||
         (order->channel[0] != '\0' && !jmh_span_is_name(jmh_span(order->channel))))) {
        (void)jmh_exchange_error(exchange, 400, "channel must be 1 to 64 of a-z 0-9 _ . -, or null "
                                 "for every client");
        return false;
    }
    order->durable = false;
    if (jmh_json_get(body, "durable", &value) && value.kind != JMH_JSON_NULL) {
        if (value.kind != JMH_JSON_BOOL) {
            (void)jmh_exchange_error(exchange, 400, "durable must be true or false");
            return false;
        }
        order->durable = value.text.ptr[0] == 't';
    }
    return true;
}

static bool read_type(struct jmh_exchange *exchange, struct jmh_json_value holder,
                      struct order *order)
{
    struct jmh_json_value value;
    int64_t len = 0;
    if (jmh_json_get(holder, "type", &value) && value.kind != JMH_JSON_NULL) {
        len = jmh_json_text(value, order->type, sizeof order->type);
    }
    if (len == 0) {
        (void)jmh_exchange_error(exchange, 400, "Message type is required");
    } else if (len < 0 || !jmh_span_is_name(jmh_span(order->type))) {
        (void)jmh_exchange_error(exchange, 400, "type must be 1 to 64 of a-z 0-9 _ . -");
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
    struct order order = {.type = ""};
    struct jmh_json_value body;
    struct jmh_json_value data;
    (void)jmh_json_parse(text, &body);
    if (!read_type(exchange, body, &order) || !read_target(exchange, body, &order)) {
        return;
    }
    order.data = jmh_span("{}");
    if (jmh_json_get(body, "data", &data) && data.kind != JMH_JSON_NULL) {
        if (data.kind != JMH_JSON_OBJECT) {
            (void)jmh_exchange_error(exchange, 400, "data must be a JSON object");
            return;
        }
        order.data = data.text;
    }
    if (inject(host, exchange, &order)) {
        (void)jmh_exchange_json(
            exchange, 200,
            jmh_span("{\"success\":true,\"message\":\"Message broadcasted successfully\"}"));
    }
}

static void broadcast_api(struct jmh_host *host, struct jmh_exchange *exchange, jm_span text)
{
    struct order order = {.type = ""};
    struct jmh_json_value body;
    struct jmh_json_value message;
    (void)jmh_json_parse(text, &body);
    if (!jmh_json_get(body, "message", &message) || message.kind != JMH_JSON_OBJECT) {
        (void)jmh_exchange_error(exchange, 400, "message is required");
        return;
    }
    if (!read_type(exchange, message, &order) || !read_target(exchange, body, &order)) {
        return;
    }
    order.data = message.text;
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
    {"POST", "/websocket/broadcast",
     "Send an event to a channel, or to every client: {type, data?, channel?, durable?}.", NULL,
     JM_ROUTE_SUCCESS_FORM, broadcast},
    {"POST", "/api/websocket/broadcast", "Send an event: {message, channel?, durable?}.", NULL, 0,
     broadcast_api},
    {0},
};
