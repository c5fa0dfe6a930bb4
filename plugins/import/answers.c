/* Answers that are not a plain success. */
#include "answers.h"

#include <junmai/sdk/json.h>

static void give(const struct import_core *core, jm_id request, int32_t http_status,
                 json_t *json_take)
{
    jm_status status = jm_json_respond(core->http, core->host, request, http_status, json_take);
    if (status < 0 && status != JM_EGONE) {
        JM_LOGF(core->log, core->host, JM_LOG_ERROR, "an answer could not be given: %.*s",
                JM_SPAN_ARGS(core->error->last(core->host)));
    }
}

void answer_failure(const struct import_core *core, jm_id request, const struct verdict *verdict,
                    const char *prefix, json_t *more_take)
{
    char text[sizeof verdict->text + 64];
    json_t *json = more_take == NULL ? json_object() : more_take;
    bool duplicate = verdict->http_status == 409;
    snprintf(text, sizeof text, "%s: %s", prefix, verdict->text);
    json_object_set_new(json, "error", json_string(duplicate ? "Duplicate file detected" : text));
    json_object_set_new(json, "details", json_string(verdict->text));
    if (verdict->http_status == 503) {
        core->http->set_header(core->host, request, "Retry-After", jm_span_of("2"));
    }
    give(core, request, verdict->http_status, json);
}

void answer_success(const struct import_core *core, jm_id request, json_t *json_take)
{
    give(core, request, 200, json_take);
}

jm_status answer_by_catalog(const struct import_core *core, jm_status status)
{
    const catalog_service *catalog = catalog_of(core);
    if (status < 0 && catalog != NULL) {
        jm_span sentence = catalog->last_error(catalog_data(core));
        return import_fail(core, status, "%.*s", JM_SPAN_ARGS(sentence));
    }
    return status;
}

jm_status answer_if_away(const struct import_core *core)
{
    if (!core->accepting) {
        return import_fail(core, JM_EBUSY, "importing is being stopped; try again in a moment");
    }
    if (catalog_of(core) == NULL) {
        return import_fail(core, JM_EBUSY,
                           "the plugin catalog is away, which import needs; try again in a moment");
    }
    return JM_OK;
}
