/* Declaring a route: its method, its path with parameters, its query parameters, its body and its
 * answer. [loop] */
#include "host/plugin/route.h"
#include "host/plugin/index.h"
#include "host/plugin/regset_array.h"
#include "host/util/span.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define PATH_MAX_BYTES 256
#define ROUTE_BYTES_LEAST offsetof(jm_route, body) /* the struct before it grew */
#define ROUTE_FLAGS \
    (JM_ROUTE_SUCCESS_FORM | JM_ROUTE_BODY_OPTIONAL | JM_ROUTE_BODY_ANY | JM_ROUTE_CHANGES_STATE)

bool jmh_segment_next(jm_span *rest, jm_span *segment_out)
{
    if (rest->len == 0 || rest->ptr[0] != '/')
        return false;
    const char *begin = rest->ptr + 1;
    const char *slash = memchr(begin, '/', rest->len - 1);
    *segment_out = (jm_span){begin, slash != NULL ? (size_t)(slash - begin) : rest->len - 1};
    *rest = (jm_span){begin + segment_out->len, rest->len - 1 - segment_out->len};
    return true;
}

enum jmh_segment_kind jmh_segment_kind(jm_span segment, jm_span *name_out)
{
    if (segment.len < 2 || segment.ptr[0] != '{' || segment.ptr[segment.len - 1] != '}')
        return JMH_SEGMENT_FIXED;
    jm_span name = {segment.ptr + 1, segment.len - 2};
    bool digits = name.len > 4 && memcmp(name.ptr + name.len - 4, ":int", 4) == 0;
    if (digits)
        name.len -= 4;
    *name_out = name;
    return digits ? JMH_SEGMENT_INT : JMH_SEGMENT_TEXT;
}

static bool is_identifier(jm_span name, bool capitals)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!((c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9' && i > 0) ||
              (capitals && c >= 'A' && c <= 'Z')))
            return false;
    }
    return name.len > 0 && name.len <= 64;
}

/* A fixed segment is of characters that need no percent in a URL. */
static bool is_fixed(jm_span segment)
{
    for (size_t i = 0; i < segment.len; i++) {
        char c = segment.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              strchr("-._~!$&'()*+,;=:@", c) != NULL) ||
            c == '\0')
            return false;
    }
    return segment.len > 0;
}

/* What is wrong with a path, NULL for nothing. */
static const char *path_fault(const char *path)
{
    jm_span rest = jmh_span(path), segment, names[JMH_INDEX_PARAMS_MAX];
    size_t params = 0;
    if (path == NULL || path[0] != '/' || rest.len > PATH_MAX_BYTES)
        return "a path begins with '/' and has at most 256 bytes";
    if (rest.len == 1)
        return NULL;
    while (jmh_segment_next(&rest, &segment)) {
        jm_span name;
        if (jmh_segment_kind(segment, &name) == JMH_SEGMENT_FIXED) {
            if (!is_fixed(segment))
                return "a segment is empty or has a character that a URL must escape";
            continue;
        }
        if (!is_identifier(name, false))
            return "a parameter is {name} or {name:int}, its name [a-z_][a-z0-9_]*";
        if (params == JMH_INDEX_PARAMS_MAX)
            return "a path has at most 6 parameters";
        for (size_t i = 0; i < params; i++)
            if (jmh_span_eq(names[i], name))
                return "a parameter stands in it twice";
        names[params++] = name;
    }
    return NULL;
}

static bool is_method(const char *method)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    for (size_t i = 0; method != NULL && i < sizeof methods / sizeof *methods; i++)
        if (strcmp(method, methods[i]) == 0)
            return true;
    return false;
}

static bool cut_suffix(jm_span *text, const char *suffix)
{
    size_t len = strlen(suffix);
    bool has = text->len >= len && memcmp(text->ptr + text->len - len, suffix, len) == 0;
    text->len -= has ? len : 0;
    return has;
}

bool jmh_member_next(jm_span *rest, struct jmh_member_decl *decl_out)
{
    if (rest->len == 0)
        return false;
    const char *bar = memchr(rest->ptr, '|', rest->len);
    jm_span one = {rest->ptr, bar != NULL ? (size_t)(bar - rest->ptr) : rest->len};
    size_t used = bar != NULL ? one.len + 1 : one.len;
    *rest = (jm_span){rest->ptr + used, rest->len - used};

    *decl_out = (struct jmh_member_decl){.name = one};
    const char *colon = memchr(one.ptr, ':', one.len);
    if (colon == NULL)
        return true;
    size_t name_len = (size_t)(colon - one.ptr);
    jm_span type = {colon + 1, one.len - name_len - 1};
    const char *equals = memchr(type.ptr, '=', type.len);
    if (equals != NULL) {
        size_t type_len = (size_t)(equals - type.ptr);
        decl_out->standard = (jm_span){equals + 1, type.len - type_len - 1};
        type.len = type_len;
    }
    decl_out->is_optional = cut_suffix(&type, "?") || equals != NULL;
    decl_out->is_list = cut_suffix(&type, "[]");
    decl_out->name.len = name_len;
    decl_out->type = type;
    return true;
}

