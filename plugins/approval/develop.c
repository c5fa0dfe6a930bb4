/* Calls of the queue. */
#include "develop.h"

static jm_status result(const struct approval_core *core, jm_status status)
{
    const queue_service *queue = core->queue->table;
    if (status >= 0)
        return JM_OK;
    return approval_fail_as(core, status, queue->last_error(core->queue->provider_data));
}

jm_status approval_develop_submit(const struct approval_core *core, int64_t photo, jm_span preset,
                                  const json_t *adjustments, char id_out[QUEUE_ID_SIZE])
{
    const queue_service *queue = core->queue->table;
    if (queue == NULL)
        return approval_fail(core, JM_EBUSY,
                             "the photograph cannot be developed anew: the plugin queue, which "
                             "would do that, is not running; enable it and try again");
    json_t *json = json_pack("{s:o, s:O}", "preset", jm_json_text(preset), "adjustments",
                             (json_t *)adjustments);
    jm_span config = jm_json_dump(json);
    json_decref(json);
    if (jm_span_absent(config))
        return JM_ENOMEM;
    const queue_submission submission = {
        .size = sizeof(submission),
        .flags = QUEUE_USER_REQUESTED,
        .kind = JM_SPAN("develop"),
        .config = config,
        .photo = photo,
    };
    jm_status status =
        result(core, queue->submit(core->queue->provider_data, &submission, id_out, NULL));
    free((char *)config.ptr);
    return status;
}

jm_status approval_develop_cancel(const struct approval_core *core, const json_t *decision)
{
    const queue_service *queue = core->queue->table;
    const char *job = json_string_value(json_object_get(decision, "job_id"));
    if (queue == NULL || job == NULL)
        return JM_OK;
    jm_status status = queue->cancel(core->queue->provider_data, jm_span_of(job));
    return status == JM_ESTATE || status == JM_ENOENT ? JM_OK : result(core, status);
}
