/* The plugin hello: a route that greets, and an event that tells everybody who was greeted. */
#include "hello_manifest.h"

#include <junmai/junmai.h>
#include <junmai/sdk/json.h>
#include <junmai/sdk/routes.h>

struct hello {
    jm_plugin plugin;
    const jm_host *host;
    const jm_host_event *event;
    const jm_host_http *http;
};

static json_t *name_as(const char *key, jm_span name)
{
    return json_pack("{s:o}", key, jm_json_text(name));
}

static jm_status get_hello(void *user, const jm_request *request)
{
    const struct hello *hello = user;
    jm_span name;
    jm_status status = hello->http->get_param(hello->host, request->id, "name", &name);
    if (status == JM_OK)
        status = jm_json_publish(hello->event, hello->host, "hello_said", name_as("name", name));
    if (status == JM_OK)
        status =
            jm_json_respond(hello->http, hello->host, request->id, 200, name_as("hello", name));
    return status;
}

static const jm_route routes[] = {
    {.method = "GET",
     .path = "/hello/{name}",
     .flags = JM_ROUTE_CHANGES_STATE,
     .help = "Greet somebody.",
     .fn = get_hello},
};

static const jm_field said_fields[] = {
    {.name = "name", .type = JM_FIELD_TEXT, .help = "who was greeted"},
};

static const jm_event_type said = {
    .size = sizeof(jm_event_type),
    .retention = JM_RETAIN_MEMORY,
    .name = "hello_said",
    .channel = "hello",
    .help = "Somebody was greeted.",
    .fields = said_fields,
    .field_count = JM_COUNT(said_fields),
};

static jm_status init(const jm_plugin *plugin)
{
    struct hello *hello = plugin->plugin_data;
    const jm_host *host = hello->host;
    hello->event = host->get_extension(host, JM_EXT_EVENT);
    hello->http = host->get_extension(host, JM_EXT_HTTP);
    jm_status status = hello->event->declare_channel(host, "hello", "Greetings");
    if (status == JM_OK)
        status = hello->event->declare_type(host, &said);
    if (status == JM_OK)
        status = jm_routes_add(hello->http, host, routes, JM_COUNT(routes), hello);
    return status;
}

/* There is nothing to start, and nothing to give back. */
static jm_status activate(const jm_plugin *plugin)
{
    (void)plugin;
    return JM_OK;
}

static jm_status drain(const jm_plugin *plugin)
{
    (void)plugin;
    return JM_OK;
}

static void destroy(const jm_plugin *plugin)
{
    free(plugin->plugin_data);
}

static const jm_plugin *create(const jm_host *host)
{
    struct hello *hello = calloc(1, sizeof(*hello));
    if (hello == NULL)
        return NULL;
    hello->host = host;
    hello->plugin = (jm_plugin){
        .size = sizeof(jm_plugin),
        .plugin_data = hello,
        .init = init,
        .activate = activate,
        .drain = drain,
        .destroy = destroy,
    };
    return &hello->plugin;
}

JM_EXPORT const jm_entry JM_ENTRY = {
    .magic = JM_ABI_MAGIC,
    .size = sizeof(jm_entry),
    .abi_major = JM_ABI_MAJOR,
    .abi_minor = JM_ABI_MINOR,
    .manifest = JM_MANIFEST_TEXT,
    .create = create,
};
