/* The beginning of an import, its claim on a content, and its ends. */
#include "one_import.h"

#include "events.h"
#include "steps.h"

#include <junmai/sdk/json.h>

void member_fini(struct member *member)
{
    part_fini(&member->part);
    free(member->path);
    free(member->source_path);
    free(member->final_path);
    free(member->backup_path);
    *member = (struct member){.part = PART_NONE};
}

static void import_free(struct one_import *import)
{
    for (size_t i = 0; i < import->count; i++) {
        member_fini(&import->members[i]);
    }
    json_decref(import->readings[0].fields);
    json_decref(import->readings[1].fields);
    json_decref(import->fields);
    json_decref(import->stamp);
    free(import->path);
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

size_t import_count(const struct import_core *core)
{
    size_t count = 0;
    for (const struct one_import *import = core->imports; import != NULL; import = import->next) {
        count++;
    }
    return count;
}

static struct one_import *find_holder(const struct import_core *core, const char *key)
{
    struct one_import *import = core->imports;
    while (import != NULL && !(import->holds_claim && strcmp(import->key, key) == 0)) {
        import = import->next;
    }
    return import;
}

static struct one_import *find_waiting(const struct import_core *core, const char *key)
{
    struct one_import *import = core->imports;
    while (import != NULL && !(import->waiting && strcmp(import->key, key) == 0)) {
        import = import->next;
    }
    return import;
}

static jm_status find_content(const struct one_import *import, const struct member *member,
                              int64_t *photo_out)
{
    const catalog_service *catalog = catalog_of(import->core);
    return catalog == NULL ? JM_EBUSY
                           : catalog->find_content(catalog_data(import->core),
                                                   jm_span_of(member->digests.sha256), photo_out);
}

/* CLAIM: of several imports of one content, one goes on. Where the file that was asked for is half of
 * a pair whose original is known, it may belong to that photograph. */
static jm_status claim(struct one_import *import)
{
    int64_t photo = 0;
    jm_status status = find_content(import, &import->members[import->requested], &photo);
    if (status == JM_OK) {
        return import_end_as_duplicate(import, photo);
    }
    if (status == JM_ENOENT && import->requested != 0) {
        status = find_content(import, &import->members[0], &photo);
        import->attach_to = status == JM_OK ? photo : 0;
        status = status == JM_OK ? JM_ENOENT : status;
    }
    if (status != JM_ENOENT) {
        return import_end_by_catalog(import, status);
    }
    if (find_holder(import->core, import->key) != NULL) {
        import->waiting = true;
        return JM_OK;
    }
    import->holds_claim = true;
    return import_is_companion(import) ? import_join_companion(import) : import_read(import);
}

/* The import that others waited for has ended: the first of them finds its photograph, or goes on
 * in its place. */
static void wake_waiting(const struct import_core *core, const char *key)
{
    struct one_import *import;
    while (find_holder(core, key) == NULL && (import = find_waiting(core, key)) != NULL) {
        import->waiting = false;
        claim(import);
    }
}

void import_reclaim(struct one_import *import, const char *key)
{
    char old[HASH_HEX_BYTES];
    memcpy(old, import->key, sizeof old);
    snprintf(import->key, sizeof import->key, "%s", key);
    wake_waiting(import->core, old);
}

static jm_status on_gathered(void *user, jm_id work, jm_status status)
{
    struct one_import *import = user;
    (void)work;
    if (status < 0) {
        return import_end_as_stopped(import);
    }
    if (import->verdict.http_status != 0) {
        return import_end(import);
    }
    memcpy(import->key, import->members[0].digests.sha256, sizeof import->key);
    return claim(import);
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
        .added = request->added,
        .done = request->done,
        .user = request->user,
        .path = jm_span_dup(jm_span_of(request->path)),
        .session = request->session,
        .refuse_duplicates = request->refuse_duplicates,
        .join = request->join,
        .pairs = core->options.pair_raw_jpeg && !request->alone,
        .mode = request->mode == IMPORT_DEFAULT ? core->options.mode : request->mode,
        .copied = request->copied,
        .stamp = json_incref(request->stamp),
    };
    snprintf(import->import_id, sizeof import->import_id, "%s",
             request->import_id == NULL ? "" : request->import_id);
    jm_status status = JM_ENOMEM;
    if (import->path != NULL) {
        status = core->work->submit(core->host, "copy a photograph", import_run_gather, on_gathered,
                                    import, &work);
    }
    if (status < 0) {
        import_free(import);
        return status;
    }
    import->next = core->imports;
    core->imports = import;
    return JM_OK;
}

