/* /import/file and /import/batch. */
#include "answers.h"
#include "batch.h"
#include "one_import.h"
#include "report.h"
#include "routes.h"
#include "stamp.h"

#include <junmai/sdk/json.h>
#include <junmai/sdk/routes.h>

/* What both routes have in common. */
struct import_body {
    int64_t session; /* 0: none */
    bool check_duplicates;
    enum import_mode mode;
    json_t *stamp; /* owned */
};

static void ignore_json(void *user, jm_span json)
{
    (void)user;
    (void)json;
}

static jm_status read_session(const struct import_core *core, const jm_doc *doc, int64_t *session)
{
    const catalog_service *catalog = catalog_of(core);
    jm_status status = jm_doc_int(doc, "session_id", false, session);
    if (status < 0 || jm_doc_value(doc, "session_id") == NULL) {
        return status;
    }
    status = catalog->get_session(catalog_data(core), *session, ignore_json, NULL);
    if (status == JM_ENOENT) {
        return import_fail(core, status, "session_id: there is no session %lld",
                           (long long)*session);
    }
    return answer_by_catalog(core, status);
}

static jm_status read_mode(const struct import_core *core, const jm_doc *doc,
                           enum import_mode *mode)
{
    jm_span text = {NULL, 0};
    jm_status status = jm_doc_text(doc, "mode", false, &text);
    if (status == JM_OK && text.ptr != NULL && !mode_parse(text, mode)) {
        status = import_fail(core, JM_EINVAL, "mode must be copy, move or reference");
    }
    return status;
}

static jm_status read_body(const struct import_core *core, const jm_doc *doc,
                           struct import_body *body_out)
{
    *body_out = (struct import_body){.check_duplicates = true};
    jm_status status = jm_doc_bool(doc, "check_duplicates", false, &body_out->check_duplicates);
    if (status == JM_OK) {
        status = read_mode(core, doc, &body_out->mode);
    }
    if (status == JM_OK) {
        status = read_session(core, doc, &body_out->session);
    }
    return status < 0 ? status
                      : stamp_read_body(core, jm_doc_value(doc, "template"), &body_out->stamp);
}

/* Who waits for the import of one file. */
struct waiting_file {
    const struct import_core *core;
    jm_id request;
    char import_id[REPORT_ID_BYTES];
};

static void on_imported(void *user, const struct import_outcome *outcome)
{
    struct waiting_file *file = user;
    const struct verdict *verdict = &outcome->verdict;
    struct report_counts counts = {
        .imported = verdict->http_status == 0 && !outcome->duplicate,
        .duplicates = outcome->duplicate,
        .failed = verdict->http_status != 0 && !outcome->duplicate,
    };
    report_end(file->core, file->import_id, &counts);
    if (verdict->http_status != 0) {
        json_t *more = json_pack("{s:s}", "import_id", file->import_id);
        if (outcome->photo != 0) {
            json_object_set_new(more, "photo_id", json_integer((json_int_t)outcome->photo));
        }
        answer_failure(file->core, file->request, verdict, "Failed to import file", more);
    } else {
        json_t *json = json_pack("{s:s, s:I, s:s, s:s}", "message", "File imported successfully",
                                 "photo_id", (json_int_t)outcome->photo, "file_name",
                                 outcome->file_name, "final_path", outcome->final_path);
        json_object_set_new(json, "import_id", json_string(file->import_id));
        if (json_array_size(outcome->files) > 1) {
            json_object_set(json, "files", (json_t *)outcome->files);
        }
        if (json_array_size(outcome->warnings) > 0) {
            json_object_set(json, "warnings", (json_t *)outcome->warnings);
        }
        answer_success(file->core, file->request, json);
    }
    free(file);
}

