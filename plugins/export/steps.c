/* OPENING, RENDERING, PLACING. */
#include "steps.h"

#include "events.h"
#include "output_files.h"
#include "preset_fields.h"
#include "request.h"

#include <unistd.h>

#define TELL_EVERY_MS 250

static void place(struct export_run *run);

static void fail_all(struct export_run *run, bool is_final, jm_span reason)
{
    for (size_t i = 0; i < run->count; i++) {
        if (run->outputs[i]->state == OUTPUT_OPEN)
            export_output_fail(run->outputs[i], is_final, "%.*s", JM_SPAN_ARGS(reason));
    }
}

static bool has_open(const struct export_run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        if (run->outputs[i]->state == OUTPUT_OPEN && !run->outputs[i]->cancelled)
            return true;
    }
    return false;
}

/* Whether another attempt may go better: the file is not to blame, or it is not certain. */
static bool is_final(jm_status status)
{
    return status == JM_EINVAL || status == JM_EUNSUPPORTED;
}

static jm_status on_progress(void *user, jm_id task, double percent, jm_span detail_json)
{
    struct export_run *run = user;
    struct export_core *core = run->core;
    const queue_service *queue = export_queue(core);
    uint64_t now_ms = core->api.clock->monotonic_ms(core->api.host);
    (void)task;
    (void)detail_json;
    if (queue == NULL || now_ms - run->told_ms < TELL_EVERY_MS)
        return JM_OK;
    run->told_ms = now_ms;
    for (size_t i = 0; i < run->count; i++) {
        const struct export_output *output = run->outputs[i];
        if (!output->asked || output->cancelled)
            continue;
        (void)queue->progress(export_queue_data(core), jm_span_of(output->job),
                              jm_span_of(output->lease), JM_SPAN("exporting"), percent,
                              (jm_span){NULL, 0}, (jm_span){NULL, 0});
        export_event_progress(core, run, output, percent);
    }
    return JM_OK;
}

static jm_status on_rendered(void *user, jm_id task, jm_status status, jm_span text)
{
    struct export_run *run = user;
    (void)task;
    if (status == JM_OK)
        export_request_answer(run, text);
    else
        fail_all(run, is_final(status), text);
    place(run);
    return JM_OK;
}

static jm_status start_task(struct export_run *run)
{
    const struct export_core *core = run->core;
    int fds[JM_TASK_MAX_FDS];
    char label[320];
    jm_task task = {
        .size = sizeof task,
        .priority = JM_TASK_NORMAL,
        .name = "render",
        .label = label,
        .fds = fds,
        .wall_ms = core->options.wall_ms,
        .memory_mib = core->options.memory_mib,
        .progress = on_progress,
        .done = on_rendered,
        .user = run,
    };
    snprintf(label, sizeof label, "export %.256s", export_preset_text(run->photo, "file_name"));
    task.request = export_request_make(run, fds, &task.fd_count);
    if (jm_span_absent(task.request))
        return export_fail(core, JM_ENOMEM, "out of memory");
    jm_status status = core->api.task->run(core->api.host, &task, &run->task);
    free((char *)task.request.ptr);
    return status;
}

/* What is being made is remembered before anything is made: the worker's answer comes in a later turn,
 * and no file gets its name before that. */
static void remember(struct export_run *run)
{
    struct export_core *core = run->core;
    for (size_t i = 0; i < run->count; i++) {
        struct export_output *output = run->outputs[i];
        if (output->state != OUTPUT_OPEN || output->cancelled)
            continue;
        output->record.started_ms = core->api.clock->utc_ms(core->api.host);
        if (export_record_save(core, output->job, &output->record) < 0)
            export_output_fail(output, false, "the export cannot be entered into the store: %.*s",
                               JM_SPAN_ARGS(core->api.error->last(core->api.host)));
    }
}

static jm_status on_opened(void *user, jm_id work, jm_status status)
{
    struct export_run *run = user;
    const struct export_core *core = run->core;
    (void)work;
    if (status < 0)
        fail_all(run, false, JM_SPAN("exports are not made now"));
    else if (run->source_fd < 0)
        fail_all(run, false, jm_span_of(run->reason));
    remember(run);
    run->stage = RUN_RENDERING;
    if (!has_open(run)) {
        place(run);
    } else if (start_task(run) < 0) {
        fail_all(run, false, core->api.error->last(core->api.host));
        place(run);
    }
    return JM_OK;
}

static jm_status run_open(void *user)
{
    struct export_run *run = user;
    run->source_fd = export_source_open(export_preset_text(run->photo, "file_path"), run->reason);
    for (size_t i = 0; i < run->count; i++)
        export_output_open(run->core, run->outputs[i]);
    return JM_OK;
}

void export_step_open(struct export_run *run)
{
    const struct export_core *core = run->core;
    jm_id work;
    run->stage = RUN_OPENING;
    for (size_t i = 0; i < run->count; i++)
        export_event_started(core, run, run->outputs[i]);
    if (core->api.work->submit(core->api.host, "open what is exported", run_open, on_opened, run,
                               &work) < 0)
        (void)on_opened(run, 0, JM_EBUSY);
}

static jm_status run_place(void *user)
{
    struct export_run *run = user;
    for (size_t i = 0; i < run->count; i++) {
        export_output_place(run->outputs[i]);
        export_output_close(run->outputs[i]);
    }
    if (run->source_fd >= 0)
        close(run->source_fd);
    run->source_fd = -1;
    return JM_OK;
}

static jm_status on_placed(void *user, jm_id work, jm_status status)
{
    struct export_run *run = user;
    struct export_core *core = run->core;
    (void)work;
    if (status < 0)
        (void)run_place(run);
    run->stage = RUN_REPORTING;
    export_step_report(run);
    export_runs_pump(core);
    return JM_OK;
}

static void place(struct export_run *run)
{
    const struct export_core *core = run->core;
    jm_id work;
    run->stage = RUN_PLACING;
    for (size_t i = 0; i < run->count; i++) {
        if (run->outputs[i]->cancelled)
            export_output_fail(run->outputs[i], false, "the export was cancelled");
    }
    if (core->api.work->submit(core->api.host, "put exports in their place", run_place, on_placed,
                               run, &work) < 0)
        (void)on_placed(run, 0, JM_EBUSY);
}
