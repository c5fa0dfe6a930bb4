/* The service junmai.export/1: spans and sinks outside. Loop thread. */
#include "service.h"

#include "history.h"
#include "jobs.h"

#include <export/export.h>

static jm_span last_error(void *user)
{
    const struct export_core *core = user;
    return core->api.error->last(core->api.host);
}

static jm_status give(jm_status status, json_t *json_take, export_sink_fn sink, void *user)
{
    if (status < 0)
        return status;
    jm_span text = jm_json_dump(json_take);
    json_decref(json_take);
    if (jm_span_absent(text))
        return JM_ENOMEM;
    sink(user, text);
    free((char *)text.ptr);
    return JM_OK;
}

static jm_status trigger(void *user, int64_t photo, export_sink_fn sink, void *sink_user)
{
    json_t *xjobs = NULL;
    jm_status status = export_jobs_create(user, photo, NULL, &xjobs);
    return give(status, xjobs, sink, sink_user);
}

static jm_status export_with(void *user, int64_t photo, jm_span names_json, export_sink_fn sink,
                             void *sink_user)
{
    const struct export_core *core = user;
    json_t *xjobs = NULL;
    json_t *names = json_loadb(names_json.ptr, names_json.len, 0, NULL);
    jm_status status = json_is_array(names)
                           ? export_jobs_create(core, photo, names, &xjobs)
                           : export_fail(core, JM_EINVAL, "preset names must be a JSON array");
    json_decref(names);
    return give(status, xjobs, sink, sink_user);
}

static jm_status count(void *user, jm_span since, export_sink_fn sink, void *sink_user)
{
    const struct export_core *core = user;
    int64_t since_ms = 0;
    int64_t all = 0;
    int64_t after = 0;
    if (!jm_utc_parse(since, &since_ms))
        return export_fail(core, JM_EINVAL, "since must be a time like 2025-11-09T12:34:56.789Z");
    jm_status status = export_history_count(core, since_ms, &all, &after);
    return give(status,
                json_pack("{s:I, s:I}", "total_exported", (json_int_t)all, "exported_since",
                          (json_int_t)after),
                sink, sink_user);
}

static const export_service table = {
    .size = sizeof table,
    .last_error = last_error,
    .trigger = trigger,
    .export_with = export_with,
    .count = count,
};

jm_status export_service_provide(struct export_core *core)
{
    return core->api.service->provide(core->api.host, EXPORT_SERVICE, &table, core);
}
