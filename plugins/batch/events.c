/* Declaring and publishing. */
#include "events.h"

static const jm_field progress_fields[] = {
    {"batch_id", JM_FIELD_TEXT, 0, "the batch"},
    {"processed", JM_FIELD_INT, 0, "photographs whose job succeeded"},
    {"failed", JM_FIELD_INT, 0, "those whose job failed"},
    {"total", JM_FIELD_INT, 0, "all photographs of the batch"},
    {"progress_percent", JM_FIELD_NUMBER, 0, "processed of total, 0 to 100 with two decimals"},
    {"eta_s", JM_FIELD_NUMBER | JM_FIELD_NULL, 0,
     "seconds until the end; null while that cannot be estimated"},
};

static const jm_event_type progress_type = {
    .size = sizeof(jm_event_type),
    .retention = JM_RETAIN_MEMORY,
    .name = "batch_progress",
    .channel = "jobs",
    .conflate_key = "batch_id",
    .help = "A batch has got further.",
    .fields = progress_fields,
    .field_count = JM_COUNT(progress_fields),
};

jm_status batch_events_declare(const struct batch_core *core)
{
    const jm_host_event *event = core->api.event;
    jm_status status =
        event->declare_channel(core->api.host, "jobs", "What happens to single jobs.");
    return status == JM_OK ? event->declare_type(core->api.host, &progress_type) : status;
}

/* The type system_status is the plugin system's; where that is not enabled, the event has no
 * declaration and is sent all the same. */
static jm_status publish_status(const struct batch_core *core, json_t *fields_take)
{
    static const jm_span type = {"system_status", 13};
    static const jm_span declared = {NULL, 0};
    const jm_host_event *event = core->api.event;
    jm_span text = jm_json_dump(fields_take);
    json_decref(fields_take);
    if (jm_span_absent(text))
        return JM_ENOMEM;
    jm_status status = event->publish(core->api.host, type, declared, text);
    if (status == JM_ENOENT)
        status = event->inject(core->api.host, type, JM_SPAN("system"), text, JM_RETAIN_DURABLE);
    free((char *)text.ptr);
    return status;
}

jm_status batch_event_status(const struct batch_core *core, const char *what,
                             const struct batch *batch, const struct batch_progress *progress)
{
    json_t *session = batch->session == 0 ? json_null() : json_integer(batch->session);
    return publish_status(
        core, json_pack("{s:s, s:{s:s, s:I, s:o, s:I, s:I, s:I, s:I}}", "status", what, "details",
                        "batch_id", batch->id, "photo_count", (json_int_t)batch->total,
                        "session_id", session, "processed", (json_int_t)progress->processed,
                        "failed", (json_int_t)progress->failed, "cancelled",
                        (json_int_t)progress->cancelled, "total", (json_int_t)batch->total));
}

jm_status batch_event_progress(const struct batch_core *core, const struct batch *batch,
                               const struct batch_progress *progress, double eta_s)
{
    return jm_json_publish(
        core->api.event, core->api.host, "batch_progress",
        json_pack("{s:s, s:I, s:I, s:I, s:f, s:o}", "batch_id", batch->id, "processed",
                  (json_int_t)progress->processed, "failed", (json_int_t)progress->failed, "total",
                  (json_int_t)batch->total, "progress_percent", batch_percent(batch, progress),
                  "eta_s", eta_s < 0 ? json_null() : json_real(eta_s)));
}
