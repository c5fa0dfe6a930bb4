/* Declaring and publishing. */
#include "events.h"

#include "preset_fields.h"

#define COMMON                                                                                \
    {"job_id", JM_FIELD_TEXT, 0, "the export job"},                                           \
        {"photo_id", JM_FIELD_INT, 0, "the photograph"},                                      \
    {                                                                                         \
        "preset_name", JM_FIELD_TEXT, 0, "the preset, as it was called when the job was made" \
    }

static const jm_field started_fields[] = {COMMON,
                                          {"destination", JM_FIELD_TEXT, 0, "the preset's folder"}};
static const jm_field progress_fields[] = {COMMON,
                                           {"progress", JM_FIELD_NUMBER, 0, "0 to 100 percent"}};
static const jm_field completed_fields[] = {COMMON,
                                            {"output_path", JM_FIELD_TEXT, 0, "the file"},
                                            {"file_size", JM_FIELD_INT, 0, "its bytes"}};
static const jm_field failed_fields[] = {
    COMMON, {"error_message", JM_FIELD_TEXT, 0, "what failed and why"}};

static const jm_event_type types[] = {
    {.retention = JM_RETAIN_DURABLE,
     .name = "export_started",
     .help = "An export begins, here or where a client renders.",
     .fields = started_fields,
     .field_count = JM_COUNT(started_fields)},
    {.retention = JM_RETAIN_MEMORY,
     .name = "export_progress",
     .conflate_key = "job_id",
     .help = "An export goes on: a few times a second.",
     .fields = progress_fields,
     .field_count = JM_COUNT(progress_fields)},
    {.retention = JM_RETAIN_DURABLE,
     .name = "export_completed",
     .help = "The file is there, whole.",
     .fields = completed_fields,
     .field_count = JM_COUNT(completed_fields)},
    {.retention = JM_RETAIN_DURABLE,
     .name = "export_failed",
     .help = "An export will not be tried again by itself; there is no file.",
     .fields = failed_fields,
     .field_count = JM_COUNT(failed_fields)},
};

jm_status export_events_declare(const struct export_core *core)
{
    jm_status status = core->api.event->declare_channel(core->api.host, "export",
                                                        "Photographs that become files.");
    for (size_t i = 0; status == JM_OK && i < JM_COUNT(types); i++) {
        jm_event_type type = types[i];
        type.size = sizeof type;
        type.channel = "export";
        status = core->api.event->declare_type(core->api.host, &type);
    }
    return status;
}

static jm_status publish(const struct export_core *core, const char *type, json_t *fields_take)
{
    jm_status status = jm_json_publish(core->api.event, core->api.host, type, fields_take);
    if (status < 0)
        export_log(core, JM_LOG_WARNING, "%s was not published: %.*s", type,
                   JM_SPAN_ARGS(core->api.error->last(core->api.host)));
    return status;
}

void export_event_leased(const struct export_core *core, const char *job, int64_t photo,
                         const char *preset, const char *destination)
{
    (void)publish(core, "export_started",
                  json_pack("{s:s, s:I, s:s, s:s}", "job_id", job, "photo_id", (json_int_t)photo,
                            "preset_name", preset, "destination", destination));
}

void export_event_started(const struct export_core *core, const struct export_run *run,
                          const struct export_output *output)
{
    export_event_leased(core, output->job, run->photo_id,
                        export_preset_text(output->preset, "name"),
                        export_preset_text(output->preset, "destination"));
}

void export_event_progress(const struct export_core *core, const struct export_run *run,
                           const struct export_output *output, double percent)
{
    (void)publish(core, "export_progress",
                  json_pack("{s:s, s:I, s:s, s:f}", "job_id", output->job, "photo_id",
                            (json_int_t)run->photo_id, "preset_name",
                            export_preset_text(output->preset, "name"), "progress", percent));
}

jm_status export_event_completed(const struct export_core *core, const queue_job *job,
                                 const char *preset, const char *path, int64_t bytes)
{
    return publish(core, "export_completed",
                   json_pack("{s:o, s:I, s:s, s:s, s:I}", "job_id", jm_json_text(job->id),
                             "photo_id", (json_int_t)job->photo, "preset_name", preset,
                             "output_path", path, "file_size", (json_int_t)bytes));
}

jm_status export_event_failed(const struct export_core *core, const queue_job *job,
                              const char *preset)
{
    return publish(core, "export_failed",
                   json_pack("{s:o, s:I, s:s, s:o}", "job_id", jm_json_text(job->id), "photo_id",
                             (json_int_t)job->photo, "preset_name", preset, "error_message",
                             jm_json_text(job->error)));
}
