/* Runs: which there are, and which begins next. */
#include "run.h"

#include "jobs.h"
#include "steps.h"

#include <stdlib.h>

static struct export_run *run_new(struct export_core *core, int64_t photo_id, json_t *photo_take)
{
    struct export_run *run = calloc(1, sizeof *run);
    if (run == NULL) {
        json_decref(photo_take);
        return NULL;
    }
    *run = (struct export_run){
        .core = core, .photo_id = photo_id, .photo = photo_take, .source_fd = -1};
    struct export_run **link = &core->runs;
    while (*link != NULL)
        link = &(*link)->next;
    *link = run;
    return run;
}

void export_run_free(struct export_run *run)
{
    struct export_run **link = &run->core->runs;
    while (*link != run)
        link = &(*link)->next;
    *link = run->next;
    for (size_t i = 0; i < run->count; i++)
        export_output_free(run->outputs[i]);
    json_decref(run->photo);
    free(run);
}

static struct export_run *find_waiting(const struct export_core *core, int64_t photo)
{
    struct export_run *run = core->runs;
    while (run != NULL && (run->photo_id != photo || run->stage != RUN_WAITING ||
                           run->count == EXPORT_RUN_OUTPUTS))
        run = run->next;
    return run;
}

struct export_output *export_run_find(const struct export_core *core, jm_span job, jm_span lease,
                                      struct export_run **run_out)
{
    for (struct export_run *run = core->runs; run != NULL; run = run->next) {
        for (size_t i = 0; i < run->count; i++) {
            struct export_output *output = run->outputs[i];
            if (jm_span_is(job, output->job) &&
                (jm_span_absent(lease) || jm_span_is(lease, output->lease))) {
                *run_out = run;
                return output;
            }
        }
    }
    return NULL;
}

/* The output of a job, out of its config; NULL with a sentence. */
static struct export_output *read_job(struct export_core *core, jm_span job, jm_span lease,
                                      const json_t *config)
{
    json_t *preset = NULL;
    const char *stem = export_preset_text(config, "stem");
    jm_status status = export_preset_revision(core, export_preset_int(config, "revision"), &preset);
    if (status < 0)
        return NULL;
    struct export_output *output = export_output_new(job, lease, stem, preset);
    if (output == NULL)
        (void)export_fail(core, JM_ENOMEM, "out of memory");
    else if (export_record_find(core, output->job, &output->before) < 0)
        output->before.known = false;
    return output;
}

/* Tell the queue that a job cannot be done, in the words of the last failure. */
static jm_status refuse(struct export_core *core, jm_span job, jm_span lease, jm_status why)
{
    const queue_service *queue = export_queue(core);
    char sentence[JM_SENTENCE_BYTES + 1];
    bool is_final = why == JM_ENOENT;
    snprintf(sentence, sizeof sentence, "%.*s",
             JM_SPAN_ARGS(core->api.error->last(core->api.host)));
    return queue->fail(export_queue_data(core), job, lease, jm_span_of(sentence),
                       (jm_span){NULL, 0}, is_final);
}

static jm_status add_output(struct export_core *core, int64_t photo,
                            struct export_output *output_take, size_t siblings)
{
    json_t *json = NULL;
    struct export_run *run = find_waiting(core, photo);
    jm_status status = run == NULL ? export_photo_read(core, photo, &json) : JM_OK;
    if (status == JM_OK && run == NULL) {
        run = run_new(core, photo, json);
        status = run == NULL ? export_fail(core, JM_ENOMEM, "out of memory") : JM_OK;
    }
    if (status < 0) {
        export_output_free(output_take);
        return status;
    }
    run->outputs[run->count++] = output_take;
    run->wanted = siblings > run->wanted ? siblings : run->wanted;
    export_runs_pump_soon(core);
    return JM_OK;
}

jm_status export_run_add(struct export_core *core, jm_span job, jm_span lease, int64_t photo,
                         jm_span config, bool leased)
{
    struct export_run *run;
    if (export_run_find(core, job, (jm_span){NULL, 0}, &run) != NULL)
        return refuse(core, job, lease,
                      export_fail(core, JM_EBUSY, "its attempt before has not ended yet"));
    json_t *json = json_loadb(config.ptr, config.len, 0, NULL);
    struct export_output *output = read_job(core, job, lease, json);
    int64_t siblings = export_preset_int(json, "siblings");
    json_decref(json);
    if (output != NULL)
        output->leased = leased;
    jm_status status =
        output == NULL ? JM_ENOENT : add_output(core, photo, output, (size_t)siblings);
    return status < 0 ? refuse(core, job, lease, status) : JM_OK;
}

/* Jobs that were leased, one at a time. */
static void take_leased(void *user, jm_span text)
{
    json_t **job_out = user;
    *job_out = json_loadb(text.ptr, text.len, 0, NULL);
}

