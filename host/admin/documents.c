/* /openapi.json and /asyncapi.json: what is registered, as documents. What both are made of; the one
 * is in openapi.c, the other in asyncapi.c. [loop] */
#include "host/admin/documents.h"

#include "host/plugin/route.h"
#include "host/util/span.h"
#include "host/version.h"

#include <stdlib.h>

void jmh_document_answer(struct jmh_exchange *exchange, json_t *document_take)
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

json_t *jmh_document_info(const char *title)
{
    return json_pack("{s:s, s:s, s:s}", "title", title, "version", JMH_VERSION, "description",
                     "Generated from what the plugins of this host have registered.");
}

static const char *type_name(jm_span type)
{
    return jmh_span_is(type, "int")      ? "integer"
           : jmh_span_is(type, "number") ? "number"
           : jmh_span_is(type, "bool")   ? "boolean"
           : jmh_span_is(type, "object") ? "object"
                                         : "string";
}

/* A default is written as text: one of a text without its quotes. */
static json_t *default_value(const struct jmh_member_decl *decl)
{
    jm_span text = decl->standard;
    json_t *value = NULL;
    if (!jmh_span_is(decl->type, "text")) {
        value = json_loadb(text.ptr, text.len, JSON_DECODE_ANY, NULL);
    }
    return value != NULL ? value : json_stringn(text.ptr, text.len);
}

json_t *jmh_document_member(const struct jmh_member_decl *decl)
{
    json_t *schema = json_object();
    if (!jmh_span_is(decl->type, "any")) {
        (void)json_object_set_new(schema, "type", json_string(type_name(decl->type)));
    }
    if (decl->is_list) {
        schema = json_pack("{s:s, s:o}", "type", "array", "items", schema);
    }
    const json_t *type = json_object_get(schema, "type");
    if (decl->standard.ptr != NULL) {
        (void)json_object_set_new(schema, "default", default_value(decl));
    } else if (decl->is_optional && type != NULL) {
        json_t *types = json_pack("[O, s]", type, "null");
        (void)json_object_set_new(schema, "type", types);
    }
    return schema;
}

json_t *jmh_document_object(jm_span members)
{
    json_t *properties = json_object();
    json_t *required = json_array();
    struct jmh_member_decl decl;
    while (jmh_member_next(&members, &decl)) {
        (void)json_object_setn_new(properties, decl.name.ptr, decl.name.len,
                                   jmh_document_member(&decl));
        if (!decl.is_optional) {
            (void)json_array_append_new(required, json_stringn(decl.name.ptr, decl.name.len));
        }
    }
    json_t *schema = json_pack("{s:s, s:o, s:o}", "type", "object", "properties", properties,
                               "required", required);
    if (json_array_size(required) == 0) {
        (void)json_object_del(schema, "required");
    }
    if (json_object_size(properties) == 0) {
        (void)json_object_del(schema, "properties");
    }
    return schema;
}

const struct jmh_admin_route jmh_admin_document_routes[] = {
    {"GET", "/openapi.json", "The routes of this host.", NULL, 0, jmh_document_openapi, NULL,
     "openapi:text|info:object|paths:object"},
    {"GET", "/asyncapi.json", "The channels, events and client messages of this host.", NULL, 0,
     jmh_document_asyncapi, NULL,
     "asyncapi:text|info:object|channels:object|operations:object|components:object"},
    {0},
};
