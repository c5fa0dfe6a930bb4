/* Making jobs. */
#include "jobs.h"

void export_take_json(void *user, jm_span json)
{
    json_t **json_out = user;
    json_decref(*json_out);
    *json_out = json_loadb(json.ptr, json.len, 0, NULL);
}

jm_status export_fail_by_queue(const struct export_core *core, jm_status status)
{
    const queue_service *queue = export_queue(core);
    jm_span sentence = queue->last_error(export_queue_data(core));
    return core->api.error->set(core->api.host, status, sentence);
}

jm_status export_queue_away(const struct export_core *core)
{
    return export_fail(core, JM_EBUSY, "the queue is being replaced; try again in a moment");
}

static void add_session_name(const struct export_core *core, json_t *photo)
{
    const catalog_service *catalog = export_catalog(core);
    json_int_t id = json_integer_value(json_object_get(photo, "session_id"));
    json_t *session = NULL;
    if (id > 0 &&
        catalog->get_session(export_catalog_data(core), id, export_take_json, &session) == JM_OK)
        json_object_set(photo, "session_name", json_object_get(session, "name"));
    json_decref(session);
}

jm_status export_photo_read(const struct export_core *core, int64_t photo, json_t **photo_out)
{
    const catalog_service *catalog = export_catalog(core);
    *photo_out = NULL;
    if (catalog == NULL)
        return export_fail(core, JM_EBUSY, "the catalog is being replaced; try again in a moment");
    jm_status status =
        catalog->get_photo(export_catalog_data(core), photo, export_take_json, photo_out);
    if (status == JM_ENOENT)
        return export_fail(core, JM_ENOENT, "Photo not found: photo_id=%lld", (long long)photo);
    if (status < 0)
        return core->api.error->set(core->api.host, status,
                                    catalog->last_error(export_catalog_data(core)));
    add_session_name(core, *photo_out);
    return *photo_out == NULL ? JM_ENOMEM : JM_OK;
}