/* The next job of the queue, whichever it is. False where there is none. */
static bool lease_one(struct export_core *core, int64_t *photo_out)
{
    const queue_service *queue = export_queue(core);
    json_t *job = NULL;
    jm_status status = queue->lease(export_queue_data(core), JM_SPAN(EXPORT_KIND_LOCAL),
                                    JM_SPAN(EXPORT_LEASE_HOLDER), core->options.wall_ms + 600000,
                                    take_leased, &job);
    if (status < 0 || job == NULL)
        return false;
    jm_span config = jm_json_dump(json_object_get(job, "config"));
    *photo_out = export_preset_int(job, "photo_id");
    (void)export_run_add(core, jm_span_of(export_preset_text(job, "id")),
                         jm_span_of(export_preset_text(job, "lease")), *photo_out, config, true);
    free((char *)config.ptr);
    json_decref(job);
    return true;
}

static size_t count_outputs(const struct export_core *core)
{
    size_t count = 0;
    for (const struct export_run *run = core->runs; run != NULL; run = run->next)
        count += run->count;
    return count;
}

/* Jobs of one photograph come into the queue together, so its siblings are the next that are due. What
 * is due before them is begun as well, as far as that is allowed, and rendered when its turn is. */
static void gather_siblings(struct export_run *run)
{
    struct export_core *core = run->core;
    int64_t photo = run->photo_id;
    while (run->count < run->wanted && run->count < EXPORT_RUN_OUTPUTS && photo == run->photo_id &&
           count_outputs(core) < (size_t)core->options.jobs) {
        if (!lease_one(core, &photo))
            return;
    }
}

/* A place of the queue is for one job, and a photograph may hold several: then others are begun in their
 * stead, so that as many photographs are rendered at once as the queue allows jobs. */
static void fill_places(struct export_core *core)
{
    int64_t photo;
    int32_t runs = 0;
    int32_t places = 0;
    for (const struct export_run *run = core->runs; run != NULL; run = run->next) {
        runs++;
        for (size_t i = 0; i < run->count; i++)
            places += !run->outputs[i]->leased;
    }
    int32_t most = places < core->options.renders ? places : core->options.renders;
    for (; runs < most && count_outputs(core) < (size_t)core->options.jobs; runs++) {
        if (!lease_one(core, &photo))
            return;
    }
}

static struct export_run *next_waiting(const struct export_core *core)
{
    struct export_run *run = core->runs;
    while (run != NULL && run->stage != RUN_WAITING)
        run = run->next;
    return run;
}

static int32_t count_active(const struct export_core *core)
{
    int32_t count = 0;
    for (const struct export_run *run = core->runs; run != NULL; run = run->next)
        count += run->stage != RUN_WAITING && run->stage != RUN_REPORTING;
    return count;
}

/* What the queue could not be told while it was away, and what was cancelled before it began. */
static void tidy(struct export_core *core)
{
    for (struct export_run *run = core->runs; run != NULL;) {
        struct export_run *next = run->next;
        if (run->stage == RUN_REPORTING)
            export_step_report(run);
        else if (run->stage == RUN_WAITING)
            export_step_drop_cancelled(run);
        run = next;
    }
}

void export_runs_pump(struct export_core *core)
{
    struct export_run *run;
    if (export_queue(core) == NULL)
        return;
    tidy(core);
    while (core->active && count_active(core) < core->options.renders &&
           (run = next_waiting(core)) != NULL) {
        gather_siblings(run);
        export_step_open(run);
        fill_places(core);
    }
}

static jm_status on_pump(void *user, jm_id timer)
{
    struct export_core *core = user;
    (void)timer;
    core->pump_is_due = false;
    export_runs_pump(core);
    return JM_OK;
}

void export_runs_pump_soon(struct export_core *core)
{
    jm_id timer;
    if (core->pump_is_due || !core->active)
        return;
    core->pump_is_due = core->api.timer->start(core->api.host, "begin exports", 0, 0, on_pump, core,
                                               &timer) == JM_OK;
}

static bool is_wanted(const struct export_run *run)
{
    for (size_t i = 0; i < run->count; i++) {
        if (!run->outputs[i]->cancelled)
            return true;
    }
    return false;
}

void export_run_cancel(struct export_run *run, struct export_output *output)
{
    const struct export_core *core = run->core;
    output->cancelled = true;
    export_runs_pump_soon(run->core);
    if (run->stage == RUN_RENDERING && !is_wanted(run))
        (void)core->api.task->cancel(core->api.host, run->task);
}

void export_runs_stop(struct export_core *core)
{
    for (struct export_run *run = core->runs; run != NULL;) {
        struct export_run *next = run->next;
        if (run->stage == RUN_RENDERING)
            (void)core->api.task->cancel(core->api.host, run->task);
        if (run->stage == RUN_WAITING && export_queue(core) != NULL)
            export_step_report(run);
        run = next;
    }
}
