/* The routes of presets. Loop thread. */
#include "mirror.h"
#include "presets.h"
#include "routes.h"

#include <junmai/sdk/query.h>
#include <junmai/sdk/routes.h>

/* The body as an object; JM_EINVAL, answered, where it is missing. */
static jm_status read_body(const struct export_core *core, const jm_request *request, jm_doc *doc)
{
    jm_status status = jm_doc_init(doc, core->api.error, core->api.host, request->body);
    if (status == JM_OK && json_object_size(doc->root) == 0)
        status = export_fail(core, JM_EINVAL, "Request body is required");
    return status;
}

static jm_status fail_by(const struct export_core *core, enum export_verdict verdict,
                         const char *reason)
{
    return export_fail(core, verdict == EXPORT_OUTSIDE ? JM_EACCES : JM_EINVAL, "%s", reason);
}

/* Answer with the preset as it is stored now. */
static jm_status answer_preset(const struct export_core *core, const jm_request *request,
                               int32_t http_status, const char *name, json_t *message_take)
{
    struct export_preset preset;
    jm_status status = export_preset_find(core, name, &preset);
    if (status < 0) {
        json_decref(message_take);
        return status;
    }
    json_object_set_new(message_take, "preset", preset.document);
    return export_answer(core, request->id, http_status, message_take);
}

/* The same after a change, with a message. */
static jm_status answer_change(const struct export_core *core, const jm_request *request,
                               int32_t http_status, const char *name, json_t *message_take)
{
    export_mirror_write(core);
    return answer_preset(core, request, http_status, name, message_take);
}

static jm_status on_list(void *user, const jm_request *request)
{
    const struct export_core *core = user;
    const jm_query query = {core->api.host, core->api.http, core->api.error, request->id};
    bool enabled_only = false;
    json_t *presets;
    jm_status status = jm_query_bool(&query, "enabled_only", &enabled_only);
    if (status == JM_OK)
        status = export_presets_list(core, enabled_only, &presets);
    if (status < 0)
        return status;
    return export_answer(
        core, request->id, 200,
        json_pack("{s:o, s:I}", "presets", presets, "count", (json_int_t)json_array_size(presets)));
}

static jm_status on_get(void *user, const jm_request *request)
{
    const struct export_core *core = user;
    char *name = export_param(core, request->id, "name");
    jm_status status =
        name == NULL ? JM_ENOMEM : answer_preset(core, request, 200, name, json_object());
    free(name);
    return status;
}

static jm_status on_create(void *user, const jm_request *request)
{
    const struct export_core *core = user;
    char reason[EXPORT_REASON_BYTES];
    json_t *preset = NULL;
    jm_doc doc;
    jm_status status = read_body(core, request, &doc);
    if (status == JM_OK) {
        enum export_verdict verdict = export_preset_new(core, doc.root, &preset, reason);
        status = verdict == EXPORT_VALID ? export_preset_add(core, preset)
                                         : fail_by(core, verdict, reason);
    }
    if (status == JM_OK) {
        const char *name = export_preset_text(preset, "name");
        status = answer_change(core, request, 201, name,
                               export_message("Preset '%s' created successfully", name));
    }
    json_decref(preset);
    jm_doc_fini(&doc);
    return status;
}

static jm_status change(const struct export_core *core, const struct export_preset *before,
                        const json_t *given, json_t **preset_out)
{
    const struct export_rules rules = export_rules_of(core);
    char reason[EXPORT_REASON_BYTES];
    enum export_verdict verdict =
        export_preset_make(&rules, given, before->document, preset_out, reason);
    if (verdict == EXPORT_VALID)
        return export_preset_replace(core, before, *preset_out);
    return export_fail(core, verdict == EXPORT_OUTSIDE ? JM_EACCES : JM_EINVAL,
                       "Failed to update preset '%s': %s",
                       export_preset_text(before->document, "name"), reason);
}

