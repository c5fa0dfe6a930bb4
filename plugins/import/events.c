/* import_progress and error_occurred. */
#include "events.h"

#include <junmai/sdk/json.h>
#include <junmai/sdk/path.h>

static const jm_field progress_fields[] = {
    {"import_id", JM_FIELD_TEXT, 0, "the batch, as its answer names it"},
    {"files_done", JM_FIELD_INT, 0, "files that are imported, refused or found to be duplicates"},
    {"files_total", JM_FIELD_INT, 0, "files of the batch"},
    {"bytes_done", JM_FIELD_INT, 0, "bytes of the files that are done and of those being copied"},
    {"bytes_total", JM_FIELD_INT, 0, "bytes of all files that can be read"},
    {"rate_bytes_per_s", JM_FIELD_NUMBER, 0, "bytes per second since the batch began"},
    {"eta_s", JM_FIELD_NUMBER | JM_FIELD_NULL, 0,
     "seconds that are left at this rate, null while that cannot be told"},
};

static const jm_event_type progress_type = {
    .size = sizeof(jm_event_type),
    .retention = JM_RETAIN_MEMORY,
    .name = "import_progress",
    .channel = "photos",
    .conflate_key = "import_id",
    .help = "A batch import goes on: several times a second, and when it ends.",
    .fields = progress_fields,
    .field_count = JM_COUNT(progress_fields),
};

jm_status events_declare(const struct import_core *core)
{
    jm_status status = core->event->declare_channel(core->host, progress_type.channel,
                                                    "What happens to single photographs.");
    return status < 0 ? status : core->event->declare_type(core->host, &progress_type);
}

void events_progress(const struct import_core *core, const struct import_progress *progress)
{
    double rate = progress->elapsed_ms == 0
                      ? 0
                      : (double)progress->bytes_done * 1000 / (double)progress->elapsed_ms;
    double left = (double)progress->bytes_total - (double)progress->bytes_done;
    bool known = rate > 0 || progress->files_done == progress->files_total;
    json_t *eta = known ? json_real(left > 0 && rate > 0 ? left / rate : 0) : json_null();
    json_t *fields = json_pack(
        "{s:s, s:I, s:I, s:I, s:I, s:f, s:o}", "import_id", progress->import_id, "files_done",
        (json_int_t)progress->files_done, "files_total", (json_int_t)progress->files_total,
        "bytes_done", (json_int_t)progress->bytes_done, "bytes_total",
        (json_int_t)progress->bytes_total, "rate_bytes_per_s", rate, "eta_s", eta);
    if (jm_json_publish(core->event, core->host, progress_type.name, fields) < 0) {
        JM_LOGF(core->log, core->host, JM_LOG_WARNING, "import_progress was not published: %.*s",
                JM_SPAN_ARGS(core->error->last(core->host)));
    }
}

void events_trouble(const struct import_core *core, const struct verdict *verdict, const char *path)
{
    if (verdict->trouble == NULL) {
        return;
    }
    char *text = jm_path_text(jm_span_of(path)); /* a name may be any bytes */
    JM_LOGF(core->log, core->host, JM_LOG_ERROR, "%s: %s", path, verdict->text);
    json_t *fields = json_pack("{s:s, s:s, s:{s:s?}}", "error_type", verdict->trouble,
                               "error_message", verdict->text, "error_details", "path", text);
    free(text);
    if (jm_json_publish(core->event, core->host, "error_occurred", fields) < 0) {
        JM_LOGF(core->log, core->host, JM_LOG_WARNING, "error_occurred was not published: %.*s",
                JM_SPAN_ARGS(core->error->last(core->host)));
    }
}
