/* The listener only notes which batches have changed; a timer looks at them, so that a thousand jobs
 * in a moment are one progress event. Whether a batch has ended is asked of the store, so that it is
 * found out once, also after a kill or a turn that was taken back. */
#include "follow.h"

#include "events.h"
#include "services.h"

#include <math.h>

#define EVERY_MS 200
#define RETRY_MS 1000
/* Below this much time an estimate would be a guess. */
#define ETA_FROM_MS 500

/* A batch that is open, or was when it was looked at. */
struct watch {
    char id[BATCH_ID_SIZE];
    bool changed;
    bool measured;        /* the rest is set */
    uint64_t from_ms;     /* monotonic: since then */
    int64_t from_settled; /* this many were done then */
};

static jm_status on_follow(void *user, jm_id timer);

static jm_status arm(struct batch_core *core, uint64_t delay_ms)
{
    if (core->follow_timer != 0)
        return JM_OK;
    return core->api.timer->start(core->api.host, "follow batches", delay_ms, 0, on_follow, core,
                                  &core->follow_timer);
}

static struct watch *find(const struct batch_core *core, jm_span id)
{
    for (size_t i = 0; i < core->watch_count; i++) {
        if (jm_span_is(id, core->watches[i].id))
            return &core->watches[i];
    }
    return NULL;
}

static struct watch *add(struct batch_core *core, jm_span id)
{
    if (core->watch_count == core->watch_capacity) {
        size_t capacity = core->watch_capacity * 2 + 8;
        struct watch *more = realloc(core->watches, capacity * sizeof(*more));
        if (more == NULL)
            return NULL;
        core->watches = more;
        core->watch_capacity = capacity;
    }
    struct watch *watch = &core->watches[core->watch_count++];
    *watch = (struct watch){.changed = false};
    snprintf(watch->id, sizeof(watch->id), "%.*s", JM_SPAN_ARGS(id));
    return watch;
}

jm_status batch_follow(struct batch_core *core, jm_span id)
{
    struct watch *watch = find(core, id);
    if (watch == NULL)
        watch = add(core, id);
    if (watch == NULL)
        return JM_ENOMEM;
    watch->changed = true;
    return arm(core, EVERY_MS);
}

static jm_status on_job(void *user, const queue_job *job, int32_t old_state)
{
    (void)old_state;
    bool is_ours = job->group.len == BATCH_ID_SIZE - 1 && memcmp(job->group.ptr, "batch_", 6) == 0;
    return is_ours ? batch_follow(user, job->group) : JM_OK;
}

static jm_status follow_row(void *user, const jm_value *columns, size_t count)
{
    (void)count;
    return batch_follow(user, columns[0].bytes);
}

static int64_t settled(const struct batch_progress *progress)
{
    return progress->processed + progress->failed + progress->cancelled;
}

/* Seconds until the end at the rate since the watch began; negative where that is unknown. */
static double estimate(const struct batch_core *core, struct watch *watch,
                       const struct batch *batch, const struct batch_progress *progress)
{
    uint64_t now_ms = core->api.clock->monotonic_ms(core->api.host);
    if (!watch->measured || !batch_is(batch, "running")) {
        watch->measured = batch_is(batch, "running");
        watch->from_ms = now_ms;
        watch->from_settled = settled(progress);
        return -1;
    }
    double done = (double)(settled(progress) - watch->from_settled);
    double elapsed_ms = (double)(now_ms - watch->from_ms);
    if (done <= 0 || elapsed_ms < ETA_FROM_MS)
        return -1;
    double left = (double)(batch->total - settled(progress));
    return round(elapsed_ms / done * left / 100) / 10;
}

jm_status batch_settle(const struct batch_core *core, struct batch *batch,
                       struct batch_progress *progress_out)
{
    bool waits = false;
    const char *what = NULL;
    jm_status status = batch_progress_read(core, batch, progress_out);
    if (status == JM_OK)
        status = batch_has_parts(core, batch, &waits);
    if (status < 0)
        return status;
    bool has_work = waits || progress_out->has_open_jobs;
    if (!has_work && batch->completed_ms == 0) {
        what = "batch_completed";
        status = batch_set_status(core, batch, "completed");
    } else if (has_work && batch_is(batch, "completed")) {
        what = "batch_resumed";
        status = batch_set_status(core, batch, "running");
    }
    if (status == JM_OK && what != NULL)
        status = batch_progress_read(core, batch, progress_out);
    if (status == JM_OK && what != NULL)
        status = batch_event_progress(core, batch, progress_out, -1);
    return status == JM_OK && what != NULL ? batch_event_status(core, what, batch, progress_out)
                                           : status;
}

/* Look at one batch; *done_out is set where it need not be watched any more. */
static jm_status look(const struct batch_core *core, struct watch *watch, bool *done_out)
{
    struct batch batch;
    struct batch_progress progress;
    jm_status status = batch_load(core, jm_span_of(watch->id), &batch);
    *done_out = status == JM_ENOENT;
    if (status == JM_ENOENT)
        return JM_OK;
    bool was_open = batch.completed_ms == 0;
    if (status == JM_OK)
        status = batch_settle(core, &batch, &progress);
    if (status < 0)
        return status;
    *done_out = batch.completed_ms != 0;
    if (*done_out || !was_open)
        return JM_OK;
    return batch_event_progress(core, &batch, &progress, estimate(core, watch, &batch, &progress));
}

/* The turn's end: where it was taken back, nothing of it counts. */
static jm_status followed(void *user, jm_status status)
{
    struct batch_core *core = user;
    return status < 0 ? batch_each_open(core, follow_row, core) : JM_OK;
}

static jm_status on_follow(void *user, jm_id timer)
{
    struct batch_core *core = user;
    jm_status status = core->api.store->after_commit(core->api.host, followed, core);
    size_t kept = 0;
    (void)timer;
    core->follow_timer = 0;
    for (size_t i = 0; i < core->watch_count; i++) {
        bool done = false;
        if (core->watches[i].changed && status == JM_OK)
            status = look(core, &core->watches[i], &done);
        core->watches[i].changed = core->watches[i].changed && status < 0;
        if (!done)
            core->watches[kept++] = core->watches[i];
    }
    core->watch_count = kept;
    if (status < 0) {
        /* What this call has written is taken back, so that all are to be looked at again. */
        (void)arm(core, RETRY_MS);
        (void)batch_each_open(core, follow_row, core);
    }
    return status;
}

jm_status batch_follow_start(struct batch_core *core)
{
    const queue_service *queue;
    jm_status status = batch_queue(core, &queue);
    if (status == JM_OK)
        status = batch_queue_result(core, queue->register_listener(core->queue->provider_data,
                                                                   JM_SPAN("*"), on_job, core,
                                                                   &core->listener));
    return status == JM_OK ? batch_each_open(core, follow_row, core) : status;
}

void batch_follow_stop(struct batch_core *core)
{
    const queue_service *queue = core->queue->table;
    if (queue != NULL && core->listener != 0)
        (void)queue->unregister(core->queue->provider_data, core->listener);
    if (core->follow_timer != 0)
        (void)core->api.timer->stop(core->api.host, core->follow_timer);
    core->listener = 0;
    core->follow_timer = 0;
}