static void take_path(void *user, jm_span json)
{
    char **path_out = user;
    json_t *photo = json_loadb(json.ptr, json.len, 0, NULL);
    *path_out = jm_span_dup(jm_span_of(json_string_value(json_object_get(photo, "file_path"))));
    json_decref(photo);
}

char *import_photo_path(const struct one_import *import, int64_t photo)
{
    const struct import_core *core = import->core;
    const catalog_service *catalog = catalog_of(core);
    char *path = NULL;
    if (catalog != NULL) {
        catalog->get_photo(catalog_data(core), photo, take_path, &path);
    }
    return path;
}

jm_status import_end_as_duplicate(struct one_import *import, int64_t photo)
{
    const struct import_core *core = import->core;
    const catalog_service *catalog = catalog_of(core);
    struct member *member = &import->members[import->requested];
    char *path = NULL;
    jm_status status = JM_EBUSY;
    if (catalog != NULL) {
        status = catalog->add_source(catalog_data(core), photo, jm_span_of(member->source_path));
    }
    if (status == JM_OK) {
        status = catalog->get_photo(catalog_data(core), photo, take_path, &path);
    }
    if (status < 0) {
        return import_end_by_catalog(import, status);
    }
    import->photo = photo;
    import->duplicate = true;
    free(member->final_path);
    member->final_path = path;
    const char *name = path == NULL ? NULL : strrchr(path, '/');
    snprintf(member->final_name, sizeof member->final_name, "%s", name == NULL ? "" : name + 1);
    if (import->refuse_duplicates) {
        verdict_set(&import->verdict, 409, "%s has the same content as photograph %lld, %s",
                    member->source_path, (long long)photo, path == NULL ? "" : path);
    }
    return import_end(import);
}

/* What the sentences call the import. */
static const char *short_name(const struct one_import *import)
{
    return import->count == 0 ? import->path : import->members[import->requested].name;
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
                        "the catalog cannot take %s: its disk is full", short_name(import));
    } else {
        verdict_trouble(&import->verdict, 500, "catalog_failed", "the catalog refused %s: %.*s",
                        short_name(import), JM_SPAN_ARGS(why));
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

/* The files that have become the photograph's. */
static json_t *files_json(const struct one_import *import)
{
    json_t *files = json_array();
    for (size_t i = 0; i < import->count; i++) {
        const struct member *member = &import->members[i];
        if (!member->known) {
            json_array_append_new(files, json_pack("{s:s, s:s, s:s, s:s?}", "role",
                                                   role_name(member->role), "source_path",
                                                   member->source_path, "file_name",
                                                   member->final_name, "path", member->final_path));
        }
    }
    return files;
}

/* What no other step has put into the report: refusals and duplicates. */
static void record_end(const struct one_import *import)
{
    const struct member *member = import->count == 0 ? NULL : &import->members[import->requested];
    char text[64];
    snprintf(text, sizeof text, "duplicate of photograph %lld", (long long)import->photo);
    const char *source =
        member == NULL || member->source_path == NULL ? import->path : member->source_path;
    struct report_line line = {
        .import_id = import->import_id,
        .photo = import->photo,
        .source = source,
        .destination = import->duplicate ? member->final_path : NULL,
        .role = "primary",
        .digest = member == NULL ? NULL : member->digests.xxh3,
        .bytes = member == NULL ? 0 : member->info.st_size,
        .error = import->duplicate ? text : import->verdict.text,
    };
    if (import->duplicate || import->verdict.http_status != 0) {
        report_add_line(import->core, &line);
    }
}

jm_status import_end(struct one_import *import)
{
    struct import_core *core = import->core;
    char key[HASH_HEX_BYTES];
    bool added = import->verdict.http_status == 0 && !import->duplicate;
    const struct member *member =
        &import->members[import->attach_to != 0 || import->duplicate ? import->requested : 0];
    json_t *files = added ? files_json(import) : NULL;
    struct import_outcome outcome = {
        .verdict = import->verdict,
        .photo = import->photo,
        .duplicate = import->duplicate,
        .file_name = member->final_name,
        .final_path = member->final_path == NULL ? "" : member->final_path,
        .warnings = import->duplicate ? NULL : json_object_get(import->fields, "warnings"),
        .files = files,
    };
    memcpy(key, import->key, sizeof key);
    unlist(import);
    for (size_t i = 0; i < import->count; i++) {
        part_fini(&import->members[i].part);
    }
    record_end(import);
    events_trouble(core, &import->verdict, import->path);
    import->done(import->user, &outcome);
    json_decref(files);
    import_free(import);
    wake_waiting(core, key);
    return JM_OK;
}
