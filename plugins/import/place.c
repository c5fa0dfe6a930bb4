/* PLACE and ADD: free names in the library, and the catalog. */
#include "events.h"
#include "photo.h"
#include "sequence.h"
#include "steps.h"
#include "template.h"

#include <errno.h>
#include <junmai/sdk/json.h>
#include <junmai/sdk/path.h>

#define NUMBER_MAX 99999u

static jm_status take_name(struct one_import *import);

jm_status import_run_unplace(void *user)
{
    struct one_import *import = user;
    for (size_t i = 0; i < import->count; i++) {
        struct member *member = &import->members[i];
        if (member->placed) {
            part_unplace(&member->part, import->folder, member->final_name);
            member->placed = false;
        }
    }
    return JM_OK;
}

static jm_status on_unplaced(void *user, jm_id work, jm_status status)
{
    struct one_import *import = user;
    const struct import_core *core = import->core;
    const catalog_service *catalog = catalog_of(core);
    int64_t other = 0;
    (void)work;
    (void)status;
    bool same = import->verdict.http_status == 409 && catalog != NULL &&
                catalog->find_content(catalog_data(core), jm_span_of(import->key), &other) == JM_OK;
    if (same) {
        import->verdict = (struct verdict){0};
        return import_end_as_duplicate(import, other);
    }
    return import_end(import);
}

/* UNPLACE: the catalog did not take the photograph, so its files go again. The callback that asked the
 * catalog must fail, so that whatever the catalog has written is taken back; what an operator is told
 * would go with it. So the import ends in a callback of its own. */
static jm_status start_unplace(struct one_import *import, jm_status status)
{
    const struct import_core *core = import->core;
    jm_id work;
    import->photo = 0;
    import_judge_catalog(import, status);
    if (core->work->submit(core->host, "remove a file from the library", import_run_unplace,
                           on_unplaced, import, &work) < 0) {
        import_run_unplace(import);
        import_end(import);
    }
    return status;
}

/* The turn in which the photograph was added is committed, or a full disk has taken it back. */
static jm_status on_committed(void *user, jm_status status)
{
    struct one_import *import = user;
    if (status < 0) {
        start_unplace(import, status == JM_ECANCELLED ? JM_EBUSY : JM_ENOSPC);
        return JM_OK;
    }
    return import_settle(import);
}

/* Complete the fields that the catalog needs. */
static jm_span photo_text(struct one_import *import)
{
    const struct member *original = &import->members[0];
    json_t *fields = import->fields;
    photo_drop_day(fields);
    json_object_set_new(fields, "file_path", json_string(original->final_path));
    json_object_set_new(fields, "file_name", json_string(original->final_name));
    json_object_set_new(fields, "file_size", json_integer(member_bytes(original)));
    json_object_set_new(fields, "content_hash", json_string(original->digests.sha256));
    json_object_set_new(fields, "source_path", json_string(original->source_path));
    if (import->session != 0) {
        json_object_set_new(fields, "session_id", json_integer(import->session));
    }
    return jm_json_dump(fields);
}

static jm_status add_original(struct one_import *import, const catalog_service *catalog)
{
    if (import->attach_to != 0) {
        import->photo = import->attach_to;
        return JM_OK;
    }
    jm_span text = photo_text(import);
    jm_status status = text.ptr == NULL
                           ? JM_ENOMEM
                           : catalog->add_photo(catalog_data(import->core), text, &import->photo);
    free((char *)text.ptr);
    return status;
}

static jm_status add_file(const struct one_import *import, const catalog_service *catalog,
                          const struct member *member)
{
    if (catalog->size < offsetof(catalog_service, list_files)) {
        return import_fail(import->core, JM_EUNSUPPORTED,
                           "this catalog keeps no further files of a photograph; use a newer one");
    }
    json_t *json = json_pack("{s:s, s:s, s:I, s:s}", "role", role_name(member->role), "path",
                             member->final_path, "bytes", (json_int_t)member_bytes(member),
                             "content_hash", member->digests.sha256);
    jm_span text = jm_json_dump(json);
    json_decref(json);
    jm_status status = text.ptr == NULL
                           ? JM_ENOMEM
                           : catalog->add_file(catalog_data(import->core), import->photo, text);
    free((char *)text.ptr);
    if (status == JM_OK) {
        status = catalog->add_source(catalog_data(import->core), import->photo,
                                     jm_span_of(member->source_path));
    }
    return status;
}