static const char *text_at(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

struct export_values export_values_of(const json_t *photo, const json_t *preset, int64_t sequence)
{
    const char *taken = text_at(photo, "capture_time");
    const json_t *rating = json_object_get(photo, "rating");
    return (struct export_values){
        .moment = taken != NULL ? taken : text_at(photo, "import_time"),
        .original = text_at(photo, "file_name"),
        .preset = text_at(preset, "name"),
        .session = text_at(photo, "session_name"),
        .camera = text_at(photo, "camera_model"),
        .iso = json_integer_value(json_object_get(photo, "iso")),
        .rating = json_integer_value(rating),
        .has_rating = json_is_integer(rating),
        .sequence = sequence,
    };
}

jm_status export_stem_make(const struct export_core *core, const json_t *photo,
                           const struct export_preset *preset, int64_t number, bool advance,
                           char stem_out[EXPORT_STEM_BYTES], bool *named_out)
{
    const char *text = export_preset_text(preset->document, "filename_template");
    jm_status status = JM_OK;
    if (number < 0 && export_template_uses(text, "sequence"))
        status = export_sequence_next(
            core, preset->id, json_integer_value(json_object_get(photo, "session_id")),
            export_preset_int(preset->document, "sequence_start"), advance, &number);
    const struct export_values values = export_values_of(photo, preset->document, number);
    *named_out = export_template_stem(text, &values, stem_out);
    return status;
}

static bool is_remote(const json_t *preset)
{
    return strcmp(export_preset_text(preset, "renderer"), "remote") == 0;
}

static jm_status submit(const struct export_core *core, int64_t photo,
                        const struct export_preset *preset, const char *stem, size_t siblings,
                        char id_out[QUEUE_ID_SIZE])
{
    const queue_service *queue = export_queue(core);
    json_t *config = json_pack(
        "{s:O, s:I, s:s, s:I}", "preset", json_object_get(preset->document, "name"), "revision",
        (json_int_t)preset->revision, "stem", stem, "siblings", (json_int_t)siblings);
    jm_span text = jm_json_dump(config);
    json_decref(config);
    if (jm_span_absent(text))
        return export_fail(core, JM_EINVAL, "the name of the file is no valid text");
    const queue_submission submission = {
        .size = sizeof submission,
        .kind = jm_span_of(is_remote(preset->document) ? EXPORT_KIND_REMOTE : EXPORT_KIND_LOCAL),
        .config = text,
        .photo = photo,
    };
    jm_status status = queue->submit(export_queue_data(core), &submission, id_out, NULL);
    free((char *)text.ptr);
    return status < 0 ? export_fail_by_queue(core, status) : JM_OK;
}

static jm_status create_one(const struct export_core *core, const json_t *photo,
                            const struct export_preset *preset, size_t siblings, json_t *xjobs)
{
    int64_t photo_id = json_integer_value(json_object_get(photo, "id"));
    char stem[EXPORT_STEM_BYTES];
    char id[QUEUE_ID_SIZE];
    json_t *job = NULL;
    bool named;
    jm_status status = export_stem_make(core, photo, preset, -1, true, stem, &named);
    if (status == JM_OK)
        status = submit(core, photo_id, preset, named ? stem : "", siblings, id);
    if (status == JM_OK)
        status = export_job_read(core, id, &job);
    if (status == JM_OK)
        json_array_append_new(xjobs, export_xjob(core, job));
    json_decref(job);
    return status;
}

/* Names of the presets that are enabled. */
static jm_status enabled_names(const struct export_core *core, json_t **names_out)
{
    json_t *presets;
    jm_status status = export_presets_list(core, true, &presets);
    if (status < 0)
        return status;
    *names_out = json_array();
    size_t i;
    json_t *preset;
    json_array_foreach(presets, i, preset)
        json_array_append(*names_out, json_object_get(preset, "name"));
    json_decref(presets);
    return JM_OK;
}

/* The presets of those names that there are. */
static jm_status find_presets(const struct export_core *core, const json_t *names,
                              struct export_preset *presets_out, size_t *count_out,
                              size_t *local_out)
{
    size_t i;
    json_t *name;
    json_array_foreach((json_t *)names, i, name)
    {
        struct export_preset *preset = &presets_out[*count_out];
        jm_status status = json_is_string(name)
                               ? export_preset_find(core, json_string_value(name), preset)
                               : JM_ENOENT;
        if (status == JM_OK) {
            *local_out += !is_remote(preset->document);
            (*count_out)++;
        } else if (status != JM_ENOENT) {
            return status;
        }
    }
    return JM_OK;
}

static jm_status create_all(const struct export_core *core, const json_t *photo,
                            const json_t *names, json_t *xjobs)
{
    struct export_preset *presets = calloc(json_array_size(names) + 1, sizeof *presets);
    size_t count = 0;
    size_t local = 0;
    if (presets == NULL)
        return export_fail(core, JM_ENOMEM, "out of memory");
    jm_status status = find_presets(core, names, presets, &count, &local);
    for (size_t i = 0; status == JM_OK && i < count; i++)
        status = create_one(core, photo, &presets[i], local, xjobs);
    for (size_t i = 0; i < count; i++)
        json_decref(presets[i].document);
    free(presets);
    return status;
}

jm_status export_jobs_create(const struct export_core *core, int64_t photo, const json_t *names,
                             json_t **xjobs_out)
{
    json_t *known = NULL;
    json_t *all = json_incref((json_t *)names);
    *xjobs_out = json_array();
    jm_status status = export_queue(core) == NULL ? export_queue_away(core) : JM_OK;
    if (status == JM_OK)
        status = export_photo_read(core, photo, &known);
    if (status == JM_OK && all == NULL)
        status = enabled_names(core, &all);
    if (status == JM_OK)
        status = create_all(core, known, all, *xjobs_out);
    json_decref(known);
    json_decref(all);
    if (status < 0) {
        json_decref(*xjobs_out);
        *xjobs_out = NULL;
    }
    return status;
}
