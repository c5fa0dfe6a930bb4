/* Both directions. The document's list is compared with what it should be, so that our own writing
 * is never taken for somebody's. */
#include "mirror.h"

#include "jobs.h"
#include "presets.h"

#include <system/system.h>

static const char *const mirrored[] = {"name",          "enabled",     "format",     "quality",
                                       "max_dimension", "color_space", "destination"};

static const settings_service *settings_of(const struct export_core *core)
{
    return core->settings_slot == NULL ? NULL : core->settings_slot->table;
}

/* What export.presets should be; NULL where the presets cannot be read. */
static json_t *make_list(const struct export_core *core)
{
    json_t *presets;
    if (export_presets_list(core, false, &presets) < 0)
        return NULL;
    json_t *list = json_array();
    size_t i;
    json_t *preset;
    json_array_foreach(presets, i, preset)
    {
        json_t *few = json_object();
        for (size_t field = 0; field < JM_COUNT(mirrored); field++)
            json_object_set(few, mirrored[field], json_object_get(preset, mirrored[field]));
        json_array_append_new(list, few);
    }
    json_decref(presets);
    return list;
}

static json_t *read_list(const struct export_core *core)
{
    json_t *list = NULL;
    (void)settings_of(core)->get(core->settings_slot->provider_data, JM_SPAN("/export/presets"),
                                 export_take_json, &list);
    return list;
}

static void write_list(const struct export_core *core, const json_t *list)
{
    const settings_service *settings = settings_of(core);
    void *data = core->settings_slot->provider_data;
    jm_span text = jm_json_dump(list);
    jm_status status =
        jm_span_absent(text) ? JM_ENOMEM : settings->set(data, JM_SPAN("/export/presets"), text);
    free((char *)text.ptr);
    if (status < 0)
        export_log(core, JM_LOG_WARNING, "the studio's document does not take the presets: %.*s",
                   JM_SPAN_ARGS(settings->last_error(data)));
}

void export_mirror_write(const struct export_core *core)
{
    if (settings_of(core) == NULL)
        return;
    json_t *list = make_list(core);
    json_t *there = read_list(core);
    if (list != NULL && !json_equal(list, there))
        write_list(core, list);
    json_decref(list);
    json_decref(there);
}

static jm_status take_one(const struct export_core *core, const json_t *given)
{
    const struct export_rules rules = export_rules_of(core);
    const char *name = export_preset_text(given, "name");
    char reason[EXPORT_REASON_BYTES];
    struct export_preset before = {0};
    json_t *preset = NULL;
    jm_status status = export_preset_find(core, name, &before);
    if (status < 0 && status != JM_ENOENT)
        return status;
    status = JM_OK;
    if (export_preset_make(&rules, given, before.document, &preset, reason) != EXPORT_VALID)
        export_log(core, JM_LOG_WARNING, "preset \"%s\" of the studio's document is not taken: %s",
                   name, reason);
    else if (before.document == NULL)
        status = export_preset_add(core, preset);
    else if (!export_preset_equal(before.document, preset))
        status = export_preset_replace(core, &before, preset);
    json_decref(before.document);
    json_decref(preset);
    return status;
}

jm_status export_mirror_follow(struct export_core *core)
{
    const settings_service *settings = settings_of(core);
    if (settings == NULL)
        return JM_OK;
    uint64_t revision = settings->revision(core->settings_slot->provider_data);
    if (core->has_mirrored && revision == core->mirrored_revision)
        return JM_OK;
    json_t *there = core->has_mirrored ? read_list(core) : NULL;
    jm_status status = JM_OK;
    size_t i;
    json_t *given;
    json_array_foreach(there, i, given)
    {
        if (status == JM_OK)
            status = take_one(core, given);
    }
    json_decref(there);
    if (status == JM_OK) {
        export_mirror_write(core);
        core->has_mirrored = true;
        core->mirrored_revision = settings->revision(core->settings_slot->provider_data);
    }
    return status;
}
