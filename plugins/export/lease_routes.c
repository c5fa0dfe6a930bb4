/* The routes of a client that renders itself, as Lightroom may: what is next, and what has become of it.
 * The disk is touched on the pool. Loop thread. */
#include "events.h"
#include "jobs.h"
#include "output_files.h"
#include "routes.h"

#include <junmai/sdk/routes.h>
#include <stdlib.h>
#include <sys/stat.h>

#define HOLDER_BYTES 128
#define TEXT_BYTES 2048

/* A client that asks for a job, from its question to the answer. */
struct asking {
    struct export_core *core;
    jm_id request;
    char holder[HOLDER_BYTES];
    json_t *job; /* as the queue has it, with its lease */
    json_t *photo;
    struct export_output *output;
};

static jm_status ask_next(struct asking *asking);

/* The job that is being looked at is done with. */
static void forget_job(struct asking *asking)
{
    if (asking->output != NULL) {
        export_output_close(asking->output);
        export_output_free(asking->output);
    }
    json_decref(asking->job);
    json_decref(asking->photo);
    asking->output = NULL;
    asking->job = NULL;
    asking->photo = NULL;
}

static void asking_free(struct asking *asking)
{
    forget_job(asking);
    free(asking);
}

static json_t *expanded(const struct asking *asking, const char *field)
{
    char text[TEXT_BYTES];
    const json_t *preset = asking->output->preset;
    const struct export_values values = export_values_of(asking->photo, preset, 0);
    export_template_expand(export_preset_text(preset, field), &values, text, sizeof text);
    return json_string(text);
}

static json_t *config_of(const struct asking *asking)
{
    static const char *const same[] = {
        "format",          "quality",        "max_dimension",      "color_space",
        "resize_mode",     "sharpen_amount", "sharpen_for_screen", "watermark_enabled",
        "metadata_include"};
    const struct export_output *output = asking->output;
    json_t *catalog_id = json_object_get(asking->photo, "lr_catalog_id");
    json_t *config =
        json_pack("{s:s, s:O, s:O, s:o, s:s, s:o, s:o}", "job_id", output->job, "photo_id",
                  json_object_get(asking->photo, "id"), "photo_path",
                  json_object_get(asking->photo, "file_path"), "lr_catalog_id",
                  catalog_id == NULL ? json_null() : json_incref(catalog_id), "export_path",
                  output->record.path, "watermark_text", expanded(asking, "watermark_text"),
                  "metadata_copyright", expanded(asking, "metadata_copyright"));
    for (size_t i = 0; i < JM_COUNT(same); i++)
        json_object_set(config, same[i], json_object_get(output->preset, same[i]));
    return config;
}

static jm_status answer_job(struct asking *asking)
{
    struct export_core *core = asking->core;
    struct export_output *output = asking->output;
    output->record.part[0] = '\0';
    output->record.started_ms = core->api.clock->utc_ms(core->api.host);
    jm_status status = export_record_save(core, output->job, &output->record);
    if (status < 0) {
        (void)export_refuse(core, asking->request, 503, "the export cannot be given out now: %.*s",
                            JM_SPAN_ARGS(core->api.error->last(core->api.host)));
        return status;
    }
    export_event_leased(core, output->job, export_preset_int(asking->photo, "id"),
                        export_preset_text(output->preset, "name"),
                        export_preset_text(output->preset, "destination"));
    return export_answer(core, asking->request, 200,
                         json_pack("{s:o, s:o, s:s}", "job", export_xjob(core, asking->job),
                                   "config", config_of(asking), "lease", output->lease));
}

/* The job cannot be given to anybody: it ends, and does not stop the others. */
static void settle_alone(struct asking *asking, const char *sentence, bool is_final)
{
    struct export_core *core = asking->core;
    const queue_service *queue = export_queue(core);
    if (queue == NULL)
        return;
    (void)queue->fail(export_queue_data(core), jm_span_of(export_preset_text(asking->job, "id")),
                      jm_span_of(export_preset_text(asking->job, "lease")), jm_span_of(sentence),
                      (jm_span){NULL, 0}, is_final);
}

static void skip_found(struct asking *asking)
{
    struct export_core *core = asking->core;
    const queue_service *queue = export_queue(core);
    const struct export_output *output = asking->output;
    json_t *result = json_pack("{s:s, s:I, s:b}", "output_path", output->record.path, "file_size",
                               (json_int_t)output->bytes, "skipped", 1);
    jm_span text = jm_json_dump(result);
    if (queue != NULL && !jm_span_absent(text))
        (void)queue->complete(export_queue_data(core), jm_span_of(output->job),
                              jm_span_of(output->lease), text);
    free((char *)text.ptr);
    json_decref(result);
}

