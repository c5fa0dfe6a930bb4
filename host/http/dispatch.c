/* From a request to its handler: who may ask, which route, is the body JSON. [loop] */
#include "host/host.h"
#include "host/http/browser.h"
#include "host/http/exchange.h"
#include "host/plugin/lease.h"
#include "host/util/json.h"
#include "host/util/span.h"
#include "host/util/trace.h"

#include <string.h>
#include <strings.h>

static jm_span header_of(struct jmh_exchange *exchange, const char *name)
{
    jm_span value = {NULL, 0};
    (void)exchange->port->header(exchange, name, &value);
    return value;
}

/* Whether the browser rules let it pass; it is answered otherwise. */
static bool may_ask(struct jmh_exchange *exchange)
{
    const struct jmh_host *host = exchange->host;
    jm_span method = jmh_span(exchange->method);
    bool reads =
        jmh_span_is(method, "GET") || jmh_span_is(method, "HEAD") || jmh_span_is(method, "OPTIONS");
    bool says_so =
        exchange->route != NULL && (exchange->route->flags & JM_ROUTE_CHANGES_STATE) != 0;
    const struct jmh_browser_request request = {.method = method,
                                                .host = header_of(exchange, "host"),
                                                .origin = header_of(exchange, "origin"),
                                                .fetch_site = header_of(exchange, "sec-fetch-site"),
                                                .changes_state = !reads || says_so};
    enum jmh_browser_verdict verdict = jmh_browser_judge(&host->rules, &request);
    if (verdict == JMH_BROWSER_PASS) {
        return true;
    }
    (void)jmh_exchange_error(exchange, 403, "%s", jmh_browser_sentence(verdict));
    return false;
}

/* OPTIONS: what a path can do, and the answer to a preflight. */
static void answer_options(struct jmh_exchange *exchange, const char *allow)
{
    jm_span asked = header_of(exchange, "access-control-request-method");
    jm_span headers = header_of(exchange, "access-control-request-headers");
    (void)jmh_exchange_header(exchange, "Allow", jmh_span(allow));
    if (asked.len > 0 && header_of(exchange, "origin").len > 0) {
        (void)jmh_exchange_header(exchange, "Access-Control-Allow-Methods", jmh_span(allow));
        (void)jmh_exchange_header(exchange, "Access-Control-Max-Age", jmh_span("600"));
        if (headers.len > 0) {
            (void)jmh_exchange_header(exchange, "Access-Control-Allow-Headers", headers);
        }
    }
    (void)jmh_exchange_bytes(exchange, 204, NULL, (jm_span){NULL, 0});
}

/* A path that no active plugin serves: it may belong to one that is not enabled. */
static void answer_unknown(struct jmh_exchange *exchange)
{
    struct jmh_plugin *plugin =
        jmh_registry_of_path(exchange->host->registry, jmh_span(exchange->path));
    if (plugin == NULL || plugin->state == JMH_PLUGIN_ACTIVE) {
        (void)jmh_exchange_error(exchange, 404, "There is nothing at %s", exchange->path);
        return;
    }
    bool refused = plugin->state == JMH_PLUGIN_REFUSED;
    struct jmh_buf sentence = {0};
    struct jmh_buf json = {0};
    jmh_buf_addf(&sentence, "%s belongs to the plugin '%s', which is not %s%s%s", exchange->path,
                 plugin->name, refused ? "running: " : "enabled",
                 refused ? plugin->reason.text : "", refused ? "" : " on this host");
    jmh_buf_add_text(&json, "{\"error\":");
    jmh_buf_add_json_text(&json, jmh_buf_span(&sentence));
    jmh_buf_add_text(&json, ",\"plugin\":");
    jmh_buf_add_json_text(&json, jmh_span(plugin->name));
    jmh_buf_add_text(&json, ",\"enabled\":false}");
    (void)jmh_exchange_json(exchange, 404, jmh_buf_span(&json));
    jmh_buf_fini(&sentence);
    jmh_buf_fini(&json);
}

static bool is_json_type(jm_span type)
{
    return type.len == 0 || (type.len >= 16 && strncasecmp(type.ptr, "application/json", 16) == 0);
}

