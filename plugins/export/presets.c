/* Presets in the store. */
#include "presets.h"

#define COLUMNS                                                                  \
    "SELECT p.id, p.revision, p.enabled, p.created_ms, p.updated_ms, r.document" \
    " FROM export_presets p JOIN export_preset_revisions r ON r.id = p.revision "

struct export_rules export_rules_of(const struct export_core *core)
{
    return (struct export_rules){&core->formats, &core->options.roots, core->options.exports};
}

static json_t *time_json(int64_t utc_ms)
{
    char text[JM_UTC_BYTES];
    jm_utc_format(utc_ms, text);
    return json_string(text);
}

static json_t *document_of(const jm_value *columns)
{
    json_t *document = json_loadb(columns[5].bytes.ptr, columns[5].bytes.len, 0, NULL);
    json_object_set_new(document, "enabled", json_boolean(columns[2].integer != 0));
    json_object_set_new(document, "created_at", time_json(columns[3].integer));
    json_object_set_new(document, "updated_at", time_json(columns[4].integer));
    json_object_set_new(document, "revision", json_integer(columns[1].integer));
    return document;
}

static jm_status take_preset(void *user, const jm_value *columns, size_t count)
{
    struct export_preset *preset = user;
    (void)count;
    *preset = (struct export_preset){columns[0].integer, columns[1].integer, document_of(columns)};
    return preset->document == NULL ? JM_ENOMEM : JM_OK;
}

jm_status export_preset_find(const struct export_core *core, const char *name,
                             struct export_preset *preset_out)
{
    const jm_value args[] = {JM_TEXT(jm_span_of(name))};
    *preset_out = (struct export_preset){0};
    jm_status status =
        export_exec(core, COLUMNS "WHERE p.name = ?1", args, take_preset, preset_out, NULL);
    if (status == JM_OK && preset_out->id == 0)
        status = export_fail(core, JM_ENOENT, "Preset '%s' not found", name);
    return status;
}

static jm_status append_document(void *user, const jm_value *columns, size_t count)
{
    (void)count;
    return json_array_append_new(user, document_of(columns)) < 0 ? JM_ENOMEM : JM_OK;
}

jm_status export_presets_list(const struct export_core *core, bool enabled_only,
                              json_t **presets_out)
{
    const jm_value args[] = {JM_INT(enabled_only)};
    *presets_out = json_array();
    jm_status status = export_exec(core, COLUMNS "WHERE p.enabled >= ?1 ORDER BY p.id", args,
                                   append_document, *presets_out, NULL);
    if (status < 0) {
        json_decref(*presets_out);
        *presets_out = NULL;
    }
    return status;
}

static jm_status take_document(void *user, const jm_value *columns, size_t count)
{
    json_t **document_out = user;
    (void)count;
    *document_out = json_loadb(columns[0].bytes.ptr, columns[0].bytes.len, 0, NULL);
    return *document_out == NULL ? JM_ENOMEM : JM_OK;
}

jm_status export_preset_revision(const struct export_core *core, int64_t revision,
                                 json_t **document_out)
{
    const jm_value args[] = {JM_INT(revision)};
    *document_out = NULL;
    jm_status status = export_exec(core,
                                   "SELECT document FROM export_preset_revisions"
                                   " WHERE id = ?1",
                                   args, take_document, document_out, NULL);
    if (status == JM_OK && *document_out == NULL)
        status = export_fail(core, JM_ENOENT, "the preset of this export is gone");
    return status;
}

static jm_status add_revision(const struct export_core *core, int64_t preset,
                              const json_t *document, int64_t now_ms, int64_t *revision_out)
{
    jm_exec_result result = {0};
    jm_span text = jm_json_dump(document);
    if (jm_span_absent(text))
        return JM_ENOMEM;
    const jm_value args[] = {JM_INT(preset), JM_TEXT(text), JM_INT(now_ms)};
    jm_status status = export_exec(core,
                                   "INSERT INTO export_preset_revisions(preset, document,"
                                   " created_ms) VALUES(?1, ?2, ?3)",
                                   args, NULL, NULL, &result);
    free((char *)text.ptr);
    *revision_out = result.last_row_id;
    return status;
}

static jm_status point_at(const struct export_core *core, int64_t preset, const json_t *document,
                          int64_t now_ms)
{
    int64_t revision = 0;
    jm_status status = add_revision(core, preset, document, now_ms, &revision);
    const jm_value args[] = {JM_INT(preset), JM_INT(revision),
                             JM_TEXT(jm_span_of(export_preset_text(document, "name"))),
                             JM_INT(export_preset_flag(document, "enabled")), JM_INT(now_ms)};
    if (status == JM_OK)
        status = export_exec(core,
                             "UPDATE export_presets SET revision = ?2, name = ?3, enabled = ?4,"
                             " updated_ms = ?5 WHERE id = ?1",
                             args, NULL, NULL, NULL);
    return status;
}

static jm_status say_taken(const struct export_core *core, jm_status status, const json_t *document)
{
    if (status != JM_EEXIST)
        return status;
    return export_fail(core, JM_EEXIST, "Preset '%s' already exists",
                       export_preset_text(document, "name"));
}

jm_status export_preset_add(const struct export_core *core, const json_t *document)
{
    jm_exec_result result = {0};
    int64_t now_ms = core->api.clock->utc_ms(core->api.host);
    const jm_value args[] = {JM_TEXT(jm_span_of(export_preset_text(document, "name"))),
                             JM_INT(now_ms)};
    jm_status status = export_exec(core,
                                   "INSERT INTO export_presets(name, enabled, revision,"
                                   " created_ms, updated_ms) VALUES(?1, 0, 0, ?2, ?2)",
                                   args, NULL, NULL, &result);
    if (status == JM_OK)
        status = point_at(core, result.last_row_id, document, now_ms);
    return say_taken(core, status, document);
}

jm_status export_preset_replace(const struct export_core *core, const struct export_preset *preset,
                                const json_t *document)
{
    int64_t now_ms = core->api.clock->utc_ms(core->api.host);
    return say_taken(core, point_at(core, preset->id, document, now_ms), document);
}

jm_status export_preset_enable(const struct export_core *core, int64_t preset, bool enabled)
{
    const jm_value args[] = {JM_INT(preset), JM_INT(enabled),
                             JM_INT(core->api.clock->utc_ms(core->api.host))};
    return export_exec(core,
                       "UPDATE export_presets SET enabled = ?2, updated_ms = ?3 WHERE id = ?1",
                       args, NULL, NULL, NULL);
}

jm_status export_preset_remove(const struct export_core *core, int64_t preset)
{
    const jm_value args[] = {JM_INT(preset)};
    return export_exec(core, "DELETE FROM export_presets WHERE id = ?1", args, NULL, NULL, NULL);
}

jm_status export_presets_clear(const struct export_core *core)
{
    return core->api.store->exec(core->api.host, "DELETE FROM export_presets", NULL, 0, NULL, NULL,
                                 NULL);
}
