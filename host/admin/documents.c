/* /openapi.json and /asyncapi.json: what is registered, as documents. [loop] */
#include "host/admin/admin.h"
#include "host/plugin/route.h"
#include "host/util/span.h"
#include "host/version.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void answer(struct jmh_exchange *exchange, json_t *document_take)
{
    char *text = json_dumps(document_take, JSON_COMPACT);
    json_decref(document_take);
    if (text != NULL) {
        (void)jmh_exchange_json(exchange, 200, jmh_span(text));
    } else {
        (void)jmh_exchange_error(exchange, 503, "No memory for the document");
    }
    free(text);
}

static json_t *info(const char *title)
{
    return json_pack("{s:s, s:s, s:s}", "title", title, "version", JMH_VERSION, "description",
                     "Generated from what the plugins of this host have registered.");
}

static json_t *parameter(jm_span name, const char *where, bool required, jm_span type)
{
    const char *schema = jmh_span_is(type, "int") ? "integer" : "string";
    return json_pack("{s:s%, s:s, s:b, s:{s:s}}", "name", name.ptr, name.len, "in", where,
                     "required", required, "schema", "type", schema);
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
            jm_span type = jmh_span(kind == JMH_SEGMENT_INT ? "int" : "text");
            (void)json_array_append_new(parameters, parameter(name, "path", true, type));
        }
    }
    jmh_buf_add(&path, path.len == 0 ? "/" : "", path.len == 0);
    jmh_buf_add(&path, "", 1);
    return path.data;
}

static json_t *operation(const struct jmh_route *route, json_t *parameters_take)
{
    jm_span rest = jmh_span(route->query != NULL ? route->query : "");
    struct jmh_query_decl decl;
    while (jmh_query_next(&rest, &decl)) {
        (void)json_array_append_new(parameters_take,
                                    parameter(decl.name, "query", false, decl.type));
    }
    json_t *operation = json_pack("{s:s, s:[s], s:o, s:{s:{s:s}, s:{s:s}}}", "summary", route->help,
                                  "tags", route->owner->owner, "parameters", parameters_take,
                                  "responses", "200", "description", "Success", "default",
                                  "description", "An error as {\"error\": text}");
    bool has_body = strcmp(route->method, "GET") != 0 && strcmp(route->method, "DELETE") != 0;
    if (operation != NULL && has_body) {
        bool required = (route->flags & JM_ROUTE_BODY_OPTIONAL) == 0;
        (void)json_object_set_new(operation, "requestBody",
                                  json_pack("{s:b, s:{s:{s:{s:s}}}}", "required", required,
                                            "content", "application/json", "schema", "type",
                                            "object"));
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

static void get_openapi(struct jmh_host *host, struct jmh_exchange *exchange, jm_span body)
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
    answer(exchange, json_pack("{s:s, s:o, s:o}", "openapi", "3.1.0", "info",
                               info("Junmai HTTP API"), "paths", paths));
}

static json_t *field_schema(const struct jmh_field *field)
{
    static const struct {
        uint32_t bit;
        const char *name;
    } names[] = {{JM_FIELD_TEXT, "string"},   {JM_FIELD_INT, "integer"},
                 {JM_FIELD_NUMBER, "number"}, {JM_FIELD_BOOL, "boolean"},
                 {JM_FIELD_OBJECT, "object"}, {JM_FIELD_ARRAY, "array"},
                 {JM_FIELD_NULL, "null"}};
    json_t *types = json_array();
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if ((field->type & names[i].bit) != 0) {
            (void)json_array_append_new(types, json_string(names[i].name));
        }
    }
    return json_pack("{s:o, s:s}", "type", types, "description", field->help);
}

static json_t *payload(const struct jmh_event_type *type)
{
    json_t *properties = json_pack("{s:{s:s}, s:{s:s, s:s}, s:{s:s}, s:{s:s}}", "type", "const",
                                   type->name, "timestamp", "type", "string", "format", "date-time",
                                   "channel", "type", "string", "seq", "type", "integer");
    json_t *required = json_pack("[s, s, s]", "type", "timestamp", "seq");
    for (size_t i = 0; i < type->field_count; i++) {
        (void)json_object_set_new(properties, type->fields[i].name, field_schema(&type->fields[i]));
        if ((type->fields[i].type & JM_FIELD_OPTIONAL) == 0) {
            (void)json_array_append_new(required, json_string(type->fields[i].name));
        }
    }
    return json_pack("{s:s, s:o, s:o}", "type", "object", "required", required, "properties",
                     properties);
}

static void add_type(json_t *channels, json_t *messages, const struct jmh_event_type *type)
{
    const char *retention = type->retention == JM_RETAIN_DURABLE  ? "durable"
                            : type->retention == JM_RETAIN_MEMORY ? "memory"
                                                                  : "none";
    char reference[160];
    json_t *message = json_pack("{s:s, s:s, s:s, s:s, s:o}", "name", type->name, "summary",
                                type->help, "x-retention", retention, "x-plugin",
                                type->owner->owner, "payload", payload(type));
    if (type->conflate_key != NULL) {
        (void)json_object_set_new(message, "x-conflate-by", json_string(type->conflate_key));
    }
    (void)json_object_set_new(messages, type->name, message);
    (void)snprintf(reference, sizeof reference, "#/components/messages/%s", type->name);
    json_t *listed = json_object_get(json_object_get(channels, type->channel), "messages");
    (void)json_object_set_new(listed, type->name, json_pack("{s:s}", "$ref", reference));
}

static void get_asyncapi(struct jmh_host *host, struct jmh_exchange *exchange, jm_span body)
{
    const struct jmh_index *index = jmh_registry_index(host->registry);
    json_t *channels = json_object();
    json_t *messages = json_object();
    (void)body;
    for (size_t i = 0; i < jmh_index_set_count(index); i++) {
        const struct jmh_regset *set = jmh_index_set(index, i);
        for (size_t k = 0; k < set->channel_count; k++) {
            const struct jmh_channel_decl *channel = &set->channels[k];
            if (json_object_get(channels, channel->name) == NULL) {
                (void)json_object_set_new(channels, channel->name,
                                          json_pack("{s:s, s:s, s:{}}", "address", "/ws",
                                                    "description", channel->help, "messages"));
            }
        }
    }
    for (size_t i = 0; i < jmh_index_set_count(index); i++) {
        const struct jmh_regset *set = jmh_index_set(index, i);
        for (size_t k = 0; k < set->type_count; k++) {
            add_type(channels, messages, &set->types[k]);
        }
    }
    answer(exchange,
           json_pack("{s:s, s:o, s:o, s:{s:o}}", "asyncapi", "3.0.0", "info", info("Junmai events"),
                     "channels", channels, "components", "messages", messages));
}

const struct jmh_admin_route jmh_admin_document_routes[] = {
    {"GET", "/openapi.json", "The routes of this host.", NULL, 0, get_openapi},
    {"GET", "/asyncapi.json", "The channels and events of this host.", NULL, 0, get_asyncapi},
    {0},
};