static jm_status on_settled(void *user, jm_id work, jm_status status)
{
    struct asking *asking = user;
    struct export_output *output = asking->output;
    (void)work;
    if (status < 0)
        export_output_fail(output, false, "exports are not made now");
    if (output->state == OUTPUT_OPEN) {
        status = answer_job(asking);
        asking_free(asking);
        return status;
    }
    if (output->state == OUTPUT_FOUND)
        skip_found(asking);
    else
        settle_alone(asking, output->reason, output->is_final);
    forget_job(asking);
    return ask_next(asking);
}

static jm_status run_settle(void *user)
{
    struct asking *asking = user;
    export_output_settle(asking->core, asking->output);
    return JM_OK;
}

/* What is needed to tell the client; false with a sentence where the job's photograph is gone. */
static bool read_job(struct asking *asking)
{
    struct export_core *core = asking->core;
    const json_t *config = json_object_get(asking->job, "config");
    json_t *preset = NULL;
    jm_status status =
        export_photo_read(core, export_preset_int(asking->job, "photo_id"), &asking->photo);
    if (status == JM_OK)
        status = export_preset_revision(core, export_preset_int(config, "revision"), &preset);
    if (status < 0)
        return false;
    asking->output = export_output_new(jm_span_of(export_preset_text(asking->job, "id")),
                                       jm_span_of(export_preset_text(asking->job, "lease")),
                                       export_preset_text(config, "stem"), preset);
    return asking->output != NULL;
}

/* The next job of either kind; JM_ENOENT where none waits. */
static jm_status lease(struct asking *asking)
{
    const struct export_core *core = asking->core;
    const queue_service *queue = export_queue(core);
    jm_status status = queue->lease(export_queue_data(core), JM_SPAN(EXPORT_KIND_REMOTE),
                                    jm_span_of(asking->holder), 0, export_take_json, &asking->job);
    if (status == JM_ENOENT)
        status = queue->lease(export_queue_data(core), JM_SPAN(EXPORT_KIND_LOCAL),
                              jm_span_of(asking->holder), 0, export_take_json, &asking->job);
    return status;
}

static jm_status end_asking(struct asking *asking, jm_status status)
{
    const struct export_core *core = asking->core;
    jm_id request = asking->request;
    asking_free(asking);
    if (status == JM_ENOENT)
        return export_answer(core, request, 200, export_message("No pending export jobs"));
    return export_refuse(core, request, 503, "exports are not given out now; try again");
}

static jm_status ask_next(struct asking *asking)
{
    struct export_core *core = asking->core;
    jm_id work;
    while (core->active && export_queue(core) != NULL) {
        jm_status status = lease(asking);
        if (status < 0)
            return end_asking(asking, status);
        if (read_job(asking)) {
            status = core->api.work->submit(core->api.host, "name an export", run_settle,
                                            on_settled, asking, &work);
            return status < 0 ? end_asking(asking, status) : JM_OK;
        }
        char sentence[JM_SENTENCE_BYTES + 1];
        snprintf(sentence, sizeof sentence, "%.*s",
                 JM_SPAN_ARGS(core->api.error->last(core->api.host)));
        settle_alone(asking, sentence, true);
        forget_job(asking);
    }
    return end_asking(asking, JM_EBUSY);
}

static jm_status on_next(void *user, const jm_request *request)
{
    struct export_core *core = user;
    jm_span client = JM_SPAN("client");
    struct asking *asking = calloc(1, sizeof *asking);
    if (asking == NULL)
        return export_fail(core, JM_ENOMEM, "out of memory");
    asking->core = core;
    asking->request = request->id;
    (void)core->api.http->get_query(core->api.host, request->id, "client_id", &client);
    client = jm_span_cut(client, HOLDER_BYTES - 16);
    snprintf(asking->holder, sizeof asking->holder, "export %.*s", JM_SPAN_ARGS(client));
    return ask_next(asking);
}

/* What a client says of a job that it has leased. */
struct report {
    struct export_core *core;
    jm_id request;
    char job[QUEUE_ID_SIZE];
    char *lease;
    char path[PATH_MAX];
    int64_t bytes; /* of the file, 0 where this host does not see it */
};

static void report_free(struct report *report)
{
    free(report->lease);
    free(report);
}

static jm_status run_look(void *user)
{
    struct report *report = user;
    struct stat info;
    if (stat(report->path, &info) == 0 && S_ISREG(info.st_mode))
        report->bytes = info.st_size;
    return JM_OK;
}

static jm_status answer_report(const struct export_core *core, jm_id request, const char *job,
                               jm_status status)
{
    if (status == JM_ESTATE)
        return export_refuse(core, request, 409, "Export job %s is not leased by you any more",
                             job);
    if (status < 0) {
        jm_span why = export_queue(core)->last_error(export_queue_data(core));
        return export_refuse(core, request, 503, "%.*s", JM_SPAN_ARGS(why));
    }
    return export_answer(core, request, 200, export_message("Export job completed successfully"));
}

