/* Executor and listeners. */
#include "executor.h"

#include "history.h"
#include "steps.h"

static jm_status start(void *user, const queue_job *job)
{
    return export_run_add(user, job->id, job->lease, job->photo, job->config, false);
}

static void cancel(void *user, jm_span job, jm_span lease)
{
    struct export_run *run;
    struct export_output *output = export_run_find(user, job, lease, &run);
    if (output != NULL)
        export_run_cancel(run, output);
}

static jm_status register_all(struct export_core *core)
{
    static const char *const kinds[EXPORT_KINDS] = {EXPORT_KIND_LOCAL, EXPORT_KIND_REMOTE};
    const queue_service *queue = export_queue(core);
    const queue_executor executor = {
        .size = sizeof executor,
        .concurrency = core->options.jobs,
        .kind = EXPORT_KIND_LOCAL,
        .label = "libvips in junmai-worker",
        .start = start,
        .cancel = cancel,
        .user = core,
    };
    jm_status status =
        queue->register_executor(export_queue_data(core), &executor, &core->executor);
    for (size_t i = 0; status == JM_OK && i < EXPORT_KINDS; i++)
        status = queue->register_listener(export_queue_data(core), jm_span_of(kinds[i]),
                                          export_on_job, core, &core->listeners[i]);
    return status;
}

jm_status export_executor_attach(struct export_core *core)
{
    const queue_service *queue = export_queue(core);
    if (queue == NULL || core->attached == core->queue_slot->generation)
        return JM_OK;
    jm_status status = register_all(core);
    if (status < 0)
        return core->api.error->set(core->api.host, status,
                                    queue->last_error(export_queue_data(core)));
    core->attached = core->queue_slot->generation;
    /* What an earlier life has leased. */
    if (core->runs == NULL)
        (void)queue->release_holder(export_queue_data(core), JM_SPAN(EXPORT_LEASE_HOLDER));
    return JM_OK;
}

void export_executor_detach(struct export_core *core)
{
    const queue_service *queue = export_queue(core);
    if (queue != NULL && core->attached == core->queue_slot->generation) {
        (void)queue->unregister(export_queue_data(core), core->executor);
        for (size_t i = 0; i < EXPORT_KINDS; i++)
            (void)queue->unregister(export_queue_data(core), core->listeners[i]);
    }
    core->attached = 0;
}
