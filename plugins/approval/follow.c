/* The listener writes down, in the turn of the change, that the queue must be told; a timer tells
 * it, so that a hundred jobs in a moment are one event, and a kill between the two loses none. */
#include "follow.h"

#include "events.h"

#include <queue/queue.h>

#define EVERY_MS 200
#define RETRY_MS 1000

static jm_status tell(void *user, jm_id timer);

static jm_status arm(struct approval_core *core, uint64_t delay_ms)
{
    if (core->tell_timer != 0)
        return JM_OK;
    return core->api.timer->start(core->api.host, "tell the approval queue", delay_ms, 0, tell,
                                  core, &core->tell_timer);
}

static jm_status tell(void *user, jm_id timer)
{
    struct approval_core *core = user;
    jm_exec_result result = {0};
    (void)timer;
    core->tell_timer = 0;
    jm_status status = core->api.store->exec(core->api.host, "DELETE FROM approval_untold", NULL, 0,
                                             NULL, NULL, &result);
    if (status == JM_OK && result.changes > 0)
        status = approval_event_queue(core, 0);
    if (status < 0)
        (void)arm(core, RETRY_MS);
    return status;
}

/* A listener is called before the photograph follows its job. */
static bool moves_queue(const struct approval_photo *photo, const queue_job *job)
{
    bool is_developed =
        strcmp(photo->status, "queued") == 0 || strcmp(photo->status, "processing") == 0;
    bool waits = strcmp(photo->status, "completed") == 0;
    if (photo->approved)
        return false;
    return job->state == QUEUE_COMPLETED ? is_developed : job->state == QUEUE_PENDING && waits;
}

static jm_status on_job(void *user, const queue_job *job, int32_t old_state)
{
    struct approval_core *core = user;
    struct approval_photo photo;
    (void)old_state;
    if (job->photo == 0 || (job->state != QUEUE_COMPLETED && job->state != QUEUE_PENDING))
        return JM_OK;
    jm_status status = approval_photo_read(core, job->photo, &photo);
    bool moves = status == JM_OK && moves_queue(&photo, job);
    approval_photo_fini(&photo);
    if (!moves)
        return status == JM_ENOENT ? JM_OK : status;
    status = approval_sql(core, "INSERT OR IGNORE INTO approval_untold(id) VALUES(1)", NULL, 0,
                          NULL, NULL);
    return status == JM_OK ? arm(core, EVERY_MS) : status;
}

jm_status approval_follow_start(struct approval_core *core)
{
    const queue_service *queue = core->queue->table;
    if (queue == NULL || core->heard_generation == core->queue->generation)
        return JM_OK;
    jm_status status = queue->register_listener(core->queue->provider_data, JM_SPAN("develop"),
                                                on_job, core, &core->listener);
    if (status < 0)
        return approval_fail_as(core, status, queue->last_error(core->queue->provider_data));
    core->heard_generation = core->queue->generation;
    /* What was written down before this start. */
    return arm(core, EVERY_MS);
}

void approval_follow_stop(struct approval_core *core)
{
    const queue_service *queue = core->queue->table;
    if (queue != NULL && core->listener != 0)
        (void)queue->unregister(core->queue->provider_data, core->listener);
    if (core->tell_timer != 0)
        (void)core->api.timer->stop(core->api.host, core->tell_timer);
    core->listener = 0;
    core->heard_generation = 0;
    core->tell_timer = 0;
}
