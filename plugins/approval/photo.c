/* Calls of the catalog that are about one photograph. */
#include "photo.h"

jm_status approval_catalog(const struct approval_core *core, const catalog_service **catalog_out)
{
    *catalog_out = core->catalog->table;
    return *catalog_out != NULL
               ? JM_OK
               : approval_fail(core, JM_EBUSY,
                               "the plugin catalog is away for a moment; try again");
}

jm_status approval_catalog_result(const struct approval_core *core, jm_status status)
{
    const catalog_service *catalog = core->catalog->table;
    if (status >= 0)
        return JM_OK;
    return approval_fail_as(core, status, catalog->last_error(core->catalog->provider_data));
}

void approval_take_json(void *user, jm_span json)
{
    json_t **json_out = user;
    *json_out = json_loadb(json.ptr, json.len, JSON_DECODE_ANY, NULL);
}

static const char *text(const json_t *json, const char *key)
{
    return json_string_value(json_object_get(json, key));
}

jm_status approval_photo_read(const struct approval_core *core, int64_t id,
                              struct approval_photo *photo_out)
{
    const catalog_service *catalog;
    *photo_out = (struct approval_photo){.id = id};
    jm_status status = approval_catalog(core, &catalog);
    if (status < 0)
        return status;
    status =
        catalog->get_photo(core->catalog->provider_data, id, approval_take_json, &photo_out->json);
    if (status == JM_ENOENT)
        return approval_fail(core, JM_ENOENT, "Photo not found");
    status = approval_catalog_result(core, status);
    if (status < 0)
        return status;
    photo_out->session = json_integer_value(json_object_get(photo_out->json, "session_id"));
    photo_out->status = text(photo_out->json, "status");
    photo_out->preset = text(photo_out->json, "selected_preset");
    photo_out->approved = json_is_true(json_object_get(photo_out->json, "approved"));
    return photo_out->status != NULL ? JM_OK : JM_ENOMEM;
}

void approval_photo_fini(struct approval_photo *photo)
{
    json_decref(photo->json);
    photo->json = NULL;
}

jm_status approval_photo_change(const struct approval_core *core, int64_t id, json_t *changes_take,
                                struct approval_photo *photo_out)
{
    const catalog_service *catalog;
    jm_span changes = jm_json_dump(changes_take);
    json_decref(changes_take);
    *photo_out = (struct approval_photo){.id = id};
    jm_status status = jm_span_absent(changes) ? JM_ENOMEM : approval_catalog(core, &catalog);
    if (status == JM_OK)
        status = approval_catalog_result(
            core, catalog->update_photo(core->catalog->provider_data, id, changes));
    free((char *)changes.ptr);
    return status == JM_OK ? approval_photo_read(core, id, photo_out) : status;
}
