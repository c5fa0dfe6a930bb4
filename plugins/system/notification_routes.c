/* Subscriptions of browsers, and when to notify them. */
#include "notification_routes.h"

#include "subscriptions.h"
#include "values.h"

#include <junmai/sdk/routes.h>

#define SETTINGS "notification_settings"
#define ENDPOINT_BYTES 2048
#define KEYS_BYTES 4096
#define TRACK_BYTES 4096
#define USER_AGENT_BYTES 512

/* The body as an object with something in it. */
static jm_status read_body(const struct system_core *core, const jm_request *request, jm_doc *doc)
{
    jm_status status = jm_doc_init(doc, core->api.error, core->host, request->body);
    if (status == JM_OK && json_object_size(doc->root) == 0)
        status = system_fail(core, JM_EINVAL, "No data provided");
    return status;
}

static jm_status read_endpoint(const struct system_core *core, const jm_doc *doc, jm_span *endpoint)
{
    jm_status status = jm_doc_text(doc, "endpoint", false, endpoint);
    if (status == JM_OK && endpoint->len == 0)
        status = system_fail(core, JM_EINVAL, "Endpoint is required");
    if (status == JM_OK && endpoint->len > ENDPOINT_BYTES)
        status =
            system_fail(core, JM_EINVAL, "endpoint must have at most %d bytes", ENDPOINT_BYTES);
    return status;
}

/* Whether the value takes no more room than that as JSON. */
static bool fits(const json_t *value, size_t bytes)
{
    return json_dumpb(value, NULL, 0, JM_JSON_FLAGS) <= bytes;
}

static jm_status read_keys(const struct system_core *core, const jm_doc *doc, json_t **keys)
{
    *keys = jm_doc_value(doc, "keys");
    if (*keys == NULL)
        return JM_OK;
    if (!json_is_object(*keys) || !fits(*keys, KEYS_BYTES))
        return system_fail(core, JM_EINVAL, "keys must be an object with p256dh and auth");
    return JM_OK;
}

static jm_status on_subscribe(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    jm_span endpoint = {NULL, 0};
    jm_span user_agent = JM_SPAN("");
    json_t *none = json_object();
    json_t *keys = NULL;
    json_t *subscription = NULL;
    bool is_new = false;
    jm_doc doc;
    (void)core->api.http->get_header(core->host, request->id, "User-Agent", &user_agent);
    jm_status status = read_body(core, request, &doc);
    if (status == JM_OK)
        status = read_endpoint(core, &doc, &endpoint);
    if (status == JM_OK)
        status = read_keys(core, &doc, &keys);
    if (status == JM_OK)
        status =
            subscriptions_add(core, endpoint, keys != NULL ? keys : none,
                              jm_span_cut(user_agent, USER_AGENT_BYTES), &subscription, &is_new);
    json_decref(none);
    jm_doc_fini(&doc);
    if (status < 0)
        return status;
    return system_respond(
        core, request->id, is_new ? 201 : 200,
        json_pack("{s:b, s:s, s:o}", "success", 1, "message",
                  is_new ? "Subscription created successfully" : "Subscription already exists",
                  "subscription", subscription));
}

static jm_status on_unsubscribe(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    jm_span endpoint = {NULL, 0};
    jm_doc doc;
    jm_status status = read_body(core, request, &doc);
    if (status == JM_OK)
        status = read_endpoint(core, &doc, &endpoint);
    if (status == JM_OK) {
        status = subscriptions_remove(core, endpoint);
        if (status == JM_ENOENT) {
            jm_doc_fini(&doc);
            return system_respond(core, request->id, 404,
                                  json_pack("{s:b, s:s, s:s}", "success", 0, "message",
                                            "Subscription not found", "error",
                                            "Subscription not found"));
        }
    }
    jm_doc_fini(&doc);
    if (status < 0)
        return status;
    return system_respond(
        core, request->id, 200,
        json_pack("{s:b, s:s}", "success", 1, "message", "Subscription removed successfully"));
}

static json_t *default_settings(void)
{
    return json_pack("{s:b, s:{s:b, s:b, s:b, s:b}, s:{s:b, s:s, s:s}}", "enabled", 1, "types",
                     "processing_complete", 1, "approval_required", 1, "error", 1,
                     "export_complete", 1, "quiet_hours", "enabled", 0, "start", "22:00", "end",
                     "08:00");
}

/* The defaults, and over them what was stored. */
static json_t *read_settings(const struct system_core *core)
{
    json_t *settings = default_settings();
    json_t *stored = values_get(core, SETTINGS);
    if (json_is_object(stored))
        json_object_update_recursive(settings, stored);
    json_decref(stored);
    return settings;
}