/* The body as the handler gets it; false once it is answered. What says nothing counts as missing. */
static bool read_body(struct jmh_exchange *exchange, jm_span *body_out)
{
    struct jmh_json_value value;
    jm_span text = jmh_buf_span(&exchange->body);
    *body_out = jmh_span("{}");
    if (text.len == 0) {
        return true;
    }
    if (!jmh_json_parse(text, &value)) {
        bool blank = true;
        for (size_t i = 0; i < text.len; i++) {
            blank = blank && strchr(" \t\r\n", text.ptr[i]) != NULL && text.ptr[i] != '\0';
        }
        if (blank) {
            return true;
        }
        int status = is_json_type(header_of(exchange, "content-type")) ? 400 : 415;
        (void)jmh_exchange_error(exchange, status,
                                 status == 400 ? "The body is no valid JSON"
                                               : "The body must be JSON");
        return false;
    }
    bool any = (exchange->route->flags & JM_ROUTE_BODY_ANY) != 0;
    if (!any && (value.kind == JMH_JSON_NULL || jmh_span_is(value.text, "[]"))) {
        return true;
    }
    if (!any && value.kind != JMH_JSON_OBJECT) {
        (void)jmh_exchange_error(exchange, 400, "The body must be a JSON object");
        return false;
    }
    *body_out = value.text;
    return true;
}

static int http_status(jm_status status)
{
    switch (status) {
    case JM_EINVAL:
        return 400;
    case JM_EACCES:
        return 403;
    case JM_ENOENT:
        return 404;
    case JM_EEXIST:
        return 409;
    case JM_EBUSY:
    case JM_ENOSPC:
        return 503;
    default:
        return 500;
    }
}

static void answer_failure(struct jmh_exchange *exchange, const struct jmh_plugin *plugin,
                           jm_status status)
{
    int code = http_status(status);
    const char *why = plugin->last_error.text;
    if (code == 500) {
        jmh_trace(JM_LOG_ERROR, plugin->name, "%s %s failed (%d): %s", exchange->method,
                  exchange->path, status, why);
        (void)jmh_exchange_error(exchange, 500,
                                 "The host failed at this request; its log says why");
    } else {
        (void)jmh_exchange_error(exchange, code, "%s",
                                 why[0] != '\0' ? why : "The request cannot be done");
    }
}

static void call_handler(struct jmh_exchange *exchange, jm_span body)
{
    struct jmh_plugin *plugin = exchange->route->owner->plugin;
    const jm_request request = {.size = sizeof request,
                                .id = exchange->id,
                                .method = jmh_span(exchange->method),
                                .path = jmh_span(exchange->path),
                                .query = jmh_span(exchange->query != NULL ? exchange->query : ""),
                                .body = body,
                                .caller = &exchange->identity->caller};
    exchange->busy = true;
    if (plugin == NULL) { /* a route of the host itself */
        jmh_turn_begin_call(exchange->host->turn);
        (void)jmh_turn_end_call(exchange->host->turn,
                                exchange->route->fn(exchange->route->user, &request));
    } else {
        plugin->last_error.text[0] = '\0';
        jmh_plugin_enter(plugin, exchange->route->path);
        jm_status given = exchange->route->fn(exchange->route->user, &request);
        jm_status status = jmh_plugin_leave(plugin, given);
        exchange->untrue = given >= 0 && status < 0 && exchange->answered;
        if (status < 0 && !exchange->answered) {
            answer_failure(exchange, plugin, status);
        } else if (!exchange->answered) {
            exchange->lease = jmh_lease_take(plugin, JMH_LEASE_REQUEST, exchange->path, exchange);
        }
    }
    exchange->busy = false;
    if (exchange->gone && !exchange->sending) {
        jmh_exchange_free(exchange);
    }
}

void jmh_http_dispatch(struct jmh_exchange *exchange)
{
    struct jmh_route_match match;
    jm_span body;
    jmh_index_match(jmh_registry_index(exchange->host->registry), jmh_span(exchange->method),
                    jmh_span(exchange->path), &match);
    exchange->route = match.route;
    exchange->head_only = strcmp(exchange->method, "HEAD") == 0;
    memcpy(exchange->params, match.params, sizeof exchange->params);
    if (!may_ask(exchange)) {
        return;
    }
    if (match.route == NULL && !match.path_known) {
        answer_unknown(exchange);
    } else if (strcmp(exchange->method, "OPTIONS") == 0) {
        answer_options(exchange, match.allow);
    } else if (match.route == NULL) {
        (void)jmh_exchange_header(exchange, "Allow", jmh_span(match.allow));
        (void)jmh_exchange_error(exchange, 405, "%s is not allowed at %s; allowed are %s",
                                 exchange->method, exchange->path, match.allow);
    } else if (read_body(exchange, &body)) {
        call_handler(exchange, body);
    }
}
