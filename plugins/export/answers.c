/* Answers of the routes. */
#include "routes.h"

#include <stdarg.h>

json_t *export_message(const char *format, ...)
{
    char text[EXPORT_REASON_BYTES];
    va_list args;
    va_start(args, format);
    int written = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return json_pack("{s:o}", "message", jm_json_text(jm_formatted(text, sizeof text, written)));
}

jm_status export_answer(const struct export_core *core, jm_id request, int32_t http_status,
                        json_t *fields_take)
{
    if (fields_take != NULL)
        json_object_set_new(fields_take, "success", json_true());
    return jm_json_respond(core->api.http, core->api.host, request, http_status, fields_take);
}

jm_status export_refuse(const struct export_core *core, jm_id request, int32_t http_status,
                        const char *format, ...)
{
    char text[JM_SENTENCE_BYTES + 2];
    va_list args;
    va_start(args, format);
    int written = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return core->api.http->respond_error(core->api.host, request, http_status,
                                         jm_formatted(text, sizeof text, written));
}

char *export_param(const struct export_core *core, jm_id request, const char *name)
{
    jm_span value = {0};
    (void)core->api.http->get_param(core->api.host, request, name, &value);
    return jm_span_dup(value);
}
