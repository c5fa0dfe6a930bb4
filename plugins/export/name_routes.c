/* POST /export/auto/filename/generate: what a file would be called. Loop thread. */
#include "jobs.h"
#include "routes.h"

#include <junmai/sdk/routes.h>

static jm_status answer_name(const struct export_core *core, const jm_request *request,
                             const json_t *photo, const struct export_preset *preset,
                             int64_t number)
{
    char stem[EXPORT_STEM_BYTES];
    char name[EXPORT_NAME_BYTES];
    char folder[PATH_MAX];
    char path[PATH_MAX + EXPORT_NAME_BYTES];
    const char *destination = export_preset_text(preset->document, "destination");
    const char *extension = export_format_extension(export_preset_text(preset->document, "format"));
    bool named;
    jm_status status = export_stem_make(core, photo, preset, number, false, stem, &named);
    if (status < 0)
        return status;
    if (!named)
        return export_fail(core, JM_EINVAL, "filename_template yields an empty name for it");
    if (!export_roots_absolute(destination, core->options.exports, folder))
        return export_fail(core, JM_EACCES, "destination %.300s is no folder", destination);
    export_template_name(stem, 0, extension, name);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    name[strlen(name) - strlen(extension)] = '\0';
    return export_answer(core, request->id, 200,
                         json_pack("{s:s, s:s}", "filename", name, "export_path", path));
}

static jm_status on_generate(void *user, const jm_request *request)
{
    const struct export_core *core = user;
    int64_t photo_id = 0;
    int64_t number = -1;
    jm_span name = {NULL, 0};
    struct export_preset preset = {0};
    json_t *photo = NULL;
    jm_doc doc;
    jm_status status = jm_doc_init(&doc, core->api.error, core->api.host, request->body);
    if (status == JM_OK &&
        (jm_doc_value(&doc, "photo_id") == NULL || jm_doc_value(&doc, "preset_name") == NULL))
        status = export_fail(core, JM_EINVAL, "photo_id and preset_name are required");
    if (status == JM_OK)
        status = jm_doc_int(&doc, "photo_id", true, &photo_id);
    if (status == JM_OK)
        status = jm_doc_text(&doc, "preset_name", true, &name);
    if (status == JM_OK)
        status = jm_doc_int(&doc, "sequence_number", false, &number);
    if (status == JM_OK && export_photo_read(core, photo_id, &photo) == JM_ENOENT)
        status = export_fail(core, JM_ENOENT, "Photo not found: %lld", (long long)photo_id);
    if (status == JM_OK && export_preset_find(core, name.ptr, &preset) == JM_ENOENT)
        status = export_fail(core, JM_ENOENT, "Preset not found: %s", name.ptr);
    if (status == JM_OK && (photo == NULL || preset.document == NULL))
        status = export_fail(core, JM_EBUSY, "names are not made now; try again");
    if (status == JM_OK)
        status = answer_name(core, request, photo, &preset, number);
    json_decref(photo);
    json_decref(preset.document);
    jm_doc_fini(&doc);
    return status;
}

static const jm_route routes[] = {
    {.method = "POST",
     .path = "/export/auto/filename/generate",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help = "What the file of a photograph (photo_id) and a preset (preset_name) would be called; "
             "nothing is made.",
     .fn = on_generate},
};

jm_status export_name_routes_add(struct export_core *core)
{
    return jm_routes_add(core->api.http, core->api.host, routes, JM_COUNT(routes), core);
}
