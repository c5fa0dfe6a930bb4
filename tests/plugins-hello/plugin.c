/* The plugin hello: a route that greets, and an event that tells everybody who was greeted. */
#include "hello_manifest.h"

#include <junmai/sdk/json.h>
#include <junmai/sdk/plugin.h>
#include <junmai/sdk/routes.h>

struct hello {
    jm_plugin plugin;
    JM_API_MEMBERS; /* host, and its extensions: event, http, … */
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
     .answer = "hello:text",
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
    jm_api_find(&hello->api, host);
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

JM_DEFINE_ENTRY(JM_MANIFEST_TEXT, create);
