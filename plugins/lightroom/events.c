/* Declaring and publishing. */
#include "events.h"

#define JOB_ID                                          \
    {                                                   \
        "job_id", JM_FIELD_TEXT, 0, "the job, as named" \
    }
#define PHOTO_ID                                                                       \
    {                                                                                  \
        "photo_id", JM_FIELD_INT | JM_FIELD_NULL, 0, "its photograph, null where none" \
    }
#define SENT_AT                                          \
    {                                                    \
        "sent_at", JM_FIELD_TEXT | JM_FIELD_OPTIONAL, 0, \
            "when, by the clock of Lightroom's machine"  \
    }

static const jm_field stage_completed_fields[] = {
    JOB_ID,
    PHOTO_ID,
    {"stage", JM_FIELD_TEXT, 0, "what is done"},
    {"result", JM_FIELD_OBJECT, 0, "what came of it"},
    SENT_AT,
};
static const jm_field photo_info_fields[] = {
    JOB_ID,
    PHOTO_ID,
    {"photo_data", JM_FIELD_OBJECT, 0, "what Lightroom knows of the photograph"},
    SENT_AT,
};
static const jm_field processing_metrics_fields[] = {
    JOB_ID,
    PHOTO_ID,
    {"metrics", JM_FIELD_OBJECT, 0, "numbers of the job: times, memory"},
    SENT_AT,
};

#define TYPE(type_name)                                                              \
    .size = sizeof(jm_event_type), .name = #type_name, .fields = type_name##_fields, \
    .field_count = JM_COUNT(type_name##_fields)

/* A plain memory event on `jobs` would count as missed after each restart, and nobody could resume that
 * channel; a conflated one never does. */
static const jm_event_type types[] = {
    {TYPE(stage_completed), .channel = "jobs", .retention = JM_RETAIN_DURABLE,
     .help = "Lightroom has ended one stage of a job."},
    {TYPE(photo_info), .channel = "photos", .retention = JM_RETAIN_DURABLE,
     .help = "Lightroom tells what it knows of a job's photograph."},
    {TYPE(processing_metrics), .channel = "jobs", .retention = JM_RETAIN_MEMORY,
     .conflate_key = "job_id", .help = "Lightroom tells what a job has cost."},
};

jm_status lr_events_declare(const struct lr_core *core)
{
    const jm_host_event *event = core->api.event;
    const jm_host *host = core->api.host;
    jm_status status = event->declare_channel(host, "jobs", "What happens to single jobs.");
    if (status == JM_OK)
        status = event->declare_channel(host, "photos", "What happens to photographs.");
    for (size_t i = 0; i < JM_COUNT(types) && status == JM_OK; i++)
        status = event->declare_type(host, &types[i]);
    return status;
}

jm_status lr_event_publish(const struct lr_core *core, const char *type, json_t *fields_take)
{
    return jm_json_publish(core->api.event, core->api.host, type, fields_take);
}

jm_status lr_event_error(const struct lr_core *core, json_t *fields_take)
{
    jm_span channel =
        json_object_get(fields_take, "job_id") == NULL ? JM_SPAN("system") : JM_SPAN("jobs");
    jm_span text = jm_json_dump(fields_take);
    json_decref(fields_take);
    if (jm_span_absent(text))
        return JM_ENOMEM;
    jm_status status =
        core->api.event->publish(core->api.host, JM_SPAN("error_occurred"), channel, text);
    free((char *)text.ptr);
    return status;
}
