/* Each message is normalised, changes its job and is told to everybody: by the queue where the queue
 * announces the change itself, otherwise from here. One that names no known job changes nothing. */
#include "messages.h"

#include "events.h"
#include "jobs.h"
#include "normal.h"

#include <stdlib.h>

/* A message under way. */
struct said {
    struct lr_core *core;
    const char *type;
    const json_t *json;
    jm_span job_id; /* the queue's form where the job is known */
    jm_span lease;  /* absent: not named */
    struct lr_job job;
    bool known;
};

static jm_span text_of(const json_t *json, const char *key)
{
    return jm_span_of(json_string_value(json_object_get(json, key)));
}

static jm_span text_or(const json_t *json, const char *key, jm_span otherwise)
{
    jm_span text = text_of(json, key);
    return text.len > 0 ? text : otherwise;
}

/* The photograph: the job knows it, or the message says it, or it is null. */
static json_t *photo_of(const struct said *said)
{
    json_t *named = json_object_get(said->json, "photo_id");
    json_t *photo = said->known ? lr_job_photo(&said->job) : json_null();
    return json_is_null(photo) && json_is_integer(named) ? json_incref(named) : photo;
}

/* job_id, photo_id and one object. */
static json_t *fields_with(const struct said *said, const char *key)
{
    return json_pack("{s:o, s:o, s:o}", "job_id", jm_json_text(said->job_id), "photo_id",
                     photo_of(said), key, lr_normal_object(said->json, key));
}

static jm_status publish_own(const struct said *said, json_t *fields)
{
    json_t *sent_at = lr_normal_time(json_object_get(said->json, "timestamp"));
    if (sent_at != NULL)
        json_object_set_new(fields, "sent_at", sent_at);
    return lr_event_publish(said->core, said->type, fields);
}

/* The job goes on: its lease begins anew. */
static jm_status keep_alive(const struct said *said)
{
    if (!said->known || !jm_span_is(said->job.status, "processing"))
        return JM_OK;
    return lr_job_renew(said->core, &said->job, said->lease);
}

static jm_status on_started(const struct said *said)
{
    jm_status status = keep_alive(said);
    return status < 0 ? status
                      : lr_event_publish(said->core, said->type, fields_with(said, "photo_info"));
}

static jm_status on_stage(const struct said *said)
{
    jm_status status = keep_alive(said);
    json_t *fields = fields_with(said, "result");
    json_object_set_new(fields, "stage",
                        jm_json_text(text_or(said->json, "stage", JM_SPAN("processing"))));
    if (status == JM_OK)
        return publish_own(said, fields);
    json_decref(fields);
    return status;
}

static jm_status on_info(const struct said *said)
{
    return publish_own(said, fields_with(said, "photo_data"));
}

static jm_status on_metrics(const struct said *said)
{
    return publish_own(said, fields_with(said, "metrics"));
}

static jm_status on_progress(const struct said *said)
{
    const json_t *percent = json_object_get(said->json, "progress");
    if (!json_is_number(percent) || json_number_value(percent) < 0 ||
        json_number_value(percent) > 100)
        return lr_fail(said->core, JM_EINVAL, "progress must be a number from 0 to 100");
    jm_span stage = text_or(said->json, "stage", JM_SPAN("processing"));
    json_t *fields = fields_with(said, "details");
    json_object_set_new(fields, "stage", jm_json_text(jm_span_cut(stage, 64)));
    json_object_set_new(fields, "progress", json_real(json_number_value(percent)));
    json_object_set_new(fields, "message",
                        jm_json_text(text_or(said->json, "message", JM_SPAN(""))));
    if (!said->known)
        return lr_event_publish(said->core, said->type, fields);
    jm_status status = lr_job_progress(said->core, &said->job, said->lease, fields);
    json_decref(fields);
    return status;
}

/* What the message itself says about a failure; absent where it does not. */
static jm_span reason_of(const struct said *said)
{
    static const char *const keys[] = {"error_message", "reason", "error", "message"};
    const json_t *result = json_object_get(said->json, "result");
    jm_span reason = {NULL, 0};
    for (size_t i = 0; i < JM_COUNT(keys) && reason.len == 0; i++)
        reason = text_or(said->json, keys[i], text_of(result, keys[i]));
    return reason;
}

static void add_duration(const struct said *said, json_t *fields)
{
    json_t *duration = json_object_get(said->json, "duration");
    if (json_is_number(duration))
        json_object_set(fields, "duration", duration);
}

