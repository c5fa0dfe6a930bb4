/* junmai.http/1: routes of the plugin's set, answers to its own requests. [loop] */
#include "host/ext/ext.h"
#include "host/ext/release.h"
#include "host/ext/states.h"
#include "host/host.h"
#include "host/http/exchange.h"
#include "host/plugin/lease.h"
#include "host/util/json.h"
#include "host/util/span.h"

#include <ctype.h>
#include <unistd.h>

#define HEADER_NAME_MAX 64

static jm_status add_route(const jm_host *host, const jm_route *route)
{
    struct jmh_err err;
    jm_status status = jmh_ext_check(host, "http.add_route()", JMH_IN_INIT);
    if (status < 0)
        return status;
    status = jmh_regset_add_route(jmh_plugin_of(host)->registrations, route, &err);
    return status < 0 ? jmh_ext_fail(host, &err) : status;
}

static bool is_own(const struct jmh_exchange *exchange, const struct jmh_plugin *plugin)
{
    return exchange->route != NULL && exchange->route->owner->plugin == plugin;
}

/* The plugin's request of that id, still without an answer; JM_EGONE with a sentence where it is not. */
static jm_status find(const jm_host *host, const char *function, jm_id request,
                      struct jmh_exchange **exchange_out)
{
    struct jmh_plugin *plugin = jmh_plugin_of(host);
    jm_status status = jmh_ext_check(host, function, JMH_WHEN_RUNNING);
    if (status < 0)
        return status;
    struct jmh_exchange *exchange = jmh_exchange_get(plugin->host, request);
    struct jmh_err err;
    if (exchange == NULL || !is_own(exchange, plugin) || exchange->gone || exchange->answered) {
        jmh_err_set(&err, JM_EGONE, "%s: request %llu has been answered, or its client has left",
                    function, (unsigned long long)request);
        return jmh_ext_fail(host, &err);
    }
    *exchange_out = exchange;
    return JM_OK;
}

/* What the request brought is there only while its handler runs. */
static jm_status find_handled(const jm_host *host, const char *function, jm_id request,
                              const char *name, struct jmh_exchange **exchange_out)
{
    struct jmh_plugin *plugin = jmh_plugin_of(host);
    jm_status status = jmh_ext_check(host, function, JMH_WHEN_RUNNING);
    if (status < 0)
        return status;
    struct jmh_exchange *exchange = jmh_exchange_get(plugin->host, request);
    struct jmh_err err;
    if (name == NULL || exchange == NULL || !is_own(exchange, plugin) || !exchange->busy) {
        jmh_err_set(&err, JM_ENOENT, "%s is for the handler of the request, with a name", function);
        return jmh_ext_fail(host, &err);
    }
    *exchange_out = exchange;
    return JM_OK;
}

static jm_status absent(const jm_host *host, const char *what, const char *name)
{
    struct jmh_err err;
    jmh_err_set(&err, JM_ENOENT, "the request has no %s '%.64s'", what, name);
    return jmh_ext_fail(host, &err);
}

static jm_status get_param(const jm_host *host, jm_id request, const char *name, jm_span *value_out)
{
    struct jmh_exchange *exchange;
    jm_status status = find_handled(host, "http.get_param()", request, name, &exchange);
    if (status < 0)
        return status;
    return jmh_exchange_param(exchange, name, value_out) ? JM_OK
                                                         : absent(host, "path parameter", name);
}

static jm_status get_query(const jm_host *host, jm_id request, const char *name, jm_span *value_out)
{
    struct jmh_exchange *exchange;
    jm_status status = find_handled(host, "http.get_query()", request, name, &exchange);
    if (status < 0)
        return status;
    return jmh_exchange_query(exchange, name, value_out) ? JM_OK
                                                         : absent(host, "query parameter", name);
}

static jm_status get_header(const jm_host *host, jm_id request, const char *name,
                            jm_span *value_out)
{
    struct jmh_exchange *exchange;
    jm_status status = find_handled(host, "http.get_header()", request, name, &exchange);
    if (status < 0)
        return status;
    char lower[HEADER_NAME_MAX];
    size_t len = strlen(name);
    if (len >= sizeof lower)
        return absent(host, "header", name);
    for (size_t i = 0; i <= len; i++)
        lower[i] = (char)tolower((unsigned char)name[i]);
    return exchange->port->header(exchange, lower, value_out) ? JM_OK
                                                              : absent(host, "header", name);
}

static jm_status set_header(const jm_host *host, jm_id request, const char *name, jm_span value)
{
    struct jmh_exchange *exchange;
    struct jmh_err err;
    jm_status status = find(host, "http.set_header()", request, &exchange);
    if (status < 0)
        return status;
    if (name != NULL && jmh_exchange_header(exchange, name, value))
        return JM_OK;
    jmh_err_set(&err, JM_EINVAL, "'%.64s' with that value is no legal header",
                name != NULL ? name : "");
    return jmh_ext_fail(host, &err);
}

