/* Declaring and publishing. */
#include "events.h"

/* Below this much of progress or time an estimate would be a guess. */
#define ETA_FROM_PERCENT 1.0
#define ETA_FROM_MS 500

#define JOB_ID                                               \
    {                                                        \
        "job_id", JM_FIELD_TEXT, 0, "the job, 32 hex digits" \
    }
#define PHOTO_ID                                                                       \
    {                                                                                  \
        "photo_id", JM_FIELD_INT | JM_FIELD_NULL, 0, "its photograph, null where none" \
    }
#define COUNT(name, help)           \
    {                               \
        name, JM_FIELD_INT, 0, help \
    }

static const jm_field job_created_fields[] = {
    JOB_ID, PHOTO_ID, {"priority", JM_FIELD_INT, 0, "1 to 10, higher is more urgent"}};
static const jm_field job_started_fields[] = {
    JOB_ID,
    PHOTO_ID,
    {"photo_info", JM_FIELD_OBJECT | JM_FIELD_OPTIONAL, 0, "what Lightroom says of the photograph"},
};
static const jm_field job_progress_fields[] = {
    JOB_ID,
    {"photo_id", JM_FIELD_INT | JM_FIELD_NULL | JM_FIELD_OPTIONAL, 0, "its photograph"},
    {"stage", JM_FIELD_TEXT, 0, "what is being done"},
    {"progress", JM_FIELD_NUMBER, 0, "0 to 100, in percent"},
    {"message", JM_FIELD_TEXT, 0, "a sentence; may be empty"},
    {"details", JM_FIELD_OBJECT | JM_FIELD_OPTIONAL, 0, "whatever the executor adds"},
    {"eta_s", JM_FIELD_NUMBER | JM_FIELD_OPTIONAL, 0,
     "seconds until the end, once that can be estimated"},
};
static const jm_field job_completed_fields[] = {
    JOB_ID,
    PHOTO_ID,
    {"result", JM_FIELD_OBJECT, 0, "what the executor delivered"},
    {"success", JM_FIELD_BOOL | JM_FIELD_OPTIONAL, 0, "true"},
    {"duration", JM_FIELD_NUMBER | JM_FIELD_OPTIONAL, 0, "seconds that its attempt took"},
};
static const jm_field job_failed_fields[] = {
    JOB_ID,
    PHOTO_ID,
    {"error_message", JM_FIELD_TEXT, 0, "why, as a sentence"},
    {"error_details", JM_FIELD_OBJECT, 0, "whatever the executor adds"},
    {"success", JM_FIELD_BOOL | JM_FIELD_OPTIONAL, 0, "false"},
    {"result", JM_FIELD_OBJECT | JM_FIELD_OPTIONAL, 0, "what the executor delivered all the same"},
    {"duration", JM_FIELD_NUMBER | JM_FIELD_OPTIONAL, 0, "seconds that its attempt took"},
};
static const jm_field job_requeued_fields[] = {
    JOB_ID,
    PHOTO_ID,
    {"attempt", JM_FIELD_INT, 0, "the attempt that has ended; 0: it had none"},
    {"reason", JM_FIELD_TEXT, 0, "why it waits again"},
    {"due_at", JM_FIELD_TEXT | JM_FIELD_NULL, 0, "when it may begin again; null: at once"},
};
static const jm_field job_cancelled_fields[] = {JOB_ID, PHOTO_ID};
static const jm_field priority_changed_fields[] = {
    JOB_ID,
    {"old_priority", JM_FIELD_INT, 0, "1 to 10"},
    {"new_priority", JM_FIELD_INT, 0, "1 to 10, higher is more urgent"},
    {"reason", JM_FIELD_TEXT, 0, "who or what changed it"},
};
static const jm_field queue_status_fields[] = {
    COUNT("pending", "jobs that wait"),
    COUNT("processing", "jobs that somebody does"),
    COUNT("completed", "jobs that succeeded"),
    COUNT("failed", "jobs that have no attempt left"),
    COUNT("total", "all jobs, the cancelled ones too"),
};