static jm_status on_change(void *user, const jm_request *request)
{
    const struct export_core *core = user;
    struct export_preset before = {0};
    json_t *preset = NULL;
    jm_doc doc;
    char *name = export_param(core, request->id, "name");
    jm_status status = read_body(core, request, &doc);
    if (status == JM_OK)
        status = name == NULL ? JM_ENOMEM : export_preset_find(core, name, &before);
    if (status == JM_OK)
        status = change(core, &before, doc.root, &preset);
    if (status == JM_OK)
        status = answer_change(core, request, 200, export_preset_text(preset, "name"),
                               export_message("Preset '%s' updated successfully", name));
    json_decref(before.document);
    json_decref(preset);
    jm_doc_fini(&doc);
    free(name);
    return status;
}

/* What is done to one preset without a body. */
enum action { ACTION_REMOVE, ACTION_ENABLE, ACTION_DISABLE };

static jm_status act(const struct export_core *core, const jm_request *request, enum action action)
{
    static const char *const done[] = {"deleted", "enabled", "disabled"};
    struct export_preset preset = {0};
    char *name = export_param(core, request->id, "name");
    jm_status status = name == NULL ? JM_ENOMEM : export_preset_find(core, name, &preset);
    if (status == JM_OK)
        status = action == ACTION_REMOVE
                     ? export_preset_remove(core, preset.id)
                     : export_preset_enable(core, preset.id, action == ACTION_ENABLE);
    if (status == JM_OK) {
        export_mirror_write(core);
        status = export_answer(core, request->id, 200,
                               export_message("Preset '%s' %s successfully", name, done[action]));
    }
    json_decref(preset.document);
    free(name);
    return status;
}

static jm_status on_remove(void *user, const jm_request *request)
{
    return act(user, request, ACTION_REMOVE);
}

static jm_status on_enable(void *user, const jm_request *request)
{
    return act(user, request, ACTION_ENABLE);
}

static jm_status on_disable(void *user, const jm_request *request)
{
    return act(user, request, ACTION_DISABLE);
}

static jm_status copy_preset(const struct export_core *core, const char *source, jm_span new_name)
{
    const struct export_rules rules = export_rules_of(core);
    char reason[EXPORT_REASON_BYTES];
    struct export_preset before = {0};
    json_t *preset = NULL;
    json_t *given = json_pack("{s:o}", "name", jm_json_text(new_name));
    jm_status status = export_preset_find(core, source, &before);
    if (status == JM_OK) {
        enum export_verdict verdict =
            export_preset_make(&rules, given, before.document, &preset, reason);
        status = verdict == EXPORT_VALID ? export_preset_add(core, preset)
                                         : fail_by(core, verdict, reason);
    }
    json_decref(before.document);
    json_decref(preset);
    json_decref(given);
    return status;
}

static jm_status on_duplicate(void *user, const jm_request *request)
{
    const struct export_core *core = user;
    jm_span new_name = {0};
    jm_doc doc;
    char *source = export_param(core, request->id, "name");
    jm_status status = jm_doc_init(&doc, core->api.error, core->api.host, request->body);
    if (status == JM_OK)
        status = jm_doc_text(&doc, "new_name", false, &new_name);
    if (status == JM_OK && new_name.len == 0)
        status = export_fail(core, JM_EINVAL, "new_name is required");
    if (status == JM_OK)
        status = source == NULL ? JM_ENOMEM : copy_preset(core, source, new_name);
    if (status == JM_OK)
        status = answer_change(
            core, request, 201, new_name.ptr,
            export_message("Preset '%s' duplicated to '%s' successfully", source, new_name.ptr));
    jm_doc_fini(&doc);
    free(source);
    return status;
}