static bool is_time_of_day(const json_t *value)
{
    const char *text = json_string_value(value);
    int hour = -1;
    int minute = -1;
    int used = 0;
    return text != NULL && sscanf(text, "%2d:%2d%n", &hour, &minute, &used) == 2 && used == 5 &&
           text[5] == '\0' && hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59;
}

/* What the defaults have must keep its type; further members are the client's own. */
static jm_status check_settings(const struct system_core *core, const json_t *settings)
{
    const json_t *types = json_object_get(settings, "types");
    const json_t *quiet = json_object_get(settings, "quiet_hours");
    const char *type;
    json_t *on;
    if (!json_is_boolean(json_object_get(settings, "enabled")))
        return system_fail(core, JM_EINVAL, "enabled must be true or false");
    if (!json_is_object(types))
        return system_fail(core, JM_EINVAL, "types must be an object");
    json_object_foreach((json_t *)types, type, on)
    {
        if (!json_is_boolean(on))
            return system_fail(core, JM_EINVAL, "types.%.64s must be true or false", type);
    }
    if (!json_is_object(quiet) || !json_is_boolean(json_object_get(quiet, "enabled")))
        return system_fail(core, JM_EINVAL, "quiet_hours.enabled must be true or false");
    if (!is_time_of_day(json_object_get(quiet, "start")) ||
        !is_time_of_day(json_object_get(quiet, "end")))
        return system_fail(core, JM_EINVAL,
                           "quiet_hours.start and quiet_hours.end must be times like 22:00");
    if (!fits(settings, KEYS_BYTES))
        return system_fail(core, JM_EINVAL, "the settings must have at most %d bytes", KEYS_BYTES);
    return JM_OK;
}

static jm_status answer_settings(const struct system_core *core, const jm_request *request,
                                 json_t *settings_take)
{
    return system_respond(core, request->id, 200,
                          json_pack("{s:b, s:o}", "success", 1, "settings", settings_take));
}

static jm_status on_settings(void *user, const jm_request *request)
{
    return answer_settings(user, request, read_settings(user));
}

static jm_status on_put_settings(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    json_t *settings = NULL;
    jm_doc doc;
    jm_status status = read_body(core, request, &doc);
    if (status == JM_OK) {
        settings = read_settings(core);
        if (json_object_update_recursive(settings, doc.root) < 0)
            status = JM_ENOMEM;
    }
    if (status == JM_OK)
        status = check_settings(core, settings);
    if (status == JM_OK)
        status = values_set(core, SETTINGS, json_incref(settings));
    jm_doc_fini(&doc);
    if (status == JM_OK)
        return answer_settings(core, request, settings);
    json_decref(settings);
    return status;
}

static jm_status on_track(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    jm_doc doc;
    jm_status status = read_body(core, request, &doc);
    if (status == JM_OK && !fits(doc.root, TRACK_BYTES))
        status = system_fail(core, JM_EINVAL, "a report must have at most %d bytes", TRACK_BYTES);
    if (status == JM_OK)
        status = subscriptions_track(core, doc.root);
    jm_doc_fini(&doc);
    if (status < 0)
        return status;
    return system_respond(core, request->id, 200,
                          json_pack("{s:b, s:s}", "success", 1, "message", "Tracking recorded"));
}

static jm_status on_subscriptions(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    json_t *list = NULL;
    jm_status status = subscriptions_list(core, &list);
    if (status < 0)
        return status;
    return system_respond(core, request->id, 200,
                          json_pack("{s:b, s:I, s:o}", "success", 1, "count",
                                    (json_int_t)json_array_size(list), "subscriptions", list));
}

#define FORM .flags = JM_ROUTE_SUCCESS_FORM

static const jm_route routes[] = {
    {.method = "POST",
     .path = "/notifications/subscribe",
     .fn = on_subscribe,
     FORM,
     .help = "Remember a browser's push subscription."},
    {.method = "POST",
     .path = "/notifications/unsubscribe",
     .fn = on_unsubscribe,
     FORM,
     .help = "Forget a browser's push subscription."},
    {.method = "GET",
     .path = "/notifications/settings",
     .fn = on_settings,
     FORM,
     .help = "Of what to notify, and when not."},
    {.method = "POST",
     .path = "/notifications/settings",
     .fn = on_put_settings,
     FORM,
     .help = "Change some of the settings of notifications."},
    {.method = "POST",
     .path = "/notifications/track",
     .fn = on_track,
     FORM,
     .help = "What became of a notification, as a browser reports it."},
    {.method = "GET",
     .path = "/notifications/subscriptions",
     .fn = on_subscriptions,
     FORM,
     .help = "The push subscriptions."},
};

jm_status notification_routes_add(struct system_core *core)
{
    return jm_routes_add(core->api.http, core->host, routes, JM_COUNT(routes), core);
}
