/* The fake host's requests: matched against the routes, handled within a call, answered as JSON. */
#include "internal.h"

#include <ctype.h>
#include <junmai/sdk/span.h>
#include <stdio.h>

static jm_status add_route(const jm_host *host, const jm_route *route)
{
    struct fake_plugin *plugin = fake_plugin_of(host);
    struct fakehost *world = plugin->world;
    if (world->route_count == FAKE_ROUTES)
        fake_die("fakehost: more than %d routes", FAKE_ROUTES);
    for (size_t i = 0; i < world->route_count; i++) {
        const jm_route *other = &world->routes[i].route;
        if (strcmp(other->path, route->path) == 0 && strcmp(other->method, route->method) == 0)
            return fake_fail(plugin, JM_EEXIST, "route %s %s is %s's", route->method, route->path,
                             world->routes[i].owner->name);
    }
    world->routes[world->route_count++] = (struct fake_route){plugin, *route};
    return JM_OK;
}

static jm_status get_text(const jm_host *host, jm_id request, const json_t *texts, const char *name,
                          jm_span *value_out)
{
    const struct fakehost *world = fake_plugin_of(host)->world;
    const char *text = json_string_value(json_object_get(texts, name));
    if (request != world->request.id || text == NULL)
        return JM_ENOENT;
    *value_out = jm_span_of(text);
    return JM_OK;
}

static jm_status get_param(const jm_host *host, jm_id request, const char *name, jm_span *value_out)
{
    return get_text(host, request, fake_plugin_of(host)->world->request.params, name, value_out);
}

static jm_status get_query(const jm_host *host, jm_id request, const char *name, jm_span *value_out)
{
    return get_text(host, request, fake_plugin_of(host)->world->request.query, name, value_out);
}

static jm_status get_header(const jm_host *host, jm_id request, const char *name,
                            jm_span *value_out)
{
    return get_text(host, request, fake_plugin_of(host)->world->request.headers, name, value_out);
}

static jm_status set_header(const jm_host *host, jm_id request, const char *name, jm_span value)
{
    (void)name;
    (void)value;
    return fake_plugin_of(host)->world->request.id == request ? JM_OK : JM_EGONE;
}

static jm_status answer(struct fake_plugin *plugin, jm_id id, int32_t status, json_t *json_take)
{
    struct fake_request *request = &plugin->world->request;
    if (id != request->id || request->status != 0) {
        json_decref(json_take);
        return fake_fail(plugin, JM_EGONE, "request %llu is answered", (unsigned long long)id);
    }
    request->status = status;
    request->answer = json_take;
    return JM_OK;
}

static jm_status respond(const jm_host *host, jm_id request, int32_t status, jm_span json)
{
    json_t *document = json_loadb(json.ptr, json.len, JSON_DECODE_ANY, NULL);
    if (document == NULL)
        fake_die("fakehost: an answer that is no JSON: %.*s", (int)json.len, json.ptr);
    return answer(fake_plugin_of(host), request, status, document);
}

static jm_status respond_error(const jm_host *host, jm_id request, int32_t status, jm_span sentence)
{
    const struct fake_route *route = fake_plugin_of(host)->world->request.route;
    json_t *document = json_object();
    if (route->route.flags & JM_ROUTE_SUCCESS_FORM)
        json_object_set_new(document, "success", json_false());
    json_object_set_new(document, "error", json_stringn(sentence.ptr, sentence.len));
    return answer(fake_plugin_of(host), request, status, document);
}

/* A body that is no JSON is shown to the test as {"content_type", "body"}. */
static jm_status respond_bytes(const jm_host *host, jm_id request, int32_t status,
                               const char *content_type, jm_span body)
{
    json_t *document = json_object();
    json_object_set_new(document, "content_type", json_string(content_type));
    json_object_set_new(document, "body", json_stringn(body.ptr, body.len));
    return answer(fake_plugin_of(host), request, status, document);
}

const jm_host_http fake_http_table = {
    .size = sizeof(jm_host_http),
    .add_route = add_route,
    .get_param = get_param,
    .get_query = get_query,
    .get_header = get_header,
    .set_header = set_header,
    .respond = respond,
    .respond_error = respond_error,
    .respond_bytes = respond_bytes,
};

void fake_request_fini(struct fake_request *request)
{
    json_decref(request->params);
    json_decref(request->query);
    json_decref(request->headers);
    json_decref(request->answer);
    *request = (struct fake_request){.id = 0};
}