static jm_status on_looked(void *user, jm_id work, jm_status status)
{
    struct report *report = user;
    const struct export_core *core = report->core;
    const queue_service *queue = export_queue(core);
    (void)work;
    (void)status;
    if (queue == NULL) {
        (void)export_refuse(core, report->request, 503, "the queue is being replaced; try again");
        report_free(report);
        return JM_OK;
    }
    json_t *result = json_pack("{s:s, s:I}", "output_path", report->path, "file_size",
                               (json_int_t)report->bytes);
    jm_span text = jm_json_dump(result);
    json_decref(result);
    status = jm_span_absent(text)
                 ? JM_ENOMEM
                 : queue->complete(export_queue_data(core), jm_span_of(report->job),
                                   jm_span_of(report->lease), text);
    free((char *)text.ptr);
    status = answer_report(core, report->request, report->job, status);
    report_free(report);
    return status;
}

static jm_status look_at_file(struct export_core *core, const jm_request *request, const char *job,
                              const char *lease_text)
{
    struct export_record record;
    jm_id work;
    struct report *report = calloc(1, sizeof *report);
    if (report == NULL)
        return export_fail(core, JM_ENOMEM, "out of memory");
    report->core = core;
    report->request = request->id;
    report->lease = strdup(lease_text);
    snprintf(report->job, sizeof report->job, "%s", job);
    jm_status status = export_record_find(core, job, &record);
    memcpy(report->path, record.path, sizeof report->path);
    if (status == JM_OK)
        status = report->lease == NULL
                     ? JM_ENOMEM
                     : core->api.work->submit(core->api.host, "look at an exported file", run_look,
                                              on_looked, report, &work);
    if (status < 0)
        report_free(report);
    return status;
}

static jm_status fail_job(const struct export_core *core, const jm_request *request,
                          const char *job, const char *lease_text, jm_span message)
{
    if (message.len == 0)
        message = JM_SPAN("the client could not export it");
    jm_status status =
        export_queue(core)->fail(export_queue_data(core), jm_span_of(job), jm_span_of(lease_text),
                                 message, (jm_span){NULL, 0}, 1);
    return answer_report(core, request->id, job, status);
}

/* The job of the path as the queue has it, where a client is at work on it. */
static jm_status find_leased(const struct export_core *core, const jm_request *request,
                             json_t **job_out)
{
    struct export_run *run;
    char *id = export_param(core, request->id, "id");
    jm_status status = id == NULL ? JM_ENOMEM : export_job_read(core, id, job_out);
    if (status == JM_OK && strcmp(export_preset_text(*job_out, "status"), "processing") != 0)
        status = export_fail(core, JM_ENOENT, "Export job not found: %s", id);
    if (status == JM_OK && export_run_find(core, jm_span_of(export_preset_text(*job_out, "id")),
                                           (jm_span){NULL, 0}, &run) != NULL)
        status = export_fail(core, JM_EEXIST, "Export job %s is rendered by this host", id);
    free(id);
    return status;
}

static jm_status on_complete(void *user, const jm_request *request)
{
    struct export_core *core = user;
    bool success = false;
    jm_span message = {NULL, 0};
    jm_span given = {NULL, 0};
    json_t *job = NULL;
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, core->api.error, core->api.host, request->body);
    if (status == JM_OK && jm_doc_value(&doc, "success") == NULL)
        status = export_fail(core, JM_EINVAL, "success field is required");
    if (status == JM_OK)
        status = jm_doc_bool(&doc, "success", true, &success);
    if (status == JM_OK)
        status = jm_doc_text(&doc, "error_message", false, &message);
    if (status == JM_OK)
        status = jm_doc_text(&doc, "lease", false, &given);
    if (status == JM_OK)
        status = find_leased(core, request, &job);
    if (status == JM_OK) {
        const char *id = export_preset_text(job, "id");
        const char *text = given.ptr != NULL ? given.ptr : export_preset_text(job, "lease");
        status = success ? look_at_file(core, request, id, text)
                         : fail_job(core, request, id, text, message);
    }
    json_decref(job);
    jm_doc_fini(&doc);
    return status;
}

static const jm_route routes[] = {
    {.method = "GET",
     .path = "/export/auto/job/next",
     .flags = JM_ROUTE_SUCCESS_FORM | JM_ROUTE_CHANGES_STATE,
     .help = "Lease the next export that has not begun, for a client that renders itself.",
     .query = "client_id:text",
     .fn = on_next},
    {.method = "POST",
     .path = "/export/auto/job/{id}/complete",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help = "Say what has become of a leased export: success, and error_message where it failed.",
     .fn = on_complete},
};

jm_status export_lease_routes_add(struct export_core *core)
{
    return jm_routes_add(core->api.http, core->api.host, routes, JM_COUNT(routes), core);
}
