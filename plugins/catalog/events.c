/* The events of the catalog: their declarations, and the one place that publishes each. */
#include "events.h"

#include "rows.h"

#define PHOTO_ID "photo_id", JM_FIELD_INT, 0, "the photograph"
#define SESSION_ID "session_id", JM_FIELD_INT, 0, "the session"

static const jm_field photo_imported_fields[] = {
    {PHOTO_ID},
    {"session_id", JM_FIELD_INT | JM_FIELD_NULL, 0, "its session, null where it has none"},
    {"file_name", JM_FIELD_TEXT, 0, "name of the file in the library"},
    {"file_path", JM_FIELD_TEXT, 0, "absolute path of the file in the library"},
};

static const jm_field photo_analyzed_fields[] = {
    {PHOTO_ID},
    {"ai_score", JM_FIELD_NUMBER | JM_FIELD_NULL, 0,
     "overall score, 1 (worst) to 5 (best); null where only partial scores are known"},
    {"analysis_results", JM_FIELD_OBJECT, 0,
     "focus_score, exposure_score, composition_score; each may be null"},
};

static const jm_field photo_selected_fields[] = {
    {PHOTO_ID},
    {"context_tag", JM_FIELD_TEXT | JM_FIELD_NULL, 0, "what the photograph shows"},
    {"selected_preset", JM_FIELD_TEXT | JM_FIELD_NULL, 0, "the preset it will be developed with"},
};

static const jm_field session_created_fields[] = {
    {SESSION_ID},
    {"session_name", JM_FIELD_TEXT, 0, "name of the session"},
    {"import_folder", JM_FIELD_TEXT, 0, "folder that its photographs come from"},
};

static const jm_field session_updated_fields[] = {
    {SESSION_ID},
    {"total_photos", JM_FIELD_INT, 0, "photographs in the session"},
    {"processed_photos", JM_FIELD_INT, 0, "those that are completed, failed or rejected"},
    {"progress_percent", JM_FIELD_NUMBER, 0,
     "processed of total, 0 to 100 with two decimals; 0 where there are none"},
    {"status", JM_FIELD_TEXT, 0, "importing, selecting, developing, exporting or completed"},
};

static const jm_field session_completed_fields[] = {
    {SESSION_ID},
    {"session_name", JM_FIELD_TEXT, 0, "name of the session"},
    {"total_photos", JM_FIELD_INT, 0, "photographs in the session"},
    {"approved_photos", JM_FIELD_INT, 0, "those that are approved"},
    {"approval_rate", JM_FIELD_NUMBER, 0, "approved of total, 0 to 100 with two decimals"},
};

static const jm_field session_deleted_fields[] = {
    {SESSION_ID},
    {"session_name", JM_FIELD_TEXT, 0, "name of the session"},
};

