/* Which web pages may call: the rules of Host, Origin and Sec-Fetch-Site. Plain functions. [any]
 *
 * A page that finds this host through a name of its own (DNS rebinding) is stopped by Host; one that
 * calls across origins by Origin; one that makes a browser follow a link or load an image, where no
 * Origin is sent, by Sec-Fetch-Site. */
#include "host/http/browser.h"

#include "host/util/span.h"

#include <arpa/inet.h>
#include <strings.h>

#define PORT_DIGITS_MAX 5
#define PORT_MAX 65535
#define ADDRESS_BYTES INET6_ADDRSTRLEN

static bool equals_any_case(jm_span a, const char *b)
{
    return a.len == strlen(b) && (a.len == 0 || strncasecmp(a.ptr, b, a.len) == 0);
}

static bool skip_prefix(jm_span *text, const char *prefix)
{
    size_t len = strlen(prefix);
    if (text->len < len || memcmp(text->ptr, prefix, len) != 0) {
        return false;
    }
    text->ptr += len;
    text->len -= len;
    return true;
}

/* Whether `rest`, what follows a name, is nothing or a port. */
static bool is_port_or_nothing(jm_span rest)
{
    if (rest.len == 0) {
        return true;
    }
    if (rest.ptr[0] != ':' || rest.len < 2 || rest.len > PORT_DIGITS_MAX + 1) {
        return false;
    }
    long port = 0;
    for (size_t i = 1; i < rest.len; i++) {
        if (rest.ptr[i] < '0' || rest.ptr[i] > '9') {
            return false;
        }
        port = port * 10 + (rest.ptr[i] - '0');
    }
    return port > 0 && port <= PORT_MAX;
}

/* The name of "name:port", "[address]:port" without its brackets; false where it is neither. */
static bool split_host(jm_span host, jm_span *name_out, bool *bracketed_out)
{
    *bracketed_out = host.len > 0 && host.ptr[0] == '[';
    size_t skip = *bracketed_out ? 1 : 0;
    const char *end = host.len > skip
                          ? memchr(host.ptr + skip, *bracketed_out ? ']' : ':', host.len - skip)
                          : NULL;
    if (*bracketed_out && end == NULL) {
        return false;
    }
    size_t name_end = end != NULL ? (size_t)(end - host.ptr) : host.len;
    *name_out = (jm_span){host.ptr + skip, name_end - skip};
    size_t rest = name_end + skip;
    return name_out->len > 0 && is_port_or_nothing((jm_span){host.ptr + rest, host.len - rest});
}

struct address {
    int family;
    struct in_addr v4;
    struct in6_addr v6;
};

static bool parse_address(jm_span name, int family, struct address *address_out)
{
    char text[ADDRESS_BYTES];
    if (name.len >= sizeof text) {
        return false;
    }
    memcpy(text, name.ptr, name.len);
    text[name.len] = '\0';
    *address_out = (struct address){.family = family};
    void *bytes = family == AF_INET6 ? (void *)&address_out->v6 : (void *)&address_out->v4;
    return inet_pton(family, text, bytes) == 1;
}

static bool is_loopback(const struct address *address)
{
    return address->family == AF_INET6 ? IN6_IS_ADDR_LOOPBACK(&address->v6)
                                       : ntohl(address->v4.s_addr) >> 24 == IN_LOOPBACKNET;
}

/* 0.0.0.0 and ::, by which nobody may call: browsers lead them to this machine. */
static bool is_unspecified(const struct address *address)
{
    return address->family == AF_INET6 ? IN6_IS_ADDR_UNSPECIFIED(&address->v6)
                                       : address->v4.s_addr == INADDR_ANY;
}

static bool is_equal(const struct address *a, const struct address *b)
{
    return a->family == AF_INET6 ? IN6_ARE_ADDR_EQUAL(&a->v6, &b->v6)
                                 : a->v4.s_addr == b->v4.s_addr;
}

/* A loopback address, or one that this host was told to listen on. */
static bool is_our_address(const struct jmh_browser_rules *rules, jm_span name, bool bracketed)
{
    int family = bracketed ? AF_INET6 : AF_INET;
    struct address called, bound;
    if (!parse_address(name, family, &called) || is_unspecified(&called)) {
        return false;
    }
    if (is_loopback(&called)) {
        return true;
    }
    for (const char *const *bind = rules->binds; bind != NULL && *bind != NULL; bind++) {
        if (parse_address(jmh_span(*bind), family, &bound) && is_equal(&called, &bound)) {
            return true;
        }
    }
    return false;
}