static jm_status publish_end(const struct said *said, bool success)
{
    json_t *fields = fields_with(said, "result");
    json_object_set_new(fields, "success", json_boolean(success));
    add_duration(said, fields);
    if (!success) {
        jm_span reason = reason_of(said);
        reason = reason.len > 0 ? reason : JM_SPAN("Lightroom did not say why");
        json_object_set_new(fields, "error_message", jm_json_text(reason));
        json_object_set_new(fields, "error_details", lr_normal_object(said->json, "error_details"));
    }
    return lr_event_publish(said->core, said->type, fields);
}

static jm_status on_end(const struct said *said)
{
    bool success = strcmp(said->type, "job_completed") == 0;
    if (!said->known)
        return publish_end(said, success);
    json_t *data = lr_normal_object(said->json, "result");
    add_duration(said, data);
    const struct lr_outcome outcome = {
        .success = success, .lease = said->lease, .data = data, .sentence = reason_of(said)};
    jm_status status = lr_job_end(said->core, &said->job, &outcome);
    json_decref(data);
    return status;
}

static jm_status on_error(const struct said *said)
{
    jm_span sentence = text_or(said->json, "error_message", JM_SPAN("Lightroom did not say what"));
    json_t *details = lr_normal_object(said->json, "error_details");
    json_t *stage = json_object_get(said->json, "stage");
    json_t *photo = photo_of(said);
    if (json_is_string(stage) && json_object_get(details, "stage") == NULL)
        json_object_set(details, "stage", stage);
    json_t *fields =
        json_pack("{s:o, s:o, s:o}", "error_type",
                  jm_json_text(text_or(said->json, "error_type", JM_SPAN("lightroom"))),
                  "error_message", jm_json_text(sentence), "error_details", details);
    if (!jm_span_absent(said->job_id))
        json_object_set_new(fields, "job_id", jm_json_text(said->job_id));
    if (json_is_integer(photo))
        json_object_set(fields, "photo_id", photo);
    json_decref(photo);
    if (said->known)
        lr_note_error(&said->core->notes, said->job_id, sentence);
    return lr_event_error(said->core, fields);
}

static const struct handler {
    const char *type;
    const char *help;
    jm_status (*fn)(const struct said *said);
} handlers[] = {
    {"job_started", "Of Lightroom: it has begun a job.", on_started},
    {"job_progress", "Of Lightroom: a job is so far.", on_progress},
    {"stage_completed", "Of Lightroom: one stage of a job is done.", on_stage},
    {"job_completed", "Of Lightroom: a job has succeeded.", on_end},
    {"job_failed", "Of Lightroom: a job has failed.", on_end},
    {"error_occurred", "Of Lightroom: something went wrong.", on_error},
    {"photo_info", "Of Lightroom: what it knows of a photograph.", on_info},
    {"processing_metrics", "Of Lightroom: what a job has cost.", on_metrics},
};

/* Find the job that is named; it need not exist, and only error_occurred need not name one. */
static jm_status find_job(struct said *said)
{
    said->job_id = text_of(said->json, "job_id");
    said->lease = text_of(said->json, "lease");
    if (said->job_id.len == 0) {
        said->job_id = (jm_span){NULL, 0};
        return strcmp(said->type, "error_occurred") == 0
                   ? JM_OK
                   : lr_fail(said->core, JM_EINVAL, "job_id is required: a text");
    }
    jm_status status = lr_job_load(said->core, said->job_id, &said->job);
    if (status < 0)
        return status == JM_ENOENT ? JM_OK : status;
    const char *kind = json_string_value(json_object_get(said->job.json, "kind"));
    if (strcmp(kind, LR_KIND) != 0)
        return lr_fail(said->core, JM_EACCES,
                       "job %s is of the kind %s, which Lightroom does not do", said->job.id, kind);
    said->known = true;
    said->job_id = jm_span_of(said->job.id);
    return JM_OK;
}

static jm_status on_message(void *user, const jm_message *message)
{
    struct said said = {.core = user};
    const struct handler *handler = handlers;
    while (!jm_span_is(message->type, handler->type))
        handler++;
    if (!jm_span_is(message->client_type, "lightroom"))
        return lr_fail(said.core, JM_EINVAL, "Unknown message type: %s", handler->type);
    jm_doc doc;
    said.type = handler->type;
    jm_status status = jm_doc_init(&doc, said.core->api.error, said.core->api.host, message->json);
    said.json = doc.root;
    if (status == JM_OK)
        status = find_job(&said);
    if (status == JM_OK)
        status = handler->fn(&said);
    lr_job_fini(&said.job);
    jm_doc_fini(&doc);
    return status;
}

jm_status lr_messages_handle(struct lr_core *core)
{
    const jm_host_message *message = core->api.message;
    jm_status status = JM_OK;
    for (size_t i = 0; i < JM_COUNT(handlers) && status == JM_OK; i++)
        status =
            message->handle(core->api.host, handlers[i].type, handlers[i].help, on_message, core);
    return status;
}