bool jmh_answer_is_type(jm_span answer)
{
    return answer.len > 0 && memchr(answer.ptr, '/', answer.len) != NULL;
}

/* Whether each of a list has a name and a type that there is. */
static bool is_member_list(jm_span list, bool is_query)
{
    struct jmh_member_decl decl;
    while (jmh_member_next(&list, &decl)) {
        bool is_plain = jmh_span_is(decl.type, "int") || jmh_span_is(decl.type, "number") ||
                        jmh_span_is(decl.type, "text") || jmh_span_is(decl.type, "bool");
        bool is_typed =
            is_plain ||
            (!is_query && (jmh_span_is(decl.type, "object") || jmh_span_is(decl.type, "any")));
        if (!is_typed || (is_query && decl.is_list) || !is_identifier(decl.name, true))
            return false;
    }
    return true;
}

static bool is_answer(const char *answer)
{
    bool is_list = answer != NULL && strncmp(answer, "[]", 2) == 0;
    return jmh_answer_is_type(jmh_span(answer)) ||
           is_member_list(jmh_span(is_list ? answer + 2 : answer), false);
}

static jm_status check(const struct jmh_regset *set, const jm_route *route, struct jmh_err *err)
{
    if (route->fn == NULL)
        return jmh_err_set(err, JM_EINVAL,
                           "'%s' registers a route without a function, or whose size is less than "
                           "that of the first jm_route",
                           set->owner);
    const char *path = route->path != NULL ? route->path : "";
    const char *fault = path_fault(path);
    if (fault != NULL)
        return jmh_err_set(err, JM_EINVAL, "'%s' registers the path '%.128s': %s", set->owner, path,
                           fault);
    if (!is_method(route->method))
        return jmh_err_set(
            err, JM_EINVAL,
            "'%s' registers %s with the method '%.16s': it must be one of GET, POST, "
            "PUT, PATCH, DELETE",
            set->owner, path, route->method != NULL ? route->method : "");
    if ((route->flags & ~ROUTE_FLAGS) != 0)
        return jmh_err_set(err, JM_EINVAL, "'%s' registers %s with unknown flags", set->owner,
                           path);
    if (!is_member_list(jmh_span(route->query), true))
        return jmh_err_set(err, JM_EINVAL,
                           "'%s' registers %s with the query '%.128s': it is a list such as "
                           "\"limit:int=100|status:text\" of int, number, text, bool",
                           set->owner, path, route->query);
    if (!is_member_list(jmh_span(route->body), false) || !is_answer(route->answer))
        return jmh_err_set(err, JM_EINVAL,
                           "'%s' registers %s with a body or an answer that is no list such as "
                           "\"path:text|tags:text[]?\" of int, number, bool, text, object, any",
                           set->owner, path);
    return jmh_regset_check_help(set, "route", path, route->help, err);
}

/* As this host knows it, whichever SDK it comes from; without a function where it is none. */
static jm_route as_known(const jm_route *route)
{
    jm_route known = {.size = 0};
    if (route != NULL && route->size >= ROUTE_BYTES_LEAST)
        memcpy(&known, route, route->size < sizeof known ? route->size : sizeof known);
    return known;
}

static char *copy(const char *text, bool *failed)
{
    char *copied = text != NULL ? strdup(text) : NULL;
    *failed = *failed || (text != NULL && copied == NULL);
    return copied;
}

jm_status jmh_regset_add_route(struct jmh_regset *set, const jm_route *given, struct jmh_err *err)
{
    const jm_route known = as_known(given);
    const jm_route *route = &known;
    bool failed = false;
    jm_status status = check(set, route, err);
    if (status < 0)
        return status;
    struct jmh_route own = {.method = copy(route->method, &failed),
                            .path = copy(route->path, &failed),
                            .flags = route->flags,
                            .help = copy(route->help, &failed),
                            .query = copy(route->query, &failed),
                            .body = copy(route->body, &failed),
                            .answer = copy(route->answer, &failed),
                            .fn = route->fn,
                            .user = route->user,
                            .owner = set};
    if (failed || !jmh_array_grow(&set->routes, set->route_count, sizeof own)) {
        jmh_route_fini(&own);
        return jmh_regset_no_memory(set, err);
    }
    set->routes[set->route_count++] = own;
    return JM_OK;
}
