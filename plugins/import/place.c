/* The steps of an import within the library: a free name, the catalog, the disk. */
#include "events.h"
#include "photo.h"
#include "steps.h"

#include <errno.h>
#include <junmai/sdk/json.h>
#include <junmai/sdk/path.h>

#define NUMBER_MAX 99999u

static jm_status take_name(struct one_import *import);

/* UNPLACE: the catalog did not take the photograph, so its file goes again. */
static jm_status run_unplace(void *user)
{
    struct one_import *import = user;
    if (import->placed) {
        part_unplace(&import->part, import->folder, import->final_name);
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
    bool same =
        import->verdict.http_status == 409 && catalog != NULL &&
        catalog->find_content(catalog_data(core), jm_span_of(import->hash), &other) == JM_OK;
    if (same) {
        import->verdict = (struct verdict){0};
        return import_end_as_duplicate(import, other);
    }
    return import_end(import);
}

/* The callback that asked the catalog must fail, so that whatever the catalog has written is taken
 * back; what an operator is told would go with it. So the import ends in a callback of its own. */
static jm_status start_unplace(struct one_import *import, jm_status status)
{
    const struct import_core *core = import->core;
    jm_id work;
    import_judge_catalog(import, status);
    if (core->work->submit(core->host, "remove a file from the library", run_unplace, on_unplaced,
                           import, &work) < 0) {
        run_unplace(import);
        import_end(import);
    }
    return status;
}

/* SYNC */
static jm_status run_sync(void *user)
{
    const struct one_import *import = user;
    return part_sync_folder(&import->part, import->folder) == 0 ? JM_OK : JM_EIO;
}

/* The turn in which the photograph was added has been committed since, or has not: a full disk takes
 * it back without a word. Otherwise it is in the catalog whatever the folder's disk says now, which
 * is only an operator's affair. */
static jm_status on_synced(void *user, jm_id work, jm_status status)
{
    struct one_import *import = user;
    const struct import_core *core = import->core;
    const catalog_service *catalog = catalog_of(core);
    int64_t photo;
    (void)work;
    if (catalog != NULL &&
        catalog->find_content(catalog_data(core), jm_span_of(import->hash), &photo) == JM_ENOENT) {
        run_unplace(import);
        import_judge_catalog(import, JM_ENOSPC);
        import->photo = 0;
    } else if (status == JM_EIO) {
        struct verdict trouble = {0};
        verdict_trouble(&trouble, 503, "library_unwritable",
                        "%s is imported, but its folder could not be brought to the disk: check "
                        "the library's disk",
                        import->final_path);
        events_trouble(core, &trouble, import->path);
    }
    return import_end(import);
}

static jm_status start_sync(struct one_import *import)
{
    const struct import_core *core = import->core;
    jm_id work;
    jm_status status = core->work->submit(core->host, "sync the library's folder", run_sync,
                                          on_synced, import, &work);
    return status < 0 ? import_end(import) : JM_OK;
}

/* Complete the fields that the catalog needs. */
static jm_span photo_text(struct one_import *import)
{
    json_t *fields = import->fields;
    photo_drop_day(fields);
    json_object_set_new(fields, "file_path", json_string(import->final_path));
    json_object_set_new(fields, "file_name", json_string(import->final_name));
    json_object_set_new(fields, "file_size", json_integer(import->size));
    json_object_set_new(fields, "content_hash", json_string(import->hash));
    json_object_set_new(fields, "source_path", json_string(import->source_path));
    if (import->session != 0) {
        json_object_set_new(fields, "session_id", json_integer(import->session));
    }
    return jm_json_dump(fields);
}

/* The file has its name. */
static jm_status add_photo(struct one_import *import)
{
    const struct import_core *core = import->core;
    const catalog_service *catalog = catalog_of(core);
    jm_status status = JM_EBUSY;
    jm_span text = photo_text(import);
    if (text.ptr == NULL) {
        status = JM_ENOMEM;
    } else if (catalog != NULL) {
        status = catalog->add_photo(catalog_data(core), text, &import->photo);
    }
    free((char *)text.ptr);
    return status < 0 ? start_unplace(import, status) : start_sync(import);
}

/* COMPARE */
static jm_status run_compare(void *user)
{
    struct one_import *import = user;
    import->equal = part_equals(&import->part, import->folder, import->final_name);
    return JM_OK;
}

static jm_status on_compared(void *user, jm_id work, jm_status status)
{
    struct one_import *import = user;
    (void)work;
    if (status < 0) {
        return import_end_as_stopped(import);
    }
    if (import->equal) {
        return add_photo(import);
    }
    import->number++;
    return take_name(import);
}

static jm_status start_compare(struct one_import *import)
{
    const struct import_core *core = import->core;
    jm_id work;
    jm_status status = core->work->submit(core->host, "compare two files", run_compare, on_compared,
                                          import, &work);
    return status < 0 ? import_end_as_stopped(import) : JM_OK;
}

/* The name of the current number. False when out of memory. */
static bool make_name(struct one_import *import)
{
    char path[PATH_MAX + FOLDER_BYTES + NAME_BYTES];
    name_numbered(import->name, import->number, import->final_name);
    snprintf(path, sizeof path, "%s/%s/%s", import->core->options.library, import->folder,
             import->final_name);
    free(import->final_path);
    import->final_path = jm_path_text(jm_span_of(path));
    return import->final_path != NULL;
}

/* JM_ENOENT when the current name belongs to no photograph, JM_OK when it does. */
static jm_status find_owner(struct one_import *import)
{
    const struct import_core *core = import->core;
    const catalog_service *catalog = catalog_of(core);
    int64_t owner;
    if (catalog == NULL) {
        return JM_EBUSY;
    }
    return make_name(import)
               ? catalog->find_path(catalog_data(core), jm_span_of(import->final_path), &owner)
               : JM_ENOMEM;
}

/* Try one name after the other. A name that the catalog knows stays that photograph's, even where
 * its file has gone. */
static jm_status take_name(struct one_import *import)
{
    for (; import->number <= NUMBER_MAX; import->number++) {
        jm_status status = find_owner(import);
        if (status == JM_OK) {
            continue;
        }
        if (status != JM_ENOENT) {
            return import_end_by_catalog(import, status);
        }
        int error = part_place(&import->part, import->folder, import->final_name);
        if (error == 0) {
            import->placed = true;
            return add_photo(import);
        }
        if (error != EEXIST) {
            verdict_library(&import->verdict, error, "giving the copy its final name");
            return import_end(import);
        }
        if (part_may_equal(&import->part, import->folder, import->final_name)) {
            return start_compare(import);
        }
    }
    verdict_trouble(&import->verdict, 503, "library_unwritable",
                    "%s: the folder %s has no free name for it any more", import->name,
                    import->folder);
    return import_end(import);
}

jm_status import_place(struct one_import *import)
{
    const struct import_core *core = import->core;
    jm_span day = photo_day(import->fields);
    bool plausible = folder_of_day(day, core->clock->utc_ms(core->host), import->folder);
    if (!plausible && day.ptr != NULL) {
        photo_warn(import->fields, "capture_time_implausible");
    }
    import->number = 0;
    return take_name(import);
}