#define TYPE(type_name)                                                              \
    .size = sizeof(jm_event_type), .name = #type_name, .fields = type_name##_fields, \
    .field_count = JM_COUNT(type_name##_fields)
#define DURABLE_ON(name) .channel = (name), .retention = JM_RETAIN_DURABLE
#define LATEST_ON(name, key) .channel = (name), .retention = JM_RETAIN_MEMORY, .conflate_key = (key)

static const jm_event_type types[] = {
    {TYPE(job_created), DURABLE_ON("jobs"), .help = "There is a new job."},
    {TYPE(job_started), DURABLE_ON("jobs"), .help = "An attempt of a job has begun."},
    {TYPE(job_progress), LATEST_ON("jobs", "job_id"), .help = "A running job has got further."},
    {TYPE(job_completed), DURABLE_ON("jobs"), .help = "A job has succeeded; once for each job."},
    {TYPE(job_failed), DURABLE_ON("jobs"), .help = "A job has failed and has no attempt left."},
    {TYPE(job_requeued), DURABLE_ON("jobs"),
     .help = "A job waits again: an attempt failed or was lost, or somebody began it anew."},
    {TYPE(job_cancelled), DURABLE_ON("jobs"), .help = "A job was cancelled."},
    {TYPE(priority_changed), DURABLE_ON("queue"), .help = "A waiting job's priority has changed."},
    {TYPE(queue_status), LATEST_ON("queue", ""),
     .help = "The number of jobs in some state has changed."},
};

jm_status events_declare(const struct queue *q)
{
    const jm_host_event *event = q->api.event;
    jm_status status = event->declare_channel(q->api.host, "jobs", "What happens to single jobs.");
    if (status == JM_OK)
        status = event->declare_channel(q->api.host, "queue", "The queue as a whole.");
    for (size_t i = 0; i < JM_COUNT(types) && status == JM_OK; i++)
        status = event->declare_type(q->api.host, &types[i]);
    return status;
}

static jm_status publish(const struct queue *q, const char *type, json_t *fields_take)
{
    return jm_json_publish(q->api.event, q->api.host, type, fields_take);
}

jm_status events_created(const struct queue *q, const struct job *job)
{
    return publish(q, "job_created",
                   json_pack("{s:s, s:o, s:i}", "job_id", job->id, "photo_id", job_ref(job->photo),
                             "priority", job->priority));
}

jm_status events_started(const struct queue *q, const struct job *job)
{
    return publish(q, "job_started",
                   json_pack("{s:s, s:o}", "job_id", job->id, "photo_id", job_ref(job->photo)));
}

double events_eta_s(const struct job *job, int64_t now_ms)
{
    double elapsed_ms = (double)(now_ms - job->started_ms);
    if (job->state != QUEUE_PROCESSING || job->percent < ETA_FROM_PERCENT ||
        elapsed_ms < ETA_FROM_MS)
        return -1;
    return elapsed_ms * (100 - job->percent) / job->percent / 1000;
}

jm_status events_progress(const struct queue *q, const struct job *job, jm_span details_json)
{
    double eta_s = events_eta_s(job, queue_now_ms(q));
    jm_span message = jm_span_absent(job->message) ? JM_SPAN("") : job->message;
    json_t *json = json_pack("{s:s, s:o, s:o, s:f, s:o}", "job_id", job->id, "photo_id",
                             job_ref(job->photo), "stage", jm_json_text(job->stage), "progress",
                             job->percent, "message", jm_json_text(message));
    if (!jm_span_absent(details_json))
        json_object_set_new(json, "details", job_object(details_json));
    if (eta_s >= 0)
        json_object_set_new(json, "eta_s", json_real(eta_s));
    return publish(q, "job_progress", json);
}

jm_status events_completed(const struct queue *q, const struct job *job)
{
    return publish(q, "job_completed",
                   json_pack("{s:s, s:o, s:o}", "job_id", job->id, "photo_id", job_ref(job->photo),
                             "result", job_object(job->result)));
}

jm_status events_failed(const struct queue *q, const struct job *job, jm_span details_json)
{
    return publish(q, "job_failed",
                   json_pack("{s:s, s:o, s:o, s:o}", "job_id", job->id, "photo_id",
                             job_ref(job->photo), "error_message", jm_json_text(job->error),
                             "error_details", job_object(details_json)));
}

jm_status events_requeued(const struct queue *q, const struct job *job, jm_span reason)
{
    return publish(q, "job_requeued",
                   json_pack("{s:s, s:o, s:i, s:o, s:o}", "job_id", job->id, "photo_id",
                             job_ref(job->photo), "attempt", job->attempt, "reason",
                             jm_json_text(reason), "due_at", job_time(job->due_ms)));
}

jm_status events_cancelled(const struct queue *q, const struct job *job)
{
    return publish(q, "job_cancelled",
                   json_pack("{s:s, s:o}", "job_id", job->id, "photo_id", job_ref(job->photo)));
}

jm_status events_priority(const struct queue *q, const struct job *job, int32_t old_priority,
                          jm_span reason)
{
    return publish(q, "priority_changed",
                   json_pack("{s:s, s:i, s:i, s:o}", "job_id", job->id, "old_priority",
                             old_priority, "new_priority", job->priority, "reason",
                             jm_json_text(reason)));
}

jm_status events_paused(const struct queue *q, bool paused)
{
    jm_status status = publish(q, "system_status",
                               json_pack("{s:s, s:{s:s}}", "status", paused ? "paused" : "running",
                                         "details", "component", "queue"));
    return status == JM_ENOENT ? JM_OK : status;
}

jm_status events_counts(const struct queue *q, const queue_counts *counts)
{
    json_int_t total = counts->pending + counts->processing + counts->completed + counts->failed +
                       counts->cancelled;
    return publish(q, "queue_status",
                   json_pack("{s:I, s:I, s:I, s:I, s:I}", "pending", (json_int_t)counts->pending,
                             "processing", (json_int_t)counts->processing, "completed",
                             (json_int_t)counts->completed, "failed", (json_int_t)counts->failed,
                             "total", total));
}
