/* The plugin reader: the service junmai.settings/1 as routes, for the tests. Loop thread. */
#include "reader_manifest.h"

#include <junmai/sdk/json.h>
#include <junmai/sdk/plugin.h>
#include <junmai/sdk/routes.h>
#include <system/system.h>

struct reader {
    jm_plugin plugin;
    const jm_host *host;
    jm_api api;
    const jm_service_slot *settings;
};

static const settings_service *settings_of(const struct reader *reader)
{
    return reader->settings->table;
}

/* Pass on what the service says. */
static jm_status fail(const struct reader *reader, jm_status status)
{
    jm_span sentence = settings_of(reader)->last_error(reader->settings->provider_data);
    return reader->api.error->set(reader->host, status, sentence);
}

static void take_json(void *user, jm_span json)
{
    json_t **value = user;
    *value = json_loadb(json.ptr, json.len, JSON_DECODE_ANY, NULL);
}

static jm_status answer(const struct reader *reader, jm_id request, jm_span pointer)
{
    void *data = reader->settings->provider_data;
    json_t *value = NULL;
    jm_status status = settings_of(reader)->get(data, pointer, take_json, &value);
    if (status < 0)
        return fail(reader, status);
    return jm_json_respond(reader->api.http, reader->host, request, 200,
                           json_pack("{s:I, s:o}", "revision",
                                     (json_int_t)settings_of(reader)->revision(data), "value",
                                     value));
}

static jm_status on_get(void *user, const jm_request *request)
{
    const struct reader *reader = user;
    jm_span pointer = JM_SPAN("");
    (void)reader->api.http->get_query(reader->host, request->id, "pointer", &pointer);
    return answer(reader, request->id, pointer);
}

/* {"pointer", "value", "regret"}: with "regret" the handler fails after it has set the value. */
static jm_status on_put(void *user, const jm_request *request)
{
    const struct reader *reader = user;
    json_t *body = json_loadb(request->body.ptr, request->body.len, 0, NULL);
    jm_span pointer = jm_span_of(json_string_value(json_object_get(body, "pointer")));
    jm_span value = jm_json_dump(json_object_get(body, "value"));
    jm_status status = settings_of(reader)->set(reader->settings->provider_data, pointer, value);
    if (status < 0)
        status = fail(reader, status);
    else if (json_is_true(json_object_get(body, "regret")))
        status = jm_fail(reader->api.error, reader->host, JM_EBUSY, "regretted");
    else
        status = answer(reader, request->id, pointer);
    free((char *)value.ptr);
    json_decref(body);
    return status;
}

static const jm_route routes[] = {
    {.method = "GET", .path = "/reader", .fn = on_get, .help = "A value of the settings."},
    {.method = "PUT", .path = "/reader", .fn = on_put, .help = "Set a value of the settings."},
};

static jm_status init(const jm_plugin *plugin)
{
    struct reader *reader = plugin->plugin_data;
    jm_api_find(&reader->api, reader->host);
    jm_status status =
        reader->api.service->require(reader->host, SETTINGS_SERVICE, &reader->settings);
    if (status == JM_OK)
        status = jm_routes_add(reader->api.http, reader->host, routes, JM_COUNT(routes), reader);
    return status;
}

static jm_status do_nothing(const jm_plugin *plugin)
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
    struct reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return NULL;
    reader->host = host;
    reader->plugin = (jm_plugin){
        .size = sizeof(jm_plugin),
        .plugin_data = reader,
        .init = init,
        .activate = do_nothing,
        .drain = do_nothing,
        .destroy = destroy,
    };
    return &reader->plugin;
}

JM_DEFINE_ENTRY(JM_MANIFEST_TEXT, create);
