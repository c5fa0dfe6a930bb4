/* A plugin for tests: events of every retention on one channel, published over HTTP. Loop thread. */
#include "diary_manifest.h"

#include <junmai/ext/error.h>
#include <junmai/ext/event.h>
#include <junmai/ext/http.h>
#include <junmai/sdk/json.h>
#include <junmai/sdk/routes.h>

#include <stdlib.h>

struct diary {
    const jm_host *host;
    const jm_host_error *error;
    const jm_host_event *event;
    const jm_host_http *http;
    jm_plugin plugin;
};

static const jm_field fields[] = {
    {"n", JM_FIELD_INT, 0, "counts what is written"},
    {"page", JM_FIELD_INT | JM_FIELD_OPTIONAL, 0, "what is written about"},
    {"text", JM_FIELD_TEXT | JM_FIELD_OPTIONAL, 0, "how it is filled"},
};

#define TYPE .size = sizeof(jm_event_type), .channel = "diary", .fields = fields, .field_count = 3

static const jm_event_type types[] = {
    {TYPE, .name = "entry", .retention = JM_RETAIN_DURABLE, .help = "Is kept."},
    {TYPE, .name = "remark", .retention = JM_RETAIN_MEMORY, .help = "Is kept in memory."},
    {TYPE, .name = "state", .retention = JM_RETAIN_MEMORY, .conflate_key = "page",
     .help = "Is kept in memory until the next one of its page."},
};

/* POST /diary {"type": ..., fields of the event} */
static jm_status write_down(void *user, const jm_request *request)
{
    const struct diary *diary = user;
    jm_span type = {NULL, 0};
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, diary->error, diary->host, request->body);
    if (status == JM_OK)
        status = jm_doc_text(&doc, "type", true, &type);
    if (status == JM_OK) {
        json_t *event = json_copy(doc.root);
        json_object_del(event, "type");
        status = jm_json_publish(diary->event, diary->host, type.ptr, event);
    }
    jm_doc_fini(&doc);
    return status < 0 ? status
                      : jm_json_respond(diary->http, diary->host, request->id, 200, json_object());
}

static const jm_route routes[] = {
    {.method = "POST", .path = "/diary", .fn = write_down, .help = "Publish an event."},
};

static jm_status init(const jm_plugin *plugin)
{
    struct diary *diary = plugin->plugin_data;
    diary->error = diary->host->get_extension(diary->host, JM_EXT_ERROR);
    diary->event = diary->host->get_extension(diary->host, JM_EXT_EVENT);
    diary->http = diary->host->get_extension(diary->host, JM_EXT_HTTP);
    if (diary->error == NULL || diary->event == NULL || diary->http == NULL)
        return JM_EUNSUPPORTED;
    jm_status status = diary->event->declare_channel(diary->host, "diary", "What tests write.");
    for (size_t i = 0; i < JM_COUNT(types) && status == JM_OK; i++)
        status = diary->event->declare_type(diary->host, &types[i]);
    if (status == JM_OK)
        status = jm_routes_add(diary->http, diary->host, routes, JM_COUNT(routes), diary);
    return status;
}

static jm_status nothing(const jm_plugin *plugin)
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
    struct diary *diary = calloc(1, sizeof *diary);
    if (diary == NULL)
        return NULL;
    diary->host = host;
    diary->plugin = (jm_plugin){
        .size = sizeof(jm_plugin),
        .plugin_data = diary,
        .init = init,
        .activate = nothing,
        .drain = nothing,
        .destroy = destroy,
    };
    return &diary->plugin;
}

JM_EXPORT const jm_entry JM_ENTRY = {
    .magic = JM_ABI_MAGIC,
    .size = sizeof(jm_entry),
    .abi_major = JM_ABI_MAJOR,
    .abi_minor = JM_ABI_MINOR,
    .manifest = JM_MANIFEST_TEXT,
    .create = create,
};
