/* /openapi.json: the routes of the host and of its plugins, as they were registered. [loop] */
#include "host/admin/documents.h"
#include "host/plugin/route.h"
#include "host/util/span.h"

#include <stdlib.h>
#include <string.h>

static json_t *parameter(const struct jmh_member_decl *decl, const char *where)
{
    return json_pack("{s:s%, s:s, s:b, s:o}", "name", decl->name.ptr, decl->name.len, "in", where,
                     "required", strcmp(where, "path") == 0, "schema", jmh_document_member(decl));
}

/* A path as OpenAPI writes it, without the types of its parameters, which are listed. */
static char *plain_path(const struct jmh_route *route, json_t *parameters)
{
    jm_span rest = jmh_span(route->path);
    jm_span segment;
    struct jmh_buf path = {0};
    while (jmh_segment_next(&rest, &segment)) {
        jm_span name;
        enum jmh_segment_kind kind = jmh_segment_kind(segment, &name);
        if (kind == JMH_SEGMENT_FIXED) {
            jmh_buf_addf(&path, "/%.*s", JMH_ARG(segment));
        } else {
            jmh_buf_addf(&path, "/{%.*s}", JMH_ARG(name));
            const struct jmh_member_decl decl = {
                .name = name, .type = jmh_span(kind == JMH_SEGMENT_INT ? "int" : "text")};
            (void)json_array_append_new(parameters, parameter(&decl, "path"));
        }
    }
    jmh_buf_add(&path, path.len == 0 ? "/" : "", path.len == 0);
    jmh_buf_add(&path, "", 1);
    return path.data;
}

static json_t *content(const char *type, json_t *schema_take)
{
    return json_pack("{s:{s:o}}", type, "schema", schema_take);
}

static json_t *request_body(const struct jmh_route *route)
{
    bool required = (route->flags & JM_ROUTE_BODY_OPTIONAL) == 0;
    json_t *schema = jmh_document_object(jmh_span(route->body));
    return json_pack("{s:b, s:o}", "required", required, "content",
                     content("application/json", schema));
}

/* What a success brings, as far as its route says. */
static json_t *success(const struct jmh_route *route)
{
    json_t *response = json_pack("{s:s}", "description", "Success");
    jm_span answer = jmh_span(route->answer);
    json_t *described = NULL;
    if (jmh_answer_is_type(answer)) {
        described = content(route->answer, json_object());
    } else if (answer.len > 0) {
        bool is_list = strncmp(route->answer, "[]", 2) == 0;
        json_t *object = jmh_document_object(jmh_span(route->answer + (is_list ? 2 : 0)));
        described =
            content("application/json",
                    is_list ? json_pack("{s:s, s:o}", "type", "array", "items", object) : object);
    }
    if (described != NULL) {
        (void)json_object_set_new(response, "content", described);
    }
    return response;
}

static json_t *failure(const struct jmh_route *route)
{
    bool has_success = (route->flags & JM_ROUTE_SUCCESS_FORM) != 0;
    json_t *schema =
        jmh_document_object(jmh_span(has_success ? "success:bool|error:text" : "error:text"));
    return json_pack("{s:s, s:o}", "description", "What went wrong, as a sentence", "content",
                     content("application/json", schema));
}

static json_t *operation(const struct jmh_route *route, json_t *parameters_take)
{
    jm_span rest = jmh_span(route->query);
    struct jmh_member_decl decl;
    while (jmh_member_next(&rest, &decl)) {
        (void)json_array_append_new(parameters_take, parameter(&decl, "query"));
    }
    json_t *operation = json_pack("{s:s, s:[s], s:o, s:{s:o, s:o}}", "summary", route->help, "tags",
                                  route->owner->owner, "parameters", parameters_take, "responses",
                                  "2XX", success(route), "default", failure(route));
    bool may_have_body = strcmp(route->method, "GET") != 0 && strcmp(route->method, "DELETE") != 0;
    bool has_body = route->body != NULL ? route->body[0] != '\0' : may_have_body;
    if (has_body) {
        (void)json_object_set_new(operation, "requestBody", request_body(route));
    }
    return operation;
}

static void add_route(json_t *paths, const struct jmh_route *route)
{
    char method[16] = "";
    json_t *parameters = json_array();
    char *path = plain_path(route, parameters);
    for (size_t i = 0; route->method[i] != '\0' && i + 1 < sizeof method; i++) {
        method[i] = (char)(route->method[i] | 0x20);
    }
    json_t *item = path != NULL ? json_object_get(paths, path) : NULL;
    if (item == NULL && path != NULL) {
        item = json_object();
        (void)json_object_set_new(paths, path, item);
    }
    (void)json_object_set_new(item, method, operation(route, parameters));
    free(path);
}

void jmh_document_openapi(struct jmh_host *host, struct jmh_exchange *exchange, jm_span body)
{
    const struct jmh_index *index = jmh_registry_index(host->registry);
    json_t *paths = json_object();
    (void)body;
    for (size_t i = 0; i < jmh_index_set_count(index); i++) {
        const struct jmh_regset *set = jmh_index_set(index, i);
        for (size_t k = 0; k < set->route_count; k++) {
            add_route(paths, &set->routes[k]);
        }
    }
    jmh_document_answer(exchange, json_pack("{s:s, s:o, s:o}", "openapi", "3.1.0", "info",
                                            jmh_document_info("Junmai HTTP API"), "paths", paths));
}
