/* config_changed, system_status, resource_warning. */
#include "events.h"

static const jm_field config_changed_fields[] = {
    {"revision", JM_FIELD_INT, 0, "of the document after the change"},
    {"changed", JM_FIELD_ARRAY, 0, "JSON pointers of the values that are other ones now"},
};

static const jm_field system_status_fields[] = {
    {"status", JM_FIELD_TEXT, 0,
     "running, paused, resumed, batch_started, batch_paused, batch_resumed, …"},
    {"details", JM_FIELD_OBJECT, 0, "what belongs to the status"},
};

static const jm_field resource_warning_fields[] = {
    {"resource_type", JM_FIELD_TEXT, 0, "cpu, memory, gpu or disk"},
    {"current_value", JM_FIELD_NUMBER, 0, "percent; degrees Celsius of a gpu"},
    {"threshold", JM_FIELD_NUMBER, 0, "the limit that was reached, in the same unit"},
    {"message", JM_FIELD_TEXT, 0, "a sentence for a person"},
};

#define TYPE(type_name)                                                              \
    .size = sizeof(jm_event_type), .name = #type_name, .fields = type_name##_fields, \
    .field_count = JM_COUNT(type_name##_fields), .channel = "system"

static const jm_event_type types[] = {
    {TYPE(config_changed), .retention = JM_RETAIN_DURABLE,
     .help = "The studio's document has been changed."},
    {TYPE(system_status), .retention = JM_RETAIN_DURABLE,
     .help = "The host has started, or its processing has."},
    {TYPE(resource_warning), .retention = JM_RETAIN_MEMORY, .conflate_key = "resource_type",
     .help = "A resource of the machine has reached its limit."},
};

jm_status events_declare(const struct system_core *core)
{
    const jm_host_event *event = core->api.event;
    jm_status status =
        event->declare_channel(core->host, "system", "The state of the machine and the studio.");
    for (size_t i = 0; i < JM_COUNT(types) && status == JM_OK; i++)
        status = event->declare_type(core->host, &types[i]);
    return status;
}

jm_status events_config_changed(const struct system_core *core, uint64_t revision, json_t *changed)
{
    return jm_json_publish(
        core->api.event, core->host, "config_changed",
        json_pack("{s:I, s:O}", "revision", (json_int_t)revision, "changed", changed));
}

jm_status events_system_status(const struct system_core *core, const char *status,
                               json_t *details_take)
{
    return jm_json_publish(core->api.event, core->host, "system_status",
                           json_pack("{s:s, s:o}", "status", status, "details", details_take));
}

jm_status events_resource_warning(const struct system_core *core, const char *resource_type,
                                  double current_value, double threshold, const char *message)
{
    return jm_json_publish(core->api.event, core->host, "resource_warning",
                           json_pack("{s:s, s:f, s:f, s:s}", "resource_type", resource_type,
                                     "current_value", current_value, "threshold", threshold,
                                     "message", message));
}