static jm_status record(const struct one_import *import, const struct member *member)
{
    bool copied = import->mode != IMPORT_REFERENCE;
    struct report_line line = {
        .import_id = import->import_id,
        .photo = import->photo,
        .source = member->source_path,
        .destination = member->final_path,
        .role = "primary",
        .verified = copied && (import->core->options.verify || import->mode == IMPORT_MOVE),
        .digest = member->digests.xxh3,
        .stamped = member->stamped ? member->stored.xxh3 : NULL,
        .bytes = member_bytes(member),
    };
    return report_add_line(import->core, &line);
}

/* Those that were known already too: nobody needs to bring them again. */
static jm_status tell_added(const struct one_import *import)
{
    struct import_added added = {.photo = import->photo};
    for (size_t i = 0; i < import->count; i++) {
        const struct member *member = &import->members[i];
        if (!member->made) {
            added.files[added.count].path = member->path;
            added.files[added.count++].info = &member->info;
        }
    }
    return import->added(import->user, &added);
}

/* ADD: all files have their names. The photograph, its files and their verdicts are one change. */
static jm_status add_photo(struct one_import *import)
{
    const struct import_core *core = import->core;
    const catalog_service *catalog = catalog_of(core);
    jm_status status = catalog == NULL ? JM_EBUSY : add_original(import, catalog);
    for (size_t i = 0; status == JM_OK && i < import->count; i++) {
        const struct member *member = &import->members[i];
        if (!member->known && member->role != ROLE_ORIGINAL) {
            status = add_file(import, catalog, member);
        }
        if (status == JM_OK && !member->known) {
            status = record(import, member);
        }
    }
    if (status == JM_OK && import->added != NULL) {
        status = tell_added(import);
    }
    if (status == JM_OK) {
        status = core->store->after_commit(core->host, on_committed, import);
    }
    return status < 0 ? start_unplace(import, status) : JM_OK;
}

/* Give one file its name. A file of the same bytes that no photograph claims was left by a crash. */
static int place_one(const struct one_import *import, struct member *member)
{
    int error = part_place(&member->part, import->folder, member->final_name);
    if (error == EEXIST && part_equals(&member->part, import->folder, member->final_name)) {
        return 0;
    }
    member->placed = error == 0;
    return error;
}

/* All files get their names, or none. */
static jm_status run_place(void *user)
{
    struct one_import *import = user;
    import->place_error = 0;
    for (size_t i = 0; import->place_error == 0 && i < import->count; i++) {
        struct member *member = &import->members[i];
        import->place_error = member->known ? 0 : place_one(import, member);
    }
    for (size_t i = 0; import->place_error != 0 && i < import->count; i++) {
        struct member *member = &import->members[i];
        if (member->placed && part_take_back(&member->part, import->folder, member->final_name)) {
            member->placed = false;
        }
    }
    return JM_OK;
}

static jm_status on_placed(void *user, jm_id work, jm_status status)
{
    struct one_import *import = user;
    (void)work;
    if (status < 0) {
        return import_end_as_stopped(import);
    }
    if (import->place_error == 0) {
        return add_photo(import);
    }
    if (import->place_error == EEXIST) {
        import->number++;
        return take_name(import);
    }
    import_run_unplace(import);
    verdict_library(&import->verdict, import->place_error, "giving the copy its final name");
    return import_end(import);
}

/* The names of the current number. False when out of memory. */
static bool make_names(struct one_import *import)
{
    char path[PATH_MAX + FOLDER_BYTES + NAME_BYTES];
    char stem_name[NAME_BYTES];
    name_numbered(import->base_name, import->number, stem_name);
    for (size_t i = 0; i < import->count; i++) {
        struct member *member = &import->members[i];
        if (member->role == ROLE_ORIGINAL) {
            snprintf(member->final_name, sizeof member->final_name, "%s", stem_name);
        } else {
            name_join(name_stem(stem_name), "", member->tail, member->final_name);
        }
        snprintf(path, sizeof path, "%s/%s%s%s", import->core->options.library, import->folder,
                 import->folder[0] == '\0' ? "" : "/", member->final_name);
        free(member->final_path);
        member->final_path = jm_path_text(jm_span_of(path));
        if (member->final_path == NULL) {
            return false;
        }
    }
    return true;
}

