/* The document in its verbs. Answers and sentences are those of the wire contract, in which POST and
 * PUT say the same differently. */
#include "settings_routes.h"

#include "rules.h"
#include "settings.h"

#include <junmai/sdk/routes.h>

/* The body, owned by the caller; an empty one is a fault with that sentence. */
static jm_status read_body(const struct system_core *core, const jm_request *request,
                           const char *when_empty, json_t **document_out)
{
    json_error_t fault;
    *document_out = json_loadb(request->body.ptr, request->body.len, 0, &fault);
    if (*document_out == NULL)
        return system_fail(core, JM_EINVAL, "this is not JSON: %s (line %d, column %d)", fault.text,
                           fault.line, fault.column);
    return json_object_size(*document_out) > 0 ? JM_OK
                                               : system_fail(core, JM_EINVAL, "%s", when_empty);
}

static jm_status on_get(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    json_t *document = NULL;
    jm_status status = settings_read(core, &document);
    return status < 0 ? status : system_respond(core, request->id, 200, document);
}

static jm_status on_export(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    json_t *document = NULL;
    jm_status status = settings_read(core, &document);
    if (status < 0)
        return status;
    core->api.http->set_header(core->host, request->id, "Content-Disposition",
                               JM_SPAN("attachment; filename=\"junmai_config_export.json\""));
    return system_respond(core, request->id, 200, document);
}

static jm_status on_post(void *user, const jm_request *request)
{
    struct system_core *core = user;
    char sentence[RULES_SENTENCE_BYTES];
    json_t *document = NULL;
    jm_status status = read_body(core, request, "No configuration data provided", &document);
    if (status == JM_OK && !rules_check(document, sentence))
        status = system_fail(core, JM_EINVAL, "Invalid configuration: %s", sentence);
    if (status == JM_OK)
        status = settings_replace(core, document);
    json_decref(document);
    if (status < 0)
        return status;
    return system_respond(core, request->id, 200,
                          json_pack("{s:s}", "message", "Configuration saved successfully"));
}

static jm_status refuse_put(const struct system_core *core, jm_id request, const char *details)
{
    return system_respond(
        core, request, 400,
        json_pack("{s:s, s:s}", "error", "Invalid configuration", "details", details));
}

static jm_status on_put(void *user, const jm_request *request)
{
    struct system_core *core = user;
    char sentence[RULES_SENTENCE_BYTES];
    json_t *document = json_loadb(request->body.ptr, request->body.len, 0, NULL);
    jm_status status = JM_OK;
    if (json_object_size(document) == 0) {
        json_decref(document);
        return refuse_put(core, request->id, "No configuration data provided");
    }
    bool valid = rules_check(document, sentence);
    if (valid)
        status = settings_replace(core, document);
    json_decref(document);
    if (!valid)
        return refuse_put(core, request->id, sentence);
    if (status < 0)
        return status;
    return system_respond(core, request->id, 200,
                          json_pack("{s:s}", "message", "Configuration updated successfully"));
}

static jm_status on_validate(void *user, const jm_request *request)
{
    const struct system_core *core = user;
    char sentence[RULES_SENTENCE_BYTES];
    json_t *document = NULL;
    jm_status status = read_body(core, request, "Configuration data is required", &document);
    bool valid = status == JM_OK && rules_check(document, sentence);
    json_decref(document);
    if (status < 0)
        return status;
    json_t *answer = valid
                         ? json_pack("{s:b, s:s}", "valid", 1, "message", "Configuration is valid")
                         : json_pack("{s:b, s:s}", "valid", 0, "error", sentence);
    return system_respond(core, request->id, 200, answer);
}

static jm_status on_reset(void *user, const jm_request *request)
{
    struct system_core *core = user;
    json_t *document = rules_default();
    jm_status status = document == NULL ? JM_ENOMEM : settings_replace(core, document);
    if (status < 0) {
        json_decref(document);
        return status;
    }
    return system_respond(
        core, request->id, 200,
        json_pack("{s:s, s:o}", "message", "Configuration reset to defaults", "config", document));
}

static const jm_route routes[] = {
    {.method = "GET", .path = "/config", .fn = on_get, .help = "The studio's document."},
    {.method = "POST",
     .path = "/config",
     .fn = on_post,
     .help = "Replace the whole document; effective at once."},
    {.method = "PUT",
     .path = "/config",
     .fn = on_put,
     .help = "Replace the whole document; effective at once."},
    {.method = "POST",
     .path = "/config/validate",
     .fn = on_validate,
     .help = "Whether a document would be accepted, and if not, why."},
    {.method = "POST",
     .path = "/config/reset",
     .fn = on_reset,
     .flags = JM_ROUTE_BODY_OPTIONAL,
     .help = "Go back to the default document."},
    {.method = "GET",
     .path = "/config/export",
     .fn = on_export,
     .help = "The document as a file to keep."},
};

jm_status settings_routes_add(struct system_core *core)
{
    return jm_routes_add(core->api.http, core->host, routes, JM_COUNT(routes), core);
}
