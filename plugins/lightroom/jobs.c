/* Calls of junmai.queue/1. */
#include "jobs.h"

#include <stdlib.h>

/* JM_EBUSY while the queue is away. */
static jm_status find_queue(const struct lr_core *core, const queue_service **queue_out)
{
    *queue_out = core->queue->table;
    return *queue_out != NULL
               ? JM_OK
               : lr_fail(core, JM_EBUSY, "the plugin queue is away for a moment; try again");
}

/* What the queue has answered, with its sentence. */
static jm_status tell(const struct lr_core *core, const queue_service *queue, jm_status status)
{
    if (status >= 0)
        return JM_OK;
    return lr_fail(core, status, "%.*s",
                   JM_SPAN_ARGS(queue->last_error(core->queue->provider_data)));
}

jm_status lr_jobs_attach(struct lr_core *core)
{
    const queue_service *queue = core->queue->table;
    const queue_executor executor = {
        .size = sizeof executor, .kind = LR_KIND, .label = "Lightroom"};
    if (queue == NULL || core->attached == core->queue->generation)
        return JM_OK;
    core->executor = 0;
    jm_status status =
        queue->register_executor(core->queue->provider_data, &executor, &core->executor);
    if (status == JM_EEXIST) {
        JM_LOGF(core->api.log, core->api.host, JM_LOG_WARNING,
                "Lightroom gets no jobs from the queue: %.*s",
                JM_SPAN_ARGS(queue->last_error(core->queue->provider_data)));
        status = JM_OK;
    }
    if (status == JM_OK)
        core->attached = core->queue->generation;
    return tell(core, queue, status);
}

void lr_jobs_detach(struct lr_core *core)
{
    const queue_service *queue = core->queue->table;
    if (queue != NULL && core->executor != 0 && core->attached == core->queue->generation)
        (void)queue->unregister(core->queue->provider_data, core->executor);
    core->attached = 0;
    core->executor = 0;
}

void lr_queue_release(struct lr_core *core, jm_span holder)
{
    const queue_service *queue = core->queue->table;
    int64_t count = queue == NULL ? 0 : queue->release_holder(core->queue->provider_data, holder);
    if (count > 0)
        JM_LOGF(core->api.log, core->api.host, JM_LOG_INFO, "%lld jobs of %.*s wait again",
                (long long)count, JM_SPAN_ARGS(holder));
}

static void keep_json(void *user, jm_span json)
{
    *(json_t **)user = json_loadb(json.ptr, json.len, 0, NULL);
}

static jm_span member(const json_t *object, const char *key)
{
    return jm_span_of(json_string_value(json_object_get(object, key)));
}

jm_status lr_job_load(struct lr_core *core, jm_span id, struct lr_job *job_out)
{
    const queue_service *queue;
    *job_out = (struct lr_job){0};
    jm_status status = find_queue(core, &queue);
    if (status == JM_OK)
        status = tell(core, queue,
                      queue->get(core->queue->provider_data, id, keep_json, &job_out->json));
    if (status < 0)
        return status;
    job_out->status = member(job_out->json, "status");
    job_out->lease = member(job_out->json, "lease");
    snprintf(job_out->id, sizeof job_out->id, "%.*s", JM_SPAN_ARGS(member(job_out->json, "id")));
    return JM_OK;
}

void lr_job_fini(struct lr_job *job)
{
    json_decref(job->json);
    job->json = NULL;
}

json_t *lr_job_photo(const struct lr_job *job)
{
    json_t *photo = json_object_get(job->json, "photo_id");
    return photo == NULL ? json_null() : json_incref(photo);
}

jm_status lr_job_submit(struct lr_core *core, const json_t *config, int32_t priority, int64_t photo,
                        char *id_out)
{
    const queue_service *queue;
    jm_status status = find_queue(core, &queue);
    if (status < 0)
        return status;
    jm_span text = jm_json_dump(config);
    const queue_submission submission = {.size = sizeof submission,
                                         .flags = QUEUE_USER_REQUESTED,
                                         .priority = priority,
                                         .kind = JM_SPAN(LR_KIND),
                                         .config = text,
                                         .photo = photo};
    if (jm_span_absent(text))
        return JM_ENOMEM;
    status =
        tell(core, queue, queue->submit(core->queue->provider_data, &submission, id_out, NULL));
    free((char *)text.ptr);
    return status;
}

jm_status lr_job_lease(struct lr_core *core, jm_span holder, json_t **job_out)
{
    const queue_service *queue;
    *job_out = NULL;
    jm_status status = find_queue(core, &queue);
    if (status == JM_OK)
        status = tell(core, queue,
                      queue->lease(core->queue->provider_data, JM_SPAN(LR_KIND), holder,
                                   (uint32_t)core->options.lease_s * 1000, keep_json, job_out));
    return status == JM_OK && *job_out == NULL ? JM_ENOMEM : status;
}

/* The lease that a report is made with. */
static jm_span lease_of(const struct lr_job *job, jm_span named)
{
    if (!jm_span_absent(named))
        return named;
    return jm_span_absent(job->lease) ? JM_SPAN("") : job->lease;
}

jm_status lr_job_renew(struct lr_core *core, const struct lr_job *job, jm_span lease)
{
    const queue_service *queue;
    jm_status status = find_queue(core, &queue);
    return status < 0 ? status
                      : tell(core, queue,
                             queue->renew(core->queue->provider_data, jm_span_of(job->id),
                                          lease_of(job, lease)));
}

jm_status lr_job_progress(struct lr_core *core, const struct lr_job *job, jm_span lease,
                          const json_t *progress)
{
    const queue_service *queue;
    jm_status status = find_queue(core, &queue);
    if (status < 0)
        return status;
    jm_span details = jm_json_dump(json_object_get(progress, "details"));
    status = tell(core, queue,
                  queue->progress(core->queue->provider_data, jm_span_of(job->id),
                                  lease_of(job, lease), member(progress, "stage"),
                                  json_number_value(json_object_get(progress, "progress")),
                                  member(progress, "message"), details));
    free((char *)details.ptr);
    return status;
}

static jm_span sentence_of(const struct lr_core *core, const struct lr_job *job, jm_span given)
{
    const struct lr_note *note = lr_note_find(&core->notes, jm_span_of(job->id));
    if (given.len > 0)
        return given;
    return note != NULL && note->sentence[0] != '\0' ? jm_span_of(note->sentence)
                                                     : JM_SPAN("Lightroom did not say why");
}

/* What Lightroom says has failed has failed: to try again is for a person to decide. */
jm_status lr_job_end(struct lr_core *core, const struct lr_job *job,
                     const struct lr_outcome *outcome)
{
    const queue_service *queue;
    jm_status status = find_queue(core, &queue);
    if (status < 0)
        return status;
    void *data = core->queue->provider_data;
    jm_span id = jm_span_of(job->id);
    jm_span lease = lease_of(job, outcome->lease);
    jm_span text = jm_json_dump(outcome->data);
    status = outcome->success
                 ? queue->complete(data, id, lease, text)
                 : queue->fail(data, id, lease, sentence_of(core, job, outcome->sentence), text, 1);
    free((char *)text.ptr);
    if (status == JM_OK)
        lr_note_end(&core->notes, id, lease);
    return tell(core, queue, status);
}
