/* One message from a client: to the host's own handlers, or to the plugin that has its type. [loop] */
#include "host/client/protocol.h"

#include "host/host.h"
#include "host/util/span.h"
#include "host/util/time.h"

#include <junmai/ext/message.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPE_MAX 256
#define ERROR_MAX 512

void jmh_client_errorf(struct jmh_client *client, const char *format, ...)
{
    char sentence[ERROR_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    jmh_client_error(client, sentence);
}

static void on_ping(struct jmh_client *client, struct jmh_json_value message)
{
    (void)message;
    char json[64 + JMH_TIME_BYTES];
    char when[JMH_TIME_BYTES];
    client->last_ping_utc_ms = jmh_time_utc_ms();
    jmh_time_format(client->last_ping_utc_ms, when);
    (void)snprintf(json, sizeof json, "{\"type\":\"pong\",\"timestamp\":\"%s\"}", when);
    (void)jmh_client_reply(client, jmh_span(json));
}

/* A string member with a bound, or its default; false once an error was queued. */
static bool read_text(struct jmh_client *client, struct jmh_json_value message, const char *name,
                      const char *absent, size_t max, char *out)
{
    struct jmh_json_value value;
    if (!jmh_json_get(message, name, &value) || value.kind == JMH_JSON_NULL) {
        (void)snprintf(out, max + 1, "%s", absent);
        return true;
    }
    if (jmh_json_text(value, out, max + 1) >= 0) {
        return true;
    }
    jmh_client_errorf(client, "%s must be a string of at most %zu bytes", name, max);
    return false;
}

static struct jmh_profile *profile_new(const char *type, const char *name)
{
    size_t type_size = strlen(type) + 1;
    size_t name_size = strlen(name) + 1;
    struct jmh_profile *profile = malloc(sizeof *profile + type_size + name_size);
    if (profile != NULL) {
        profile->type = memcpy(profile + 1, type, type_size);
        profile->name = memcpy(profile->type + type_size, name, name_size);
    }
    return profile;
}

static void on_register(struct jmh_client *client, struct jmh_json_value message)
{
    char type[JMH_CLIENT_TYPE_MAX + 1];
    char name[JMH_CLIENT_NAME_MAX + 1];
    if (!read_text(client, message, "client_type", "unknown", JMH_CLIENT_TYPE_MAX, type) ||
        !read_text(client, message, "client_name", "unnamed", JMH_CLIENT_NAME_MAX, name)) {
        return;
    }
    struct jmh_profile *profile = profile_new(type, name);
    if (profile == NULL) {
        jmh_client_error(client, "The host is out of memory");
        return;
    }
    free(client->profile);
    client->profile = profile;
    struct jmh_buf json = {0};
    jmh_buf_add_text(&json, "{\"type\":\"registration_confirmed\",\"client_type\":");
    jmh_buf_add_json_text(&json, jmh_span(type));
    jmh_buf_add_text(&json, ",\"client_name\":");
    jmh_buf_add_json_text(&json, jmh_span(name));
    jmh_buf_add_text(&json, "}");
    (void)jmh_client_reply(client, jmh_buf_span(&json));
    jmh_buf_fini(&json);
}

/* Whether a "type" says anything: missing, null, false, 0, "" and empty lists do not. */
static bool says_nothing(struct jmh_json_value type)
{
    static const char *const nothings[] = {"null", "false", "0", "0.0", "\"\"", "[]", "{}"};
    for (size_t i = 0; i < sizeof nothings / sizeof nothings[0]; i++) {
        if (jmh_span_is(type.text, nothings[i])) {
            return true;
        }
    }
    return false;
}

static void call_plugin(struct jmh_client *client, const struct jmh_message_type *handler,
                        jm_span type, struct jmh_json_value message)
{
    struct jmh_plugin *plugin = handler->owner->plugin;
    jm_message input = {.size = sizeof input,
                        .client = client->id,
                        .client_type = jmh_span(jmh_client_type(client)),
                        .client_name = jmh_span(jmh_client_name(client)),
                        .caller = &client->identity->caller,
                        .type = type,
                        .json = message.text};
    jm_id id = client->id;
    struct jmh_clients *clients = client->clients;
    plugin->last_error.text[0] = '\0';
    jmh_plugin_enter(plugin, handler->name);
    jm_status status = jmh_plugin_leave(plugin, handler->fn(handler->user, &input));
    client = jmh_clients_get(clients, id);
    if (status < 0 && client != NULL) {
        const char *why = plugin->last_error.text;
        jmh_client_errorf(client, "%s", why[0] != '\0' ? why : "The message could not be handled");
    }
}

#define SUBSCRIBE_MEMBERS "channels:text[]|types:text[]?|since:any?|epoch:text?|cursor:text?"

const struct jmh_own_message jmh_own_messages[] = {
    {"ping", "Answered by pong, with the host's time.", "", on_ping},
    {"register", "Say who this client is; answered by registration_confirmed.",
     "client_type:text=unknown|client_name:text=unnamed", on_register},
    {"subscribe",
     "Listen to channels, from a cursor on where one is given; answered by "
     "subscription_confirmed.",
     SUBSCRIBE_MEMBERS, jmh_message_subscribe},
    {"unsubscribe", "Listen to channels no more; answered by unsubscription_confirmed.",
     "channels:text[]", jmh_message_unsubscribe},
    {0},
};

static const struct jmh_own_message *find_own(const char *type)
{
    const struct jmh_own_message *own = jmh_own_messages;
    while (own->type != NULL && strcmp(own->type, type) != 0) {
        own++;
    }
    return own->type != NULL ? own : NULL;
}

static void dispatch(struct jmh_client *client, struct jmh_json_value message,
                     struct jmh_json_value type_value)
{
    char type[TYPE_MAX];
    if (jmh_json_text(type_value, type, sizeof type) < 0) {
        jmh_client_errorf(client, "Message type must be a string of at most %d bytes",
                          TYPE_MAX - 1);
        return;
    }
    const struct jmh_own_message *own = find_own(type);
    if (own != NULL) {
        own->fn(client, message);
        return;
    }
    const struct jmh_index *index = jmh_registry_index(client->clients->host->registry);
    const struct jmh_message_type *handler = jmh_index_message(index, jmh_span(type));
    if (handler != NULL && handler->owner->plugin != NULL) {
        call_plugin(client, handler, jmh_span(type), message);
    } else {
        jmh_client_errorf(client, "Unknown message type: %s", type);
    }
}

void jmh_client_receive(struct jmh_client *client, jm_span text)
{
    struct jmh_json_value message;
    struct jmh_json_value type;
    client->clients->received++;
    if (client->ending) {
        return;
    }
    if (!jmh_json_parse(text, &message)) {
        jmh_client_error(client, "Invalid JSON format");
    } else if (message.kind != JMH_JSON_OBJECT) {
        jmh_client_error(client, "A message must be a JSON object");
    } else if (!jmh_json_get(message, "type", &type) || says_nothing(type)) {
        jmh_client_error(client, "Message type is required");
    } else {
        dispatch(client, message, type);
    }
}
