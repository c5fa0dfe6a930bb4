/* Asking the catalog. */
#include "photo.h"

#include <jansson.h>

static void take_json(void *user, jm_span text)
{
    struct photo *photo = user;
    json_t *json = json_loadb(text.ptr, text.len, 0, NULL);
    const char *hash = json_string_value(json_object_get(json, "content_hash"));
    if (hash != NULL && path_is_hash(hash)) {
        memcpy(photo->hash, hash, HASH_BYTES);
        photo->path =
            jm_span_dup(jm_span_of(json_string_value(json_object_get(json, "file_path"))));
    }
    json_decref(json);
}

jm_status photo_get(const struct preview_core *core, int64_t id, struct photo *photo_out)
{
    const catalog_service *catalog = core->catalog_slot->table;
    void *data = core->catalog_slot->provider_data;
    *photo_out = (struct photo){.id = id};
    if (catalog == NULL) {
        return preview_fail(core, JM_EBUSY, "the plugin catalog is away; try again");
    }
    jm_status status = catalog->get_photo(data, id, take_json, photo_out);
    if (status == JM_ENOENT) {
        return preview_fail(core, status, "Photo not found");
    }
    if (status < 0) {
        return core->error->set(core->host, status, catalog->last_error(data));
    }
    return photo_out->path != NULL ? JM_OK : preview_fail(core, JM_ENOMEM, "out of memory");
}

void photo_fini(struct photo *photo)
{
    free(photo->path);
    photo->path = NULL;
}