static jm_status start_file(struct import_core *core, jm_id request, jm_span path,
                            const struct import_body *body)
{
    struct waiting_file *file = malloc(sizeof *file);
    if (file == NULL) {
        return import_fail(core, JM_ENOMEM, "out of memory");
    }
    *file = (struct waiting_file){.core = core, .request = request};
    struct report_head head = {
        .kind = "file", .mode = body->mode, .session = body->session, .total = 1};
    struct import_request import = {
        .path = path.ptr,
        .session = body->session,
        .refuse_duplicates = body->check_duplicates,
        .mode = body->mode,
        .stamp = body->stamp,
        .import_id = file->import_id,
        .done = on_imported,
        .user = file,
    };
    jm_status status = report_begin(core, &head, file->import_id);
    if (status == JM_OK) {
        status = import_start(core, &import);
    }
    if (status < 0) {
        free(file);
    }
    return status == JM_ESTATE ? JM_EBUSY : status;
}

static jm_status on_file(void *user, const jm_request *request)
{
    struct import_core *core = user;
    struct import_body body = {0};
    jm_span path = {NULL, 0};
    jm_doc doc;
    jm_status status = answer_if_away(core);
    if (status < 0) {
        return status;
    }
    status = jm_doc_init(&doc, core->error, core->host, request->body);
    if (status == JM_OK) {
        status = jm_doc_text(&doc, "file_path", false, &path);
    }
    if (status == JM_OK && path.len == 0) {
        status = import_fail(core, JM_EINVAL, "File path is required");
    }
    if (status == JM_OK) {
        status = read_body(core, &doc, &body);
    }
    if (status == JM_OK) {
        status = start_file(core, request->id, path, &body);
    }
    json_decref(body.stamp);
    jm_doc_fini(&doc);
    return status;
}

static jm_status read_paths(const struct import_core *core, const jm_doc *doc,
                            const json_t **paths_out)
{
    const json_t *paths = jm_doc_value(doc, "file_paths");
    if (paths == NULL) {
        return import_fail(core, JM_EINVAL, "File paths list is required");
    }
    if (!json_is_array(paths)) {
        return import_fail(core, JM_EINVAL, "file_paths must be a list");
    }
    for (size_t i = 0; i < json_array_size(paths); i++) {
        if (json_string_length(json_array_get(paths, i)) == 0) {
            return import_fail(core, JM_EINVAL, "file_paths[%zu] must be a text that is not empty",
                               i);
        }
    }
    *paths_out = paths;
    return JM_OK;
}

static jm_status on_batch(void *user, const jm_request *request)
{
    struct import_core *core = user;
    struct import_body body = {0};
    char import_id[REPORT_ID_BYTES];
    struct batch_request batch = {
        .kind = "batch", .http_request = request->id, .skip_on_error = true};
    jm_doc doc;
    jm_status status = answer_if_away(core);
    if (status < 0) {
        return status;
    }
    status = jm_doc_init(&doc, core->error, core->host, request->body);
    if (status == JM_OK) {
        status = read_paths(core, &doc, &batch.paths);
    }
    if (status == JM_OK) {
        status = jm_doc_bool(&doc, "skip_on_error", false, &batch.skip_on_error);
    }
    if (status == JM_OK) {
        status = read_body(core, &doc, &body);
    }
    if (status == JM_OK) {
        batch.session = body.session;
        batch.refuse_duplicates = body.check_duplicates;
        batch.mode = body.mode;
        batch.stamp = body.stamp;
        status = batch_start(core, &batch, import_id);
    }
    json_decref(body.stamp);
    jm_doc_fini(&doc);
    return status == JM_ESTATE ? JM_EBUSY : status;
}

#define COMMON "|session_id:int?|check_duplicates:bool=true|mode:text?|template:object?"

static const jm_route routes[] = {
    {.method = "POST",
     .path = "/import/file",
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Copy a file into the library and add it to the catalog.",
     .fn = on_file,
     .body = "file_path:text" COMMON,
     .answer = "message:text|photo_id:int|file_name:text|final_path:text|import_id:text"
               "|files:object[]?|warnings:any[]?"},
    {.method = "POST",
     .path = "/import/batch",
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Import many files; answers when all are done, import_progress tells how far it is.",
     .fn = on_batch,
     .body = "file_paths:text[]|skip_on_error:bool=true" COMMON,
     .answer = "message:text|import_id:text|results:object"},
};

jm_status import_routes_add(struct import_core *core)
{
    return jm_routes_add(core->http, core->host, routes, JM_COUNT(routes), core);
}
