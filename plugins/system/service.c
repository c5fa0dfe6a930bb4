/* Spans and sinks outside, the functions of settings.c inside. */
#include "service.h"

#include "pointer.h"
#include "settings.h"

#include <system/system.h>

static jm_span last_error(void *user)
{
    const struct system_core *core = user;
    return core->api.error->last(core->host);
}

static uint64_t revision(void *user)
{
    return settings_revision(user);
}

static jm_status get(void *user, jm_span pointer, settings_sink_fn sink, void *sink_user)
{
    const struct system_core *core = user;
    json_t *document = NULL;
    jm_span text = {NULL, 0};
    jm_status status = settings_read(core, &document);
    if (status == JM_OK) {
        const json_t *value = pointer_find(document, pointer);
        if (value == NULL)
            status = system_fail(core, JM_ENOENT, "the settings have no value at %.*s",
                                 JM_SPAN_ARGS(jm_span_cut(pointer, 128)));
        else
            text = jm_json_dump(value);
    }
    if (status == JM_OK && jm_span_absent(text))
        status = JM_ENOMEM;
    json_decref(document);
    if (status == JM_OK)
        sink(sink_user, text);
    free((char *)text.ptr);
    return status;
}

static jm_status set(void *user, jm_span pointer, jm_span json)
{
    struct system_core *core = user;
    json_error_t fault;
    json_t *value = json_loadb(json.len > 0 ? json.ptr : "", json.len, JSON_DECODE_ANY, &fault);
    if (value == NULL)
        return system_fail(core, JM_EINVAL, "the new value of %.*s is not JSON: %s",
                           JM_SPAN_ARGS(jm_span_cut(pointer, 128)), fault.text);
    return settings_set(core, pointer, value);
}

static const settings_service table = {
    .size = sizeof table,
    .last_error = last_error,
    .revision = revision,
    .get = get,
    .set = set,
};

jm_status service_provide(struct system_core *core)
{
    return core->api.service->provide(core->host, SETTINGS_SERVICE, &table, core);
}