/* JM_ENOENT when the current names belong to no photograph, JM_OK when one does. */
static jm_status find_owner(struct one_import *import)
{
    const struct import_core *core = import->core;
    const catalog_service *catalog = catalog_of(core);
    int64_t owner;
    jm_status status = JM_ENOENT;
    if (catalog == NULL) {
        return JM_EBUSY;
    }
    if (!make_names(import)) {
        return JM_ENOMEM;
    }
    for (size_t i = 0; status == JM_ENOENT && i < import->count; i++) {
        if (!import->members[i].known) {
            status = catalog->find_path(catalog_data(core),
                                        jm_span_of(import->members[i].final_path), &owner);
        }
    }
    return status;
}

/* Try one number after the other. A name that the catalog knows stays that photograph's, even where
 * its file has gone. */
static jm_status take_name(struct one_import *import)
{
    const struct import_core *core = import->core;
    jm_id work;
    for (; import->number <= NUMBER_MAX; import->number++) {
        jm_status status = find_owner(import);
        if (status == JM_OK) {
            continue;
        }
        if (status != JM_ENOENT) {
            return import_end_by_catalog(import, status);
        }
        status = core->work->submit(core->host, "name a photograph", run_place, on_placed, import,
                                    &work);
        return status < 0 ? import_end_as_stopped(import) : JM_OK;
    }
    verdict_trouble(&import->verdict, 503, "library_unwritable",
                    "%s: the folder %s has no free name for it any more", import->base_name,
                    import->folder);
    return import_end(import);
}

static void take_session_name(void *user, jm_span json)
{
    json_t **session_out = user;
    *session_out = json_loadb(json.ptr, json.len, 0, NULL);
}

static const char *field_text(const struct one_import *import, const char *key)
{
    return json_string_value(json_object_get(import->fields, key));
}

/* Folder and name by the templates. */
static jm_status expand_templates(struct one_import *import)
{
    const struct import_core *core = import->core;
    const struct import_options *options = &core->options;
    const catalog_service *catalog = catalog_of(core);
    const struct member *original = &import->members[0];
    json_t *session = NULL;
    struct template_values values = {
        .camera = field_text(import, "camera_model"),
        .make = field_text(import, "camera_make"),
        .lens = field_text(import, "lens"),
        .original = original->name,
        .text = options->text,
        .iso = json_integer_value(json_object_get(import->fields, "iso")),
    };
    if (!moment_choose(photo_day(import->fields), photo_clock(import->fields),
                       (int64_t)original->info.st_mtim.tv_sec * 1000,
                       core->clock->utc_ms(core->host), &values.moment)) {
        photo_warn(import->fields, "capture_time_implausible");
    }
    if (import->session != 0 && catalog != NULL) {
        catalog->get_session(catalog_data(core), import->session, take_session_name, &session);
        values.session = json_string_value(json_object_get(session, "name"));
    }
    jm_status status =
        options->numbers ? sequence_next(core, import->session, &values.sequence) : JM_OK;
    template_folder(options->folder_template, &values, import->folder);
    template_name(options->name_template, &values, import->base_name);
    json_decref(session);
    return status;
}

/* Beside the original that is in the library already. */
static jm_status join_original(struct one_import *import)
{
    char *library = jm_path_text(jm_span_of(import->core->options.library));
    char *path = import_photo_path(import, import->attach_to);
    if (library == NULL || path == NULL) {
        free(library);
        free(path);
        return JM_EBUSY;
    }
    const char *folder = path + strlen(library) + 1;
    const char *name = strrchr(path, '/') + 1;
    size_t len = name > folder ? (size_t)(name - folder) - 1 : 0;
    snprintf(import->folder, sizeof import->folder, "%.*s", (int)len, folder);
    snprintf(import->base_name, sizeof import->base_name, "%s", name);
    free(library);
    free(path);
    return JM_OK;
}

/* Files that stay where they are keep their names; the templates name the backup's folder. */
static jm_status add_in_place(struct one_import *import)
{
    jm_status status = expand_templates(import);
    for (size_t i = 0; status == JM_OK && i < import->count; i++) {
        struct member *member = &import->members[i];
        memcpy(member->final_name, member->name, sizeof member->final_name);
        member->final_path = jm_span_dup(jm_span_of(member->source_path));
        status = member->final_path == NULL ? JM_ENOMEM : JM_OK;
    }
    return status < 0 ? import_end_by_catalog(import, status) : add_photo(import);
}

jm_status import_place(struct one_import *import)
{
    if (import->mode == IMPORT_REFERENCE) {
        return add_in_place(import);
    }
    jm_status status = import->attach_to != 0 ? join_original(import) : expand_templates(import);
    if (status < 0) {
        return import_end_by_catalog(import, status);
    }
    import->number = 0;
    return take_name(import);
}
