/* REPORTING: what has become of a run's jobs. Loop thread. */
#include "preset_fields.h"
#include "steps.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* A file that must go. */
struct leftover {
    struct export_core *core;
    char path[PATH_MAX + NAME_MAX + 2];
};

static jm_status run_unlink(void *user)
{
    struct leftover *leftover = user;
    (void)unlink(leftover->path);
    return JM_OK;
}

static jm_status on_unlinked(void *user, jm_id work, jm_status status)
{
    (void)work;
    (void)status;
    free(user);
    return JM_OK;
}

void export_unlink(struct export_core *core, const char *path)
{
    jm_id work;
    struct leftover *leftover = calloc(1, sizeof *leftover);
    if (leftover == NULL)
        return;
    leftover->core = core;
    snprintf(leftover->path, sizeof leftover->path, "%s", path);
    if (core->api.work->submit(core->api.host, "remove what an export has left", run_unlink,
                               on_unlinked, leftover, &work) < 0)
        free(leftover);
}

static jm_span result_text(const struct export_output *output)
{
    json_t *result = json_pack("{s:s, s:I}", "output_path", output->record.path, "file_size",
                               (json_int_t)output->bytes);
    if (output->width > 0) {
        json_object_set_new(result, "width", json_integer(output->width));
        json_object_set_new(result, "height", json_integer(output->height));
    }
    json_object_set(result, "format", json_object_get(output->preset, "format"));
    if (output->skipped)
        json_object_set_new(result, "skipped", json_true());
    if (json_array_size(output->warnings) > 0)
        json_object_set(result, "warnings", output->warnings);
    jm_span text = jm_json_dump(result);
    json_decref(result);
    return text;
}

/* The queue has not taken it: the attempt had ended for it before. Its file goes again. */
static void take_back(struct export_core *core, const struct export_output *output)
{
    if (output->state == OUTPUT_PLACED)
        export_unlink(core, output->record.path);
}

static void report_done(struct export_core *core, const struct export_output *output)
{
    const queue_service *queue = export_queue(core);
    jm_span result = result_text(output);
    jm_status status = jm_span_absent(result)
                           ? JM_ENOMEM
                           : queue->complete(export_queue_data(core), jm_span_of(output->job),
                                             jm_span_of(output->lease), result);
    free((char *)result.ptr);
    if (status < 0) {
        jm_span why = queue->last_error(export_queue_data(core));
        export_log(core, JM_LOG_WARNING, "the queue did not take export %s: %.*s", output->job,
                   JM_SPAN_ARGS(why));
        take_back(core, output);
    }
}

static void report_failed(struct export_core *core, const struct export_output *output)
{
    const queue_service *queue = export_queue(core);
    const char *sentence = output->state == OUTPUT_FAILED
                               ? output->reason
                               : "the export was ended before it was finished";
    if (output->cancelled)
        take_back(core, output);
    (void)queue->fail(export_queue_data(core), jm_span_of(output->job), jm_span_of(output->lease),
                      jm_span_of(sentence), (jm_span){NULL, 0}, output->is_final);
}

/* One that never began leaves what is known of an earlier attempt to the next one. */
static void report_one(struct export_core *core, const struct export_output *output, bool begun)
{
    bool is_done = output->state == OUTPUT_PLACED || output->state == OUTPUT_FOUND;
    if (is_done && !output->cancelled)
        report_done(core, output);
    else
        report_failed(core, output);
    if (!begun)
        return;
    (void)export_record_remove(core, output->job);
    export_paths_give(&core->paths, output->job);
}

void export_step_report(struct export_run *run)
{
    struct export_core *core = run->core;
    if (export_queue(core) == NULL)
        return;
    for (size_t i = 0; i < run->count; i++)
        report_one(core, run->outputs[i], run->stage == RUN_REPORTING);
    export_run_free(run);
}

void export_step_drop_cancelled(struct export_run *run)
{
    size_t kept = 0;
    for (size_t i = 0; i < run->count; i++) {
        if (run->outputs[i]->cancelled) {
            report_one(run->core, run->outputs[i], false);
            export_output_free(run->outputs[i]);
        } else {
            run->outputs[kept++] = run->outputs[i];
        }
    }
    run->count = kept;
    if (kept == 0)
        export_run_free(run);
}
