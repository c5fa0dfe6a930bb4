/* /asyncapi.json: the channels and event types of the host and of its plugins, and the messages that
 * clients send, as they were registered. [loop] */
#include "host/admin/documents.h"
#include "host/client/protocol.h"
#include "host/util/span.h"

#include <stdio.h>
#include <stdlib.h>

/* Of what clients send; channels have names without a slash. */
#define CLIENT_CHANNEL "/ws"
#define CLIENT_CHANNEL_REF "#/channels/~1ws"

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

/* What the host sends on its channels. */
static void add_channels(const struct jmh_index *index, json_t *channels, json_t *operations)
{
    for (size_t i = 0; i < jmh_index_set_count(index); i++) {
        const struct jmh_regset *set = jmh_index_set(index, i);
        for (size_t k = 0; k < set->channel_count; k++) {
            const struct jmh_channel_decl *channel = &set->channels[k];
            char reference[160];
            if (json_object_get(channels, channel->name) != NULL) {
                continue;
            }
            (void)snprintf(reference, sizeof reference, "#/channels/%s", channel->name);
            (void)json_object_set_new(channels, channel->name,
                                      json_pack("{s:s, s:s, s:{}}", "address", "/ws", "description",
                                                channel->help, "messages"));
            (void)json_object_set_new(
                operations, channel->name,
                json_pack("{s:s, s:{s:s}}", "action", "send", "channel", "$ref", reference));
        }
    }
}

static void add_types(const struct jmh_index *index, json_t *channels, json_t *messages)
{
    for (size_t i = 0; i < jmh_index_set_count(index); i++) {
        const struct jmh_regset *set = jmh_index_set(index, i);
        for (size_t k = 0; k < set->type_count; k++) {
            add_type(channels, messages, &set->types[k]);
        }
    }
}

/* A message from a client: its "type", and what else is known of its members. */
static void add_client_message(json_t *messages, const char *type, const char *help,
                               const char *members, const char *plugin)
{
    json_t *payload = jmh_document_object(jmh_span(members));
    json_t *properties = json_object_get(payload, "properties");
    json_t *required = json_object_get(payload, "required");
    if (properties == NULL) {
        properties = json_object();
        (void)json_object_set_new(payload, "properties", properties);
    }
    if (required == NULL) {
        required = json_array();
        (void)json_object_set_new(payload, "required", required);
    }
    (void)json_object_set_new(properties, "type", json_pack("{s:s}", "const", type));
    (void)json_array_insert_new(required, 0, json_string("type"));
    (void)json_object_set_new(messages, type,
                              json_pack("{s:s, s:s, s:s, s:o}", "name", type, "summary", help,
                                        "x-plugin", plugin, "payload", payload));
}

/* What clients send: what the host itself answers, and what plugins do. */
static void add_client_messages(const struct jmh_index *index, json_t *channels, json_t *operations)
{
    json_t *messages = json_object();
    for (const struct jmh_own_message *own = jmh_own_messages; own->type != NULL; own++) {
        add_client_message(messages, own->type, own->help, own->members, "junmai");
    }
    for (size_t i = 0; i < jmh_index_set_count(index); i++) {
        const struct jmh_regset *set = jmh_index_set(index, i);
        for (size_t k = 0; k < set->message_count; k++) {
            const struct jmh_message_type *type = &set->messages[k];
            add_client_message(messages, type->name, type->help, NULL, set->owner);
        }
    }
    (void)json_object_set_new(channels, CLIENT_CHANNEL,
                              json_pack("{s:s, s:s, s:o}", "address", "/ws", "description",
                                        "What clients send, one message after another", "messages",
                                        messages));
    (void)json_object_set_new(
        operations, "client",
        json_pack("{s:s, s:{s:s}}", "action", "receive", "channel", "$ref", CLIENT_CHANNEL_REF));
}

void jmh_document_asyncapi(struct jmh_host *host, struct jmh_exchange *exchange, jm_span body)
{
    const struct jmh_index *index = jmh_registry_index(host->registry);
    json_t *channels = json_object();
    json_t *operations = json_object();
    json_t *messages = json_object();
    (void)body;
    add_channels(index, channels, operations);
    add_types(index, channels, messages);
    add_client_messages(index, channels, operations);
    jmh_document_answer(exchange,
                        json_pack("{s:s, s:o, s:o, s:o, s:{s:o}}", "asyncapi", "3.0.0", "info",
                                  jmh_document_info("Junmai events"), "channels", channels,
                                  "operations", operations, "components", "messages", messages));
}
