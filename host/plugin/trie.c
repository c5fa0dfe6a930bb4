/* The routes as a trie over path segments. [loop]
 *
 * A node has children for fixed segments, sorted, one for {x:int} and one for {x}. A match tries them
 * in this order and goes back where the rest of the path, or the method, does not fit: GET /a/{id} and
 * POST /a/new are both found. */
#include "host/plugin/trie.h"

#include "host/plugin/route.h"
#include "host/util/span.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
#define METHOD_COUNT (sizeof methods / sizeof *methods)
#define METHOD_NONE METHOD_COUNT

struct node {
    jm_span segment; /* of a fixed child; lies in the path of the route that made it */
    struct node **fixed;
    size_t fixed_count;
    struct node *number, *text;
    const struct jmh_route *routes[METHOD_COUNT];
};

struct jmh_trie {
    struct node root;
};

/* A match under way. */
struct search {
    size_t method;
    unsigned allowed; /* bits of the methods that were found at the path */
    struct jmh_route_match *match;
};

static int compare(jm_span a, jm_span b)
{
    if (a.len != b.len)
        return a.len < b.len ? -1 : 1;
    return a.len > 0 ? memcmp(a.ptr, b.ptr, a.len) : 0;
}

/* Where a fixed child stands, or would stand. */
static size_t fixed_place(const struct node *node, jm_span segment)
{
    size_t low = 0, high = node->fixed_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (compare(node->fixed[middle]->segment, segment) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct node *fixed_child(const struct node *node, jm_span segment)
{
    size_t place = fixed_place(node, segment);
    bool found = place < node->fixed_count && compare(node->fixed[place]->segment, segment) == 0;
    return found ? node->fixed[place] : NULL;
}

static struct node *add_fixed(struct node *node, jm_span segment)
{
    size_t place = fixed_place(node, segment);
    struct node *child = calloc(1, sizeof *child);
    struct node **grown = realloc(node->fixed, (node->fixed_count + 1) * sizeof *grown);
    if (grown != NULL)
        node->fixed = grown;
    if (child == NULL || grown == NULL) {
        free(child);
        return NULL;
    }
    child->segment = segment;
    memmove(grown + place + 1, grown + place, (node->fixed_count - place) * sizeof *grown);
    grown[place] = child;
    node->fixed_count++;
    return child;
}

static struct node *child_for(struct node *node, jm_span segment)
{
    jm_span name;
    enum jmh_segment_kind kind = jmh_segment_kind(segment, &name);
    if (kind == JMH_SEGMENT_FIXED) {
        struct node *child = fixed_child(node, segment);
        return child != NULL ? child : add_fixed(node, segment);
    }
    struct node **child = kind == JMH_SEGMENT_INT ? &node->number : &node->text;
    if (*child == NULL)
        *child = calloc(1, sizeof **child);
    return *child;
}

static size_t method_number(jm_span method)
{
    if (jmh_span_is(method, "HEAD"))
        return 0;
    for (size_t i = 0; i < METHOD_COUNT; i++)
        if (jmh_span_is(method, methods[i]))
            return i;
    return METHOD_NONE;
}

struct jmh_trie *jmh_trie_new(void)
{
    return calloc(1, sizeof(struct jmh_trie));
}

/* The depth is bounded by the length of a registered path. */
static void free_children(struct node *node)
{
    struct node *parameters[2] = {node->number, node->text};
    for (size_t i = 0; i < node->fixed_count; i++) {
        free_children(node->fixed[i]);
        free(node->fixed[i]);
    }
    for (size_t i = 0; i < 2; i++) {
        if (parameters[i] != NULL)
            free_children(parameters[i]);
        free(parameters[i]);
    }
    free(node->fixed);
}

void jmh_trie_free(struct jmh_trie *trie)
{
    if (trie != NULL)
        free_children(&trie->root);
    free(trie);
}

/* "/" is the root itself and has no segment. */
static jm_span segments_of(jm_span path)
{
    return jmh_span_is(path, "/") ? (jm_span){NULL, 0} : path;
}

jm_status jmh_trie_add(struct jmh_trie *trie, const struct jmh_route *route, struct jmh_err *err)
{
    struct node *node = &trie->root;
    jm_span rest = segments_of(jmh_span(route->path)), segment;
    while (node != NULL && jmh_segment_next(&rest, &segment))
        node = child_for(node, segment);
    if (node == NULL)
        return jmh_err_set(err, JM_ENOMEM, "out of memory for the index of what is registered");
    const struct jmh_route **place = &node->routes[method_number(jmh_span(route->method))];
    if (*place != NULL)
        return jmh_err_set(
            err, JM_EEXIST,
            "%s %s of '%s' is already taken by %s %s of '%s'; disable one of the plugins",
            route->method, route->path, route->owner->owner, (*place)->method, (*place)->path,
            (*place)->owner->owner);
    *place = route;
    return JM_OK;
}

static bool is_digits(jm_span segment)
{
    for (size_t i = 0; i < segment.len; i++)
        if (segment.ptr[i] < '0' || segment.ptr[i] > '9')
            return false;
    return segment.len > 0;
}

static bool match_end(const struct node *node, struct search *search)
{
    for (size_t i = 0; i < METHOD_COUNT; i++)
        if (node->routes[i] != NULL)
            search->allowed |= 1u << i;
    if (search->method == METHOD_NONE || node->routes[search->method] == NULL)
        return false;
    search->match->route = node->routes[search->method];
    return true;
}

static bool match_node(const struct node *node, struct search *search, jm_span rest);

static bool match_parameter(const struct node *node, struct search *search, jm_span segment,
                            jm_span rest)
{
    struct jmh_route_match *match = search->match;
    match->params[match->param_count++] = segment;
    if (match_node(node, search, rest))
        return true;
    match->param_count--;
    return false;
}

static bool match_node(const struct node *node, struct search *search, jm_span rest)
{
    jm_span segment;
    if (!jmh_segment_next(&rest, &segment))
        return match_end(node, search);
    const struct node *fixed = fixed_child(node, segment);
    if (fixed != NULL && match_node(fixed, search, rest))
        return true;
    if (node->number != NULL && is_digits(segment) &&
        match_parameter(node->number, search, segment, rest))
        return true;
    return node->text != NULL && segment.len > 0 &&
           match_parameter(node->text, search, segment, rest);
}

static void write_allow(unsigned allowed, char *out, size_t cap)
{
    size_t len = 0;
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        if ((allowed & (1u << i)) == 0)
            continue;
        int more = snprintf(out + len, cap - len, "%s, ", i == 0 ? "GET, HEAD" : methods[i]);
        len += more > 0 ? (size_t)more : 0;
    }
    snprintf(out + len, cap - len, "OPTIONS");
}

void jmh_trie_match(const struct jmh_trie *trie, jm_span method, jm_span path,
                    struct jmh_route_match *match_out)
{
    match_out->route = NULL;
    match_out->param_count = 0;
    match_out->allow[0] = '\0';
    struct search search = {.method = method_number(method), .match = match_out};
    bool found =
        path.len > 0 && path.ptr[0] == '/' && match_node(&trie->root, &search, segments_of(path));
    match_out->path_known = found || search.allowed != 0;
    if (!found && search.allowed != 0)
        write_allow(search.allowed, match_out->allow, sizeof match_out->allow);
}

bool jmh_route_param(const struct jmh_route *route, const jm_span *params, const char *name,
                     jm_span *value_out)
{
    jm_span rest = segments_of(jmh_span(route->path)), segment, parameter;
    for (size_t number = 0; jmh_segment_next(&rest, &segment);) {
        if (jmh_segment_kind(segment, &parameter) == JMH_SEGMENT_FIXED)
            continue;
        if (jmh_span_is(parameter, name)) {
            *value_out = params[number];
            return true;
        }
        number++;
    }
    return false;
}
