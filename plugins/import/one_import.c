/* The steps of one import up to the library, and its end; place.c has those within the library. */
#include "one_import.h"

#include "events.h"
#include "photo.h"
#include "steps.h"

#include <junmai/sdk/json.h>
#include <junmai/sdk/path.h>
#include <unistd.h>

static void import_free(struct one_import *import)
{
    part_fini(&import->part);
    json_decref(import->fields);
    free(import->path);
    free(import->source_path);
    free(import->final_path);
    free(import);
}

static void unlist(struct one_import *import)
{
    struct one_import **link = &import->core->imports;
    while (*link != import) {
        link = &(*link)->next;
    }
    *link = import->next;
}

static struct one_import *find_holder(const struct import_core *core, const char *hash)
{
    struct one_import *import = core->imports;
    while (import != NULL && !(import->holds_claim && strcmp(import->hash, hash) == 0)) {
        import = import->next;
    }
    return import;
}

static struct one_import *find_waiting(const struct import_core *core, const char *hash)
{
    struct one_import *import = core->imports;
    while (import != NULL && !(import->waiting && strcmp(import->hash, hash) == 0)) {
        import = import->next;
    }
    return import;
}

/* Why READ has failed. */
static void judge_read(struct one_import *import, jm_status status, jm_span sentence)
{
    struct verdict *verdict = &import->verdict;
    jm_span why = jm_span_cut(sentence, sizeof verdict->text);
    switch (status) {
    case JM_EINVAL:
    case JM_EUNSUPPORTED:
        verdict_set(verdict, 400, "%s: %.*s", import->name, JM_SPAN_ARGS(why));
        break;
    case JM_ECRASHED:
        verdict_trouble(verdict, 400, "worker_crashed", "%s: reading it crashed the worker: %.*s",
                        import->name, JM_SPAN_ARGS(why));
        break;
    case JM_ETIMEDOUT:
        verdict_trouble(verdict, 400, "worker_timeout", "%s: reading it took too long: %.*s",
                        import->name, JM_SPAN_ARGS(why));
        break;
    case JM_ENOMEM:
        verdict_trouble(verdict, 400, "worker_out_of_memory",
                        "%s: reading it took too much memory: %.*s", import->name,
                        JM_SPAN_ARGS(why));
        break;
    default: /* no worker could be started: the file is not to blame */
        verdict_trouble(verdict, 503, "worker_failed", "%s cannot be read now: %.*s", import->name,
                        JM_SPAN_ARGS(why));
        break;
    }
}

static jm_status on_read(void *user, jm_id task, jm_status status, jm_span text)
{
    struct one_import *import = user;
    (void)task;
    if (status == JM_ESTATE || status == JM_ECANCELLED) {
        return import_end_as_stopped(import);
    }
    if (status < 0) {
        judge_read(import, status, text);
        return import_end(import);
    }
    import->fields = photo_from_result(text);
    if (import->fields == NULL) {
        verdict_trouble(&import->verdict, 500, "worker_failed",
                        "the worker's answer about %s is no JSON object", import->name);
        return import_end(import);
    }
    return import_place(import);
}

/* READ */
static jm_status start_read(struct one_import *import)
{
    struct import_core *core = import->core;
    char label[NAME_BYTES + 8];
    jm_id id;
    snprintf(label, sizeof label, "read %s", import->name);
    json_t *json = json_pack("{s:s}", "name", import->name);
    jm_span request = jm_json_dump(json);
    json_decref(json);
    jm_task task = {
        .size = sizeof task,
        .priority = JM_TASK_NORMAL,
        .name = "metadata",
        .label = label,
        .request = request,
        .fds = &import->part.fd,
        .fd_count = 1,
        .wall_ms = core->options.metadata_wall_ms,
        .done = on_read,
        .user = import,
    };
    jm_status status = request.ptr == NULL ? JM_ENOMEM : core->task->run(core->host, &task, &id);
    free((char *)request.ptr);
    if (status == JM_OK) {
        return JM_OK;
    }
    if (status == JM_ESTATE) {
        return import_end_as_stopped(import);
    }
    verdict_trouble(&import->verdict, 503, "worker_failed", "%s cannot be read now: %.*s",
                    import->name, JM_SPAN_ARGS(core->error->last(core->host)));
    return import_end(import);
}

/* CLAIM: of several imports of one content, one goes on. */
static jm_status claim(struct one_import *import)
{
    struct import_core *core = import->core;
    const catalog_service *catalog = catalog_of(core);
    int64_t photo = 0;
    jm_status status = catalog == NULL ? JM_EBUSY
                                       : catalog->find_content(catalog_data(core),
                                                               jm_span_of(import->hash), &photo);
    if (status == JM_OK) {
        return import_end_as_duplicate(import, photo);
    }
    if (status != JM_ENOENT) {
        return import_end_by_catalog(import, status);
    }
    if (find_holder(core, import->hash) != NULL) {
        import->waiting = true;
        return JM_OK;
    }
    import->holds_claim = true;
    return start_read(import);
}

/* The import that others waited for has ended: the first of them finds its photograph, or goes on
 * in its place. */
static void wake_waiting(const struct import_core *core, const char *hash)
{
    struct one_import *import;
    while (find_holder(core, hash) == NULL && (import = find_waiting(core, hash)) != NULL) {
        import->waiting = false;
        claim(import);
    }
}

