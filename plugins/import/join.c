/* JOIN: a file that comes after its photograph becomes part of it. Loop thread.
 *
 * The photograph is found by content where the other file is still there, and otherwise is the one
 * that the request names. A raw file or a rendition joins only where the tags agree; a raw file
 * that comes second becomes a further rendition, because a photograph keeps its original. */
#include "kind.h"
#include "steps.h"

#include <junmai/sdk/path.h>
#include <strings.h>

#define SECONDS_LEN 19 /* of "2024-07-19T16:14:31.250Z" */

bool import_is_companion(const struct one_import *import)
{
    return import->count > 0 && import->members[0].role > ROLE_RENDITION;
}

bool import_can_join(const struct one_import *import, int64_t photo)
{
    char *library = jm_path_text(jm_span_of(import->core->options.library));
    char *path = import_photo_path(import, photo);
    size_t len = library == NULL ? 0 : strlen(library);
    bool inside = len > 0 && path != NULL && strncmp(path, library, len) == 0 && path[len] == '/';
    free(library);
    free(path);
    return inside && import->mode != IMPORT_REFERENCE;
}

static void take_json(void *user, jm_span json)
{
    json_t **json_out = user;
    *json_out = json_loadb(json.ptr, json.len, 0, NULL);
}

/* All files of the photograph, the original first; NULL where the catalog cannot say. */
static json_t *files_of(const struct import_core *core, int64_t photo)
{
    const catalog_service *catalog = catalog_of(core);
    json_t *files = NULL;
    if (catalog != NULL && catalog->size > offsetof(catalog_service, list_files)) {
        catalog->list_files(catalog_data(core), photo, take_json, &files);
    }
    return files;
}

static bool has_content(const json_t *file, const struct member *member)
{
    const char *hash = json_string_value(json_object_get(file, "content_hash"));
    return hash != NULL && strcmp(hash, member->digests.sha256) == 0;
}

static bool is_there(const json_t *files, const struct member *member)
{
    size_t i;
    json_t *file;
    bool found = false;
    json_array_foreach(files, i, file)
    {
        found |= has_content(file, member);
    }
    return found;
}

static bool has_rendition(const struct one_import *import)
{
    return import->count > 1 && import->members[1].role == ROLE_RENDITION;
}

/* The photograph that has the rendition already; 0: none. */
static int64_t find_rendition(const struct one_import *import)
{
    const struct import_core *core = import->core;
    const catalog_service *catalog = catalog_of(core);
    int64_t photo = 0;
    jm_span content = jm_span_of(import->members[1].digests.sha256);
    bool found =
        catalog != NULL && catalog->find_content(catalog_data(core), content, &photo) == JM_OK;
    return found ? photo : 0;
}

bool import_rendition_fits(const struct one_import *import)
{
    int64_t photo = find_rendition(import);
    if (photo == 0) {
        return true;
    }
    json_t *files = files_of(import->core, photo);
    bool is_original = has_content(json_array_get(files, 0), &import->members[1]);
    json_decref(files);
    return is_original && import_can_join(import, photo);
}

static bool same_text(const json_t *a, const json_t *b, const char *key)
{
    const char *one = json_string_value(json_object_get(a, key));
    const char *other = json_string_value(json_object_get(b, key));
    return strcasecmp(one == NULL ? "" : one, other == NULL ? "" : other) == 0;
}

/* To the second, as pair_agrees() has it. */
static bool same_time(const json_t *a, const json_t *b)
{
    const char *one = json_string_value(json_object_get(a, "capture_time"));
    const char *other = json_string_value(json_object_get(b, "capture_time"));
    return one != NULL && other != NULL && strlen(one) >= SECONDS_LEN &&
           strncmp(one, other, SECONDS_LEN) == 0;
}

/* Whether the tags that were read are those of the photograph that the request names. */
static bool agrees(const struct one_import *import)
{
    const struct import_core *core = import->core;
    const catalog_service *catalog = catalog_of(core);
    json_t *photo = NULL;
    if (catalog != NULL) {
        catalog->get_photo(catalog_data(core), import->join, take_json, &photo);
    }
    bool same = same_time(photo, import->fields) &&
                same_text(photo, import->fields, "camera_make") &&
                same_text(photo, import->fields, "camera_model");
    json_decref(photo);
    return same;
}

int64_t import_find_whole(const struct one_import *import)
{
    if (import->attach_to != 0) {
        return import->attach_to;
    }
    if (has_rendition(import)) {
        return find_rendition(import);
    }
    bool joins = import->join != 0 && import_can_join(import, import->join) && agrees(import);
    return joins ? import->join : 0;
}

void import_attach(struct one_import *import, int64_t photo)
{
    json_t *files = files_of(import->core, photo);
    import->attach_to = photo;
    for (size_t i = 0; i < import->count; i++) {
        import->members[i].known = is_there(files, &import->members[i]);
    }
    if (!import->members[0].known && import->members[0].role == ROLE_ORIGINAL) {
        import->members[0].role = ROLE_RENDITION;
    }
    json_decref(files);
}

jm_status import_join_companion(struct one_import *import)
{
    import_attach(import, import->join);
    if (import->members[0].known) {
        return import_end_as_duplicate(import, import->join);
    }
    if (import->mode != IMPORT_REFERENCE && !import_can_join(import, import->join)) {
        verdict_set(&import->verdict, 400, "%s: its photograph does not lie in the library",
                    import->members[0].name);
        return import_end(import);
    }
    import->fields = json_object();
    return import->fields == NULL ? import_end_by_catalog(import, JM_ENOMEM) : import_place(import);
}