/* Match one path against one pattern; parameters are added to `params`. */
static bool match(const char *pattern, const char *path, json_t *params)
{
    json_object_clear(params);
    while (*pattern != '\0' && *path != '\0') {
        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        size_t inside = strcspn(pattern, "}");
        size_t name = strcspn(pattern, ":}") - 1;
        size_t length = strcspn(path, "/");
        bool digits = strspn(path, "0123456789") == length;
        if (length == 0 || (pattern[name + 1] == ':' && !digits))
            return false;
        json_object_setn_new(params, pattern + 1, name, json_stringn(path, length));
        pattern += inside + 1;
        path += length;
    }
    return *pattern == *path;
}

static char hex_value(char c)
{
    return (char)(isdigit((unsigned char)c) ? c - '0' : (c | 32) - 'a' + 10);
}

/* A query parameter, '+' and %XX undone. */
static json_t *decode(const char *text, size_t length)
{
    char decoded[1024];
    size_t used = 0;
    for (size_t i = 0; i < length && used < sizeof(decoded); i++) {
        char c = text[i] == '+' ? ' ' : text[i];
        if (c == '%' && length - i > 2) {
            c = (char)(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        }
        decoded[used++] = c;
    }
    return json_stringn(decoded, used);
}

static json_t *read_query(const char *query)
{
    json_t *texts = json_object();
    while (*query != '\0') {
        size_t length = strcspn(query, "&");
        size_t name = strcspn(query, "=&");
        size_t value = name < length ? name + 1 : length;
        json_object_setn_new(texts, query, name, decode(query + value, length - value));
        query += length + (query[length] == '&');
    }
    return texts;
}

static const struct fake_route *find_route(const struct fakehost *host, const char *method,
                                           const char *path, json_t *params)
{
    for (size_t i = 0; i < host->route_count; i++) {
        if (strcmp(host->routes[i].route.method, method) == 0 &&
            match(host->routes[i].route.path, path, params))
            return &host->routes[i];
    }
    return NULL;
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

/* The body as the handler gets it, or NULL where the host itself answers 400. */
static const char *check_body(const struct fake_route *route, const char *method, const char *body)
{
    bool optional = route->route.flags & JM_ROUTE_BODY_OPTIONAL;
    if (body == NULL)
        return optional || strcmp(method, "GET") == 0 ? "{}" : NULL;
    json_t *json = json_loads(body, JSON_DECODE_ANY, NULL);
    bool fits = json_is_object(json) || (json != NULL && (route->route.flags & JM_ROUTE_BODY_ANY));
    json_decref(json);
    return fits ? body : NULL;
}

static void handle(struct fakehost *host, const char *method, const char *path, const char *query,
                   const char *body)
{
    static const jm_caller caller = {.size = sizeof(caller), .kind = JM_CALLER_LOCAL};
    const struct fake_route *route = host->request.route;
    jm_request request = {.size = sizeof(request),
                          .id = host->request.id,
                          .method = jm_span_of(method),
                          .path = jm_span_of(path),
                          .query = jm_span_of(query),
                          .body = jm_span_of(body),
                          .caller = &caller};
    route->owner->sentence[0] = '\0';
    fakehost_begin(host);
    jm_status status = route->route.fn(route->route.user, &request);
    fakehost_end(host, status == JM_OK);
    if (status == JM_OK)
        return;
    json_decref(host->request.answer);
    host->request.answer = NULL;
    host->request.status = 0;
    respond_error(&route->owner->host, request.id, http_status(status),
                  jm_span_of(route->owner->sentence));
}

int fakehost_request(struct fakehost *host, const char *method, const char *target,
                     const char *body)
{
    char path[2048];
    size_t length = strcspn(target, "?");
    const char *query = target[length] == '?' ? target + length + 1 : "";
    if (length >= sizeof(path))
        fake_die("fakehost: a path of %zu bytes", length);
    memcpy(path, target, length);
    path[length] = '\0';
    fake_request_fini(&host->request);
    host->request.id = ++host->last_id;
    host->request.params = json_object();
    host->request.query = read_query(query);
    host->request.headers = json_object();
    host->request.route = find_route(host, method, path, host->request.params);
    if (host->request.route == NULL) {
        host->request.status = 404;
        return 404;
    }
    body = check_body(host->request.route, method, body);
    if (body == NULL)
        host->request.status = 400;
    else
        handle(host, method, path, query, body);
    return host->request.status;
}

const json_t *fakehost_answer(struct fakehost *host)
{
    if (host->request.answer == NULL)
        fake_die("fakehost: the last request has no answer");
    return host->request.answer;
}
