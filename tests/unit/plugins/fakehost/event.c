/* The fake host's events: declared, checked against the declaration, recorded. */
#include "internal.h"

#include <junmai/sdk/span.h>

static jm_status declare_channel(const jm_host *host, const char *name, const char *help)
{
    (void)host;
    (void)name;
    (void)help;
    return JM_OK;
}

static jm_status declare_type(const jm_host *host, const jm_event_type *type)
{
    struct fake_plugin *plugin = fake_plugin_of(host);
    struct fakehost *world = plugin->world;
    if (world->type_count == FAKE_TYPES)
        fake_die("fakehost: more than %d event types", FAKE_TYPES);
    if (type->conflate_key != NULL && type->retention != JM_RETAIN_MEMORY)
        return fake_fail(plugin, JM_EINVAL, "%s: only memory events are conflated", type->name);
    world->types[world->type_count] = *type;
    world->type_owners[world->type_count++] = plugin;
    return JM_OK;
}

static bool is_of_type(const json_t *value, uint32_t type)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return type & JM_FIELD_OBJECT;
    case JSON_ARRAY:
        return type & JM_FIELD_ARRAY;
    case JSON_STRING:
        return type & JM_FIELD_TEXT;
    case JSON_INTEGER:
        return type & (JM_FIELD_INT | JM_FIELD_NUMBER);
    case JSON_REAL:
        return type & JM_FIELD_NUMBER;
    case JSON_NULL:
        return type & JM_FIELD_NULL;
    default:
        return type & JM_FIELD_BOOL;
    }
}

static const jm_field *find_field(const jm_event_type *type, const char *name)
{
    for (size_t i = 0; i < type->field_count; i++) {
        if (strcmp(type->fields[i].name, name) == 0)
            return &type->fields[i];
    }
    return NULL;
}

static jm_status check(struct fake_plugin *plugin, const jm_event_type *type, json_t *fields)
{
    const char *name;
    json_t *value;
    if (!json_is_object(fields))
        return fake_fail(plugin, JM_EINVAL, "%s: the fields are no JSON object", type->name);
    for (size_t i = 0; i < type->field_count; i++) {
        const jm_field *field = &type->fields[i];
        value = json_object_get(fields, field->name);
        if (value == NULL ? !(field->type & JM_FIELD_OPTIONAL) : !is_of_type(value, field->type))
            return fake_fail(plugin, JM_EINVAL, "%s: %s is missing or of another type", type->name,
                             field->name);
    }
    json_object_foreach(fields, name, value)
    {
        if (find_field(type, name) == NULL)
            return fake_fail(plugin, JM_EINVAL, "%s: %s is not declared", type->name, name);
    }
    return JM_OK;
}

static jm_status publish(const jm_host *host, jm_span type, jm_span channel, jm_span fields)
{
    struct fake_plugin *plugin = fake_plugin_of(host);
    struct fakehost *world = plugin->world;
    size_t i = 0;
    if (!world->in_call)
        return fake_fail(plugin, JM_ESTATE, "publish outside of a call of the host");
    while (i < world->type_count && !jm_span_is(type, world->types[i].name))
        i++;
    if (i == world->type_count)
        return fake_fail(plugin, JM_ENOENT, "no such event type");
    json_t *json = json_loadb(fields.ptr, fields.len, 0, NULL);
    jm_status status = check(plugin, &world->types[i], json);
    if (status < 0) {
        json_decref(json);
        return status;
    }
    if (world->event_count == FAKE_EVENTS)
        fake_die("fakehost: more than %d events; clear them", FAKE_EVENTS);
    const char *on = jm_span_absent(channel) ? world->types[i].channel : jm_span_dup(channel);
    world->events[world->event_count++] =
        (struct fakehost_event){world->types[i].name, on, world->types[i].retention, json};
    return JM_OK;
}

const jm_host_event fake_event_table = {
    .size = sizeof(jm_host_event),
    .declare_channel = declare_channel,
    .declare_type = declare_type,
    .publish = publish,
};

void fake_event_truncate(struct fakehost *host, size_t count)
{
    while (host->event_count > count)
        json_decref((json_t *)host->events[--host->event_count].fields);
}

size_t fakehost_event_count(struct fakehost *host, const char *type)
{
    size_t count = 0;
    while (fakehost_event_at(host, type, count) != NULL)
        count++;
    return count;
}

const struct fakehost_event *fakehost_event_at(struct fakehost *host, const char *type,
                                               size_t index)
{
    for (size_t i = 0; i < host->event_count; i++) {
        if ((type == NULL || strcmp(host->events[i].type, type) == 0) && index-- == 0)
            return &host->events[i];
    }
    return NULL;
}

void fakehost_clear_events(struct fakehost *host)
{
    fake_event_truncate(host, 0);
}
