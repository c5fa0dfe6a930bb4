/* The steps of the task `render`. Worker process only. */
#include "task/render.h"

#include "task/answer.h"
#include "task/develop.h"
#include "task/dng.h"
#include "task/file.h"
#include "task/metadata.h"
#include "task/picture.h"
#include "task/profile.h"
#include "task/raw.h"
#include "task/save.h"

#include <malloc.h>

jm_status render_setup(void)
{
    /* The libraries' helper threads would each reserve an arena out of the task's memory. */
    mallopt(M_ARENA_MAX, 1);
    jm_status status = picture_setup();
    if (status == JM_OK) {
        status = metadata_setup();
    }
    if (status == JM_OK) {
        status = profile_setup();
    }
    raw_setup();
    return status;
}

/* What is known of the outputs as they are done. */
struct rendering {
    struct source source;
    struct progress progress;
    enum maker maker;
    struct fault first; /* of the outputs that failed */
    size_t good;
};

static void render_pixels(struct rendering *rendering, const struct output *output,
                          struct size size, json_t *warnings, struct fault *fault)
{
    struct metadata metadata;
    save_check_size(output->format, size, fault);
    VipsImage *image =
        fault->status != JM_OK ? NULL : develop(&rendering->source, output, size, fault);
    if (image == NULL) {
        fault_set_vips(fault, JM_EINVAL, "the photograph cannot be rendered");
    } else {
        metadata_init(&metadata, rendering->source.file, &rendering->maker, output, size, warnings);
        progress_watch(&rendering->progress, image);
        save_picture(image, output, &metadata, warnings, fault);
        metadata_fini(&metadata);
        g_object_unref(image);
    }
    if (fault->status == JM_OK && file_bytes(output->fd) == 0) {
        fault_set(fault, JM_EIO, "the output is empty");
    }
}

/* One output's part of the answer. */
static json_t *render_output(struct rendering *rendering, const struct request *request,
                             size_t number)
{
    const struct output *output = &request->outputs[number];
    const char *format = format_name(output->format);
    struct size size = rendering->source.whole;
    json_t *warnings = json_array();
    json_t *answer = NULL;
    struct fault fault = {0};
    if (output->format == FORMAT_DNG) {
        dng_copy(&rendering->source, output, &fault);
    } else {
        size = size_of_output(output, size);
        render_pixels(rendering, output, size, warnings, &fault);
    }
    json_int_t fd = json_integer_value(
        json_object_get(json_array_get(json_object_get(request->json, "outputs"), number), "fd"));
    if (fault.status == JM_OK) {
        rendering->good++;
        answer = json_pack("{s:I, s:s, s:I, s:i, s:i, s:O}", "fd", fd, "format", format, "bytes",
                           (json_int_t)file_bytes(output->fd), "width", size.width, "height",
                           size.height, "warnings", warnings);
    } else {
        fault_set(&rendering->first, fault.status, "%s", fault.text);
        answer = json_pack("{s:I, s:s, s:s}", "fd", fd, "format", format, "error", fault.text);
    }
    json_decref(warnings);
    return answer;
}

static void render_outputs(struct rendering *rendering, const struct request *request,
                           struct fault *fault)
{
    const jm_task_run *run = rendering->progress.run;
    const struct source *source = &rendering->source;
    json_t *outputs = json_array();
    double share = (100 - rendering->progress.done_percent - rendering->progress.share_percent) /
                   (double)request->output_count;
    for (size_t i = 0; i < request->output_count && !rendering->progress.cancelled; i++) {
        progress_next(&rendering->progress, share);
        json_array_append_new(outputs, render_output(rendering, request, i));
    }
    if (progress_check(&rendering->progress, fault) && rendering->good == 0) {
        fault_set(fault, rendering->first.status, "%s", rendering->first.text);
    }
    if (fault->status != JM_OK) {
        json_decref(outputs);
        return;
    }
    answer_send(run,
                json_pack("{s:{s:i, s:i, s:s, s:s, s:O}, s:o}", "source", "width",
                          source->whole.width, "height", source->whole.height, "kind",
                          kind_name(source->kind), "profile", source->profile, "warnings",
                          source->warnings, "outputs", outputs),
                fault);
}

jm_status render_task(const jm_task_run *run)
{
    struct request request;
    struct fault fault = {0};
    struct rendering rendering = {.progress = {.run = run}};
    run->progress(run, 0, (jm_span){NULL, 0});
    request_init(&request, run, &fault);
    if (fault.status == JM_OK) {
        source_init(&rendering.source, &request, &rendering.progress, &fault);
        if (fault.status == JM_OK) {
            rendering.progress.share_percent = request.output_count > 1 ? 40 : 0;
            source_share(&rendering.source, &request, &rendering.progress, &fault);
        }
        if (fault.status == JM_OK) {
            render_outputs(&rendering, &request, &fault);
        } else {
            progress_check(&rendering.progress, &fault);
        }
        source_fini(&rendering.source);
    }
    request_fini(&request);
    vips_error_clear();
    malloc_trim(0);
    return answer_status(run, &fault);
}