static jm_status on_validate(void *user, const jm_request *request)
{
    const struct export_core *core = user;
    char reason[EXPORT_REASON_BYTES];
    json_t *preset = NULL;
    json_t *answer = NULL;
    jm_doc doc;
    jm_status status = read_body(core, request, &doc);
    if (status == JM_OK) {
        bool valid = export_preset_new(core, doc.root, &preset, reason) == EXPORT_VALID;
        answer = valid ? json_pack("{s:b, s:b, s:s}", "success", 1, "valid", 1, "message",
                                   "Preset is valid")
                       : json_pack("{s:b, s:b, s:s}", "success", 0, "valid", 0, "error", reason);
        status = jm_json_respond(core->api.http, core->api.host, request->id, 200, answer);
    }
    json_decref(preset);
    jm_doc_fini(&doc);
    return status;
}

static void count_in(json_t *distribution, const char *key)
{
    json_int_t before = json_integer_value(json_object_get(distribution, key));
    json_object_set_new(distribution, key, json_integer(before + 1));
}

static jm_status on_stats(void *user, const jm_request *request)
{
    const struct export_core *core = user;
    json_t *presets;
    jm_status status = export_presets_list(core, false, &presets);
    if (status < 0)
        return status;
    json_t *formats = json_object();
    json_t *spaces = json_object();
    json_int_t total = (json_int_t)json_array_size(presets);
    json_int_t enabled = 0;
    size_t i;
    json_t *preset;
    json_array_foreach(presets, i, preset)
    {
        enabled += export_preset_flag(preset, "enabled");
        count_in(formats, export_preset_text(preset, "format"));
        count_in(spaces, export_preset_text(preset, "color_space"));
    }
    json_decref(presets);
    return export_answer(core, request->id, 200,
                         json_pack("{s:{s:I, s:I, s:I, s:o, s:o}}", "stats", "total_presets", total,
                                   "enabled_presets", enabled, "disabled_presets", total - enabled,
                                   "format_distribution", formats, "color_space_distribution",
                                   spaces));
}

static const jm_route routes[] = {
    {.method = "GET",
     .path = "/export/presets",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help = "All presets, in the order in which they were made.",
     .query = "enabled_only:bool=false",
     .fn = on_list},
    {.method = "POST",
     .path = "/export/presets",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help = "Make a preset: name, enabled, format, quality, max_dimension, color_space and "
             "destination are required.",
     .fn = on_create},
    {.method = "GET",
     .path = "/export/presets/stats",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help = "How many presets there are, by format and colour space.",
     .fn = on_stats},
    {.method = "POST",
     .path = "/export/presets/validate",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help = "Whether a preset could be made; if not, which field is wrong and what is allowed.",
     .fn = on_validate},
    {.method = "GET",
     .path = "/export/presets/{name}",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help = "A preset.",
     .fn = on_get},
    {.method = "PUT",
     .path = "/export/presets/{name}",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help = "Change fields of a preset, its name too; jobs that wait keep what it was.",
     .fn = on_change},
    {.method = "DELETE",
     .path = "/export/presets/{name}",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help = "Remove a preset; jobs that wait are still rendered with it.",
     .fn = on_remove},
    {.method = "POST",
     .path = "/export/presets/{name}/enable",
     .flags = JM_ROUTE_SUCCESS_FORM | JM_ROUTE_BODY_OPTIONAL,
     .help = "Export with this preset whenever a photograph is exported by itself.",
     .fn = on_enable},
    {.method = "POST",
     .path = "/export/presets/{name}/disable",
     .flags = JM_ROUTE_SUCCESS_FORM | JM_ROUTE_BODY_OPTIONAL,
     .help = "Export with this preset only where it is named.",
     .fn = on_disable},
    {.method = "POST",
     .path = "/export/presets/{name}/duplicate",
     .flags = JM_ROUTE_SUCCESS_FORM,
     .help = "Make a preset like this one, called new_name.",
     .fn = on_duplicate},
};

jm_status export_preset_routes_add(struct export_core *core)
{
    return jm_routes_add(core->api.http, core->api.host, routes, JM_COUNT(routes), core);
}