/* A configured name may be an IPv6 address, with its brackets or without. */
static bool is_listed(const char *const *hosts, jm_span name, bool bracketed)
{
    for (; hosts != NULL && *hosts != NULL; hosts++) {
        jm_span listed = jmh_span(*hosts);
        bool listed_brackets = listed.len > 2 && listed.ptr[0] == '[';
        if (listed_brackets) {
            listed = (jm_span){listed.ptr + 1, listed.len - 2};
        }
        bool is_v6 = listed_brackets || memchr(listed.ptr, ':', listed.len) != NULL;
        if (is_v6 == bracketed && listed.len == name.len &&
            strncasecmp(listed.ptr, name.ptr, name.len) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_our_host(const struct jmh_browser_rules *rules, jm_span host)
{
    jm_span name;
    bool bracketed;
    if (!split_host(host, &name, &bracketed)) {
        return false;
    }
    return (!bracketed && equals_any_case(name, "localhost")) ||
           is_our_address(rules, name, bracketed) || is_listed(rules->hosts, name, bracketed);
}

static bool is_loopback_origin(jm_span origin)
{
    if (!skip_prefix(&origin, "http://") && !skip_prefix(&origin, "https://")) {
        return false;
    }
    if (!skip_prefix(&origin, "localhost") && !skip_prefix(&origin, "127.0.0.1") &&
        !skip_prefix(&origin, "[::1]")) {
        return false;
    }
    return is_port_or_nothing(origin);
}

bool jmh_browser_origin_allowed(const struct jmh_browser_rules *rules, jm_span origin)
{
    if (jmh_span_is(origin, "null")) {
        return false;
    }
    if (is_loopback_origin(origin)) {
        return true;
    }
    for (const char *const *listed = rules->origins; listed != NULL && *listed != NULL; listed++) {
        if (jmh_span_is(origin, *listed)) {
            return true;
        }
    }
    return false;
}

/* A page that this host has served itself; `host` was found to be ours. Behind a proxy that speaks
 * TLS its origin is https. */
static bool is_own_page(jm_span origin, jm_span host)
{
    if (!skip_prefix(&origin, "http://") && !skip_prefix(&origin, "https://")) {
        return false;
    }
    return origin.len == host.len && strncasecmp(origin.ptr, host.ptr, host.len) == 0;
}

static bool is_fetch_site_ours(jm_span fetch_site)
{
    return fetch_site.ptr == NULL || jmh_span_is(fetch_site, "none") ||
           jmh_span_is(fetch_site, "same-origin");
}

enum jmh_browser_verdict jmh_browser_judge(const struct jmh_browser_rules *rules,
                                           const struct jmh_browser_request *request)
{
    if (request->host.ptr == NULL || !is_our_host(rules, request->host)) {
        return JMH_BROWSER_BAD_HOST;
    }
    if (!request->is_websocket && !request->changes_state) {
        return JMH_BROWSER_PASS;
    }
    if (request->origin.ptr != NULL) {
        bool allowed = jmh_browser_origin_allowed(rules, request->origin) ||
                       is_own_page(request->origin, request->host);
        return allowed ? JMH_BROWSER_PASS : JMH_BROWSER_BAD_ORIGIN;
    }
    return is_fetch_site_ours(request->fetch_site) ? JMH_BROWSER_PASS : JMH_BROWSER_CROSS_SITE;
}

const char *jmh_browser_sentence(enum jmh_browser_verdict verdict)
{
    switch (verdict) {
    case JMH_BROWSER_PASS:
        return "The request is allowed.";
    case JMH_BROWSER_BAD_HOST:
        return "This host does not know itself by the name in Host: call it as localhost or by an "
               "address of listen.bind, or add the name to listen.hosts.";
    case JMH_BROWSER_BAD_ORIGIN:
        return "Pages of this origin may not call here: add the origin to listen.origins.";
    case JMH_BROWSER_CROSS_SITE:
        return "A page of another site may not cause this request: open it from a page of this "
               "host, or from a program.";
    }
    return "The request is not allowed.";
}