static jm_status check_answer(const jm_host *host, const char *function, jm_id request,
                              int32_t code, struct jmh_exchange **exchange_out)
{
    struct jmh_err err;
    jm_status status = find(host, function, request, exchange_out);
    if (status < 0 || (code >= 200 && code <= 599))
        return status;
    jmh_err_set(&err, JM_EINVAL, "%s: the status %d is not from 200 to 599", function, (int)code);
    return jmh_ext_fail(host, &err);
}

static jm_status respond(const jm_host *host, jm_id request, int32_t code, jm_span json)
{
    struct jmh_exchange *exchange;
    struct jmh_json_value document;
    struct jmh_err err;
    jm_status status = check_answer(host, "http.respond()", request, code, &exchange);
    if (status < 0)
        return status;
    if (jmh_json_parse(json, &document))
        return jmh_exchange_json(exchange, code, document.text);
    jmh_err_set(&err, JM_EINVAL, "http.respond(): the answer to %s %s is no JSON", exchange->method,
                exchange->path);
    return jmh_ext_fail(host, &err);
}

static jm_status respond_error(const jm_host *host, jm_id request, int32_t code, jm_span sentence)
{
    struct jmh_exchange *exchange;
    jm_status status = check_answer(host, "http.respond_error()", request, code, &exchange);
    return status < 0 ? status : jmh_exchange_error(exchange, code, "%.*s", JMH_ARG(sentence));
}

/* Its own copy of a content type, for an answer that leaves later; NULL is none. */
static jm_status keep_type(const jm_host *host, struct jmh_exchange *exchange,
                           const char *content_type, const char **kept_out)
{
    struct jmh_err err;
    *kept_out = NULL;
    if (content_type == NULL)
        return JM_OK;
    bool legal = content_type[0] != '\0';
    for (const char *at = content_type; *at != '\0'; at++)
        legal = legal && (unsigned char)*at >= 0x20 && *at != 0x7f;
    if (!legal)
        jmh_err_set(&err, JM_EINVAL, "'%.64s' is no legal content type", content_type);
    else if ((*kept_out = jmh_exchange_keep(exchange, jmh_span(content_type))) == NULL)
        jmh_err_set(&err, JM_ENOMEM, "out of memory for an answer of type '%.64s'", content_type);
    return *kept_out != NULL ? JM_OK : jmh_ext_fail(host, &err);
}

static jm_status respond_bytes(const jm_host *host, jm_id request, int32_t code,
                               const char *content_type, jm_span body)
{
    struct jmh_exchange *exchange;
    const char *type;
    jm_status status = check_answer(host, "http.respond_bytes()", request, code, &exchange);
    if (status >= 0)
        status = keep_type(host, exchange, content_type, &type);
    return status < 0 ? status : jmh_exchange_bytes(exchange, code, type, body);
}

static jm_status respond_file(const jm_host *host, jm_id request, int fd_take,
                              const char *content_type, jm_span etag)
{
    struct jmh_exchange *exchange;
    struct jmh_err err;
    const char *type;
    jm_status status = find(host, "http.respond_file()", request, &exchange);
    if (status >= 0)
        status = keep_type(host, exchange, content_type, &type);
    if (status < 0) {
        if (fd_take >= 0)
            close(fd_take);
        return status;
    }
    status = jmh_exchange_file(exchange, fd_take, type, etag);
    if (status != JM_EINVAL)
        return status;
    jmh_err_set(&err, status, "http.respond_file(): what was given for %s %s is no regular file",
                exchange->method, exchange->path);
    return jmh_ext_fail(host, &err);
}

/* An open request of the plugin, NULL for none. */
static struct jmh_exchange *next_open(struct jmh_plugin *plugin)
{
    struct jmh_exchange *exchange;
    size_t cursor = 0;
    while ((exchange = jmh_idmap_next(&plugin->host->exchanges, &cursor)) != NULL)
        if (is_own(exchange, plugin))
            return exchange;
    return NULL;
}

void jmh_http_release(struct jmh_plugin *plugin)
{
    struct jmh_exchange *exchange;
    while ((exchange = next_open(plugin)) != NULL) {
        if (!exchange->answered && !exchange->gone)
            (void)jmh_exchange_error(exchange, 503, "plugin '%s' is being stopped; try again soon",
                                     plugin->name);
        jmh_lease_drop(exchange->lease);
        exchange->lease = NULL;
        exchange->route = NULL; /* the route goes with the plugin, the answer may leave later */
    }
}

const jm_host_http jmh_ext_http = {sizeof(jm_host_http), add_route,   get_param, get_query,
                                   get_header,           set_header,  respond,   respond_error,
                                   respond_bytes,        respond_file};
