/* Declaring and publishing. */
#include "events.h"

#include "waiting.h"

#define PHOTO_ID "photo_id", JM_FIELD_INT, 0, "the photograph"
#define SESSION_ID \
    "session_id", JM_FIELD_INT | JM_FIELD_NULL, 0, "its session, null where it has none"

static const jm_field photo_approved_fields[] = {
    {PHOTO_ID},
    {SESSION_ID},
};

static const jm_field photo_rejected_fields[] = {
    {PHOTO_ID},
    {SESSION_ID},
    {"reason", JM_FIELD_TEXT, 0, "why, as the person said; may be empty"},
};

static const jm_field approval_queue_updated_fields[] = {
    {"queue_count", JM_FIELD_INT, 0, "photographs that wait for a decision now"},
    {"session_id", JM_FIELD_INT | JM_FIELD_OPTIONAL, 0,
     "session of the photograph that was decided on; absent where it has none, or there may "
     "be several"},
};

#define TYPE(type_name)                                                                \
    .size = sizeof(jm_event_type), .retention = JM_RETAIN_DURABLE, .name = #type_name, \
    .fields = type_name##_fields, .field_count = JM_COUNT(type_name##_fields)

static const jm_event_type types[] = {
    {TYPE(photo_approved), .channel = "photos", .help = "A person has approved a photograph."},
    {TYPE(photo_rejected), .channel = "photos", .help = "A person has rejected a photograph."},
    {TYPE(approval_queue_updated), .channel = "approval",
     .help = "A decision, the undoing of one, or a develop job has changed which photographs "
             "wait."},
};

jm_status approval_events_declare(const struct approval_core *core)
{
    const jm_host_event *event = core->api.event;
    jm_status status =
        event->declare_channel(core->api.host, "photos", "What happens to single photographs.");
    if (status == JM_OK)
        status = event->declare_channel(core->api.host, "approval",
                                        "Photographs that wait for a decision.");
    for (size_t i = 0; i < JM_COUNT(types) && status == JM_OK; i++)
        status = event->declare_type(core->api.host, &types[i]);
    return status;
}

static json_t *session_json(int64_t session)
{
    return session == 0 ? json_null() : json_integer(session);
}

jm_status approval_event_approved(const struct approval_core *core,
                                  const struct approval_photo *photo)
{
    return jm_json_publish(core->api.event, core->api.host, "photo_approved",
                           json_pack("{s:I, s:o}", "photo_id", (json_int_t)photo->id, "session_id",
                                     session_json(photo->session)));
}

jm_status approval_event_rejected(const struct approval_core *core,
                                  const struct approval_photo *photo, jm_span reason)
{
    return jm_json_publish(core->api.event, core->api.host, "photo_rejected",
                           json_pack("{s:I, s:o, s:o}", "photo_id", (json_int_t)photo->id,
                                     "session_id", session_json(photo->session), "reason",
                                     jm_json_text(reason)));
}

jm_status approval_event_queue(const struct approval_core *core, int64_t session)
{
    int64_t count = 0;
    jm_status status = approval_waiting_count(core, &count);
    if (status < 0)
        return status;
    json_t *fields = json_pack("{s:I}", "queue_count", (json_int_t)count);
    if (session != 0)
        json_object_set_new(fields, "session_id", json_integer(session));
    return jm_json_publish(core->api.event, core->api.host, "approval_queue_updated", fields);
}