#define TYPE(type_name)                                                              \
    .size = sizeof(jm_event_type), .name = #type_name, .fields = type_name##_fields, \
    .field_count = JM_COUNT(type_name##_fields)

static const jm_event_type types[] = {
    {TYPE(photo_imported), .channel = "photos", .retention = JM_RETAIN_DURABLE,
     .help = "A photograph is in the library."},
    {TYPE(photo_analyzed), .channel = "photos", .retention = JM_RETAIN_DURABLE,
     .help = "A photograph has got its scores."},
    {TYPE(photo_selected), .channel = "photos", .retention = JM_RETAIN_DURABLE,
     .help = "A photograph has got a context tag or a preset."},
    {TYPE(session_created), .channel = "sessions", .retention = JM_RETAIN_DURABLE,
     .help = "There is a new session."},
    {TYPE(session_updated), .channel = "sessions", .retention = JM_RETAIN_MEMORY,
     .conflate_key = "session_id", .help = "A session's status, name or counters have changed."},
    {TYPE(session_completed), .channel = "sessions", .retention = JM_RETAIN_DURABLE,
     .help = "A session's status has become completed."},
    {TYPE(session_deleted), .channel = "sessions", .retention = JM_RETAIN_DURABLE,
     .help = "A session and the rows of its photographs are gone."},
};

jm_status catalog_events_declare(const struct catalog *catalog)
{
    const jm_host_event *event = catalog->event;
    jm_status status =
        event->declare_channel(catalog->host, "photos", "What happens to single photographs.");
    if (status == JM_OK)
        status = event->declare_channel(catalog->host, "sessions", "What happens to sessions.");
    for (size_t i = 0; i < JM_COUNT(types) && status == JM_OK; i++)
        status = event->declare_type(catalog->host, &types[i]);
    return status;
}

/* A field of a document, for json_pack's "O". */
static json_t *field(const json_t *document, const char *key)
{
    return json_object_get(document, key);
}

static int64_t integer(const json_t *document, const char *key)
{
    return json_integer_value(field(document, key));
}

static jm_status publish(const struct catalog *catalog, const char *type, json_t *fields_take)
{
    return jm_json_publish(catalog->event, catalog->host, type, fields_take);
}

jm_status catalog_event_photo_imported(const struct catalog *catalog, const json_t *photo)
{
    return publish(catalog, "photo_imported",
                   json_pack("{s:O, s:O, s:O, s:O}", "photo_id", field(photo, "id"), "session_id",
                             field(photo, "session_id"), "file_name", field(photo, "file_name"),
                             "file_path", field(photo, "file_path")));
}

jm_status catalog_event_photo_analyzed(const struct catalog *catalog, const json_t *photo)
{
    return publish(catalog, "photo_analyzed",
                   json_pack("{s:O, s:O, s:{s:O, s:O, s:O}}", "photo_id", field(photo, "id"),
                             "ai_score", field(photo, "ai_score"), "analysis_results",
                             "focus_score", field(photo, "focus_score"), "exposure_score",
                             field(photo, "exposure_score"), "composition_score",
                             field(photo, "composition_score")));
}

jm_status catalog_event_photo_selected(const struct catalog *catalog, const json_t *photo)
{
    return publish(catalog, "photo_selected",
                   json_pack("{s:O, s:O, s:O}", "photo_id", field(photo, "id"), "context_tag",
                             field(photo, "context_tag"), "selected_preset",
                             field(photo, "selected_preset")));
}

jm_status catalog_event_session_created(const struct catalog *catalog, const json_t *session)
{
    return publish(catalog, "session_created",
                   json_pack("{s:O, s:O, s:O}", "session_id", field(session, "id"), "session_name",
                             field(session, "name"), "import_folder",
                             field(session, "import_folder")));
}

jm_status catalog_event_session_updated(const struct catalog *catalog, const json_t *session)
{
    int64_t total = integer(session, "total_photos");
    int64_t processed = integer(session, "processed_photos");
    return publish(
        catalog, "session_updated",
        json_pack("{s:O, s:I, s:I, s:o, s:O}", "session_id", field(session, "id"), "total_photos",
                  (json_int_t)total, "processed_photos", (json_int_t)processed, "progress_percent",
                  catalog_rows_percent(processed, total), "status", field(session, "status")));
}

jm_status catalog_event_session_completed(const struct catalog *catalog, const json_t *session,
                                          int64_t approved_photos)
{
    int64_t total = integer(session, "total_photos");
    return publish(catalog, "session_completed",
                   json_pack("{s:O, s:O, s:I, s:I, s:o}", "session_id", field(session, "id"),
                             "session_name", field(session, "name"), "total_photos",
                             (json_int_t)total, "approved_photos", (json_int_t)approved_photos,
                             "approval_rate", catalog_rows_percent(approved_photos, total)));
}

jm_status catalog_event_session_deleted(const struct catalog *catalog, int64_t session,
                                        jm_span session_name)
{
    return publish(catalog, "session_deleted",
                   json_pack("{s:I, s:o}", "session_id", (json_int_t)session, "session_name",
                             jm_json_text(session_name)));
}