/* COPY, on a thread of the pool. */
static jm_status run_copy(void *user)
{
    struct one_import *import = user;
    const struct import_options *options = &import->core->options;
    struct source source;
    if (!source_open(&options->roots, options->max_file_bytes, import->path, &source,
                     &import->verdict)) {
        return JM_OK;
    }
    name_from_path(source.path, import->name);
    import->size = source.info.st_size;
    import->source_path = jm_path_text(jm_span_of(source.path));
    if (import->source_path == NULL) {
        verdict_set(&import->verdict, 503, "out of memory");
    } else {
        part_fill(&import->part, options->library, &source, import->copied, import->hash,
                  &import->verdict);
    }
    close(source.fd);
    return JM_OK;
}

static jm_status on_copied(void *user, jm_id work, jm_status status)
{
    struct one_import *import = user;
    (void)work;
    if (status < 0) {
        return import_end_as_stopped(import);
    }
    return import->verdict.http_status != 0 ? import_end(import) : claim(import);
}

jm_status import_start(struct import_core *core, const struct import_request *request)
{
    jm_id work;
    struct one_import *import = calloc(1, sizeof *import);
    if (import == NULL) {
        return JM_ENOMEM;
    }
    *import = (struct one_import){
        .core = core,
        .done = request->done,
        .user = request->user,
        .path = jm_span_dup(jm_span_of(request->path)),
        .session = request->session,
        .refuse_duplicates = request->refuse_duplicates,
        .copied = request->copied,
        .part = PART_NONE,
    };
    jm_status status = JM_ENOMEM;
    if (import->path != NULL) {
        status =
            core->work->submit(core->host, "copy a photograph", run_copy, on_copied, import, &work);
    }
    if (status < 0) {
        import_free(import);
        return status;
    }
    import->next = core->imports;
    core->imports = import;
    return JM_OK;
}

struct known_photo {
    char *name;
    char *path;
};

static void take_photo(void *user, jm_span json)
{
    struct known_photo *known = user;
    json_t *photo = json_loadb(json.ptr, json.len, 0, NULL);
    known->name = jm_span_dup(jm_span_of(json_string_value(json_object_get(photo, "file_name"))));
    known->path = jm_span_dup(jm_span_of(json_string_value(json_object_get(photo, "file_path"))));
    json_decref(photo);
}

jm_status import_end_as_duplicate(struct one_import *import, int64_t photo)
{
    const struct import_core *core = import->core;
    const catalog_service *catalog = catalog_of(core);
    struct known_photo known = {NULL, NULL};
    jm_status status = JM_EBUSY;
    if (catalog != NULL) {
        status = catalog->add_source(catalog_data(core), photo, jm_span_of(import->source_path));
    }
    if (status == JM_OK) {
        status = catalog->get_photo(catalog_data(core), photo, take_photo, &known);
    }
    if (status < 0) {
        return import_end_by_catalog(import, status);
    }
    import->photo = photo;
    import->duplicate = true;
    snprintf(import->final_name, sizeof import->final_name, "%s",
             known.name == NULL ? "" : known.name);
    free(import->final_path);
    import->final_path = known.path;
    if (import->refuse_duplicates) {
        verdict_set(&import->verdict, 409, "%s has the same content as photograph %lld, %s",
                    import->source_path, (long long)photo, known.path);
    }
    free(known.name);
    return import_end(import);
}

void import_judge_catalog(struct one_import *import, jm_status status)
{
    const struct import_core *core = import->core;
    const catalog_service *catalog = catalog_of(core);
    jm_span why = catalog == NULL ? jm_span_of("the plugin catalog is away; try again")
                                  : catalog->last_error(catalog_data(core));
    if (status == JM_ENOENT) {
        verdict_set(&import->verdict, 404, "%.*s", JM_SPAN_ARGS(why));
    } else if (status == JM_EEXIST) {
        verdict_set(&import->verdict, 409, "%.*s", JM_SPAN_ARGS(why));
    } else if (status == JM_EBUSY || status == JM_ESTATE) {
        verdict_set(&import->verdict, 503, "%.*s", JM_SPAN_ARGS(why));
    } else if (status == JM_ENOSPC) {
        verdict_trouble(&import->verdict, 503, "disk_full",
                        "the catalog cannot take %s: its disk is full", import->name);
    } else {
        verdict_trouble(&import->verdict, 500, "catalog_failed", "the catalog refused %s: %.*s",
                        import->name, JM_SPAN_ARGS(why));
    }
}

jm_status import_end_by_catalog(struct one_import *import, jm_status status)
{
    import_judge_catalog(import, status);
    return import_end(import);
}

jm_status import_end_as_stopped(struct one_import *import)
{
    verdict_set(&import->verdict, 503, "importing is being stopped; try again in a moment");
    return import_end(import);
}

jm_status import_end(struct one_import *import)
{
    struct import_core *core = import->core;
    char hash[HASH_HEX_BYTES];
    struct import_outcome outcome = {
        .verdict = import->verdict,
        .photo = import->photo,
        .duplicate = import->duplicate,
        .file_name = import->final_name,
        .final_path = import->final_path == NULL ? "" : import->final_path,
        .warnings = import->duplicate ? NULL : json_object_get(import->fields, "warnings"),
    };
    memcpy(hash, import->hash, sizeof hash);
    unlist(import);
    part_fini(&import->part);
    events_trouble(core, &import->verdict, import->path);
    import->done(import->user, &outcome);
    import_free(import);
    wake_waiting(core, hash);
    return JM_OK;
}
