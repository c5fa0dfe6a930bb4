/* Level, sentence, fields. */
#include "feed_line.h"

#include "log_lines.h"

#include <junmai/sdk/utc.h>

#define MESSAGE_BYTES 512

static const char *text_at(const json_t *event, const char *key)
{
    const char *text = json_string_value(json_object_get(event, key));
    return text == NULL ? "" : text;
}

static const char *level_of(const char *type)
{
    if (strcmp(type, "error_occurred") == 0 || strcmp(type, "job_failed") == 0 ||
        strcmp(type, "export_failed") == 0)
        return "ERROR";
    return strcmp(type, "resource_warning") == 0 ? "WARNING" : "INFO";
}

static bool is_envelope(const char *key)
{
    return strcmp(key, "type") == 0 || strcmp(key, "timestamp") == 0 ||
           strcmp(key, "channel") == 0 || strcmp(key, "seq") == 0;
}

/* "photo_imported photo_id=7 file_name=a.jpg": what an event says, where it has no sentence. */
static void spell(const json_t *event, char message[MESSAGE_BYTES])
{
    const char *key;
    json_t *value;
    size_t used = (size_t)snprintf(message, MESSAGE_BYTES, "%.64s", text_at(event, "type"));
    json_object_foreach((json_t *)event, key, value)
    {
        char *text = is_envelope(key) || json_is_object(value) || json_is_array(value)
                         ? NULL
                         : json_dumps(value, JSON_ENCODE_ANY);
        size_t needed = text == NULL ? MESSAGE_BYTES : strlen(key) + strlen(text) + 2;
        if (used + needed < MESSAGE_BYTES)
            used += (size_t)snprintf(message + used, MESSAGE_BYTES - used, " %s=%s", key, text);
        free(text);
    }
}

static void make_message(const json_t *event, char message[MESSAGE_BYTES])
{
    const char *sentence = text_at(event, "error_message");
    if (sentence[0] == '\0' && strcmp(text_at(event, "type"), "resource_warning") == 0)
        sentence = text_at(event, "message");
    if (sentence[0] == '\0') {
        spell(event, message);
        return;
    }
    jm_span cut = jm_span_cut(jm_span_of(sentence), MESSAGE_BYTES - 1);
    snprintf(message, MESSAGE_BYTES, "%.*s", JM_SPAN_ARGS(cut));
}

static json_t *fields_of(const json_t *event)
{
    json_t *fields = json_copy((json_t *)event);
    json_object_del(fields, "type");
    json_object_del(fields, "timestamp");
    return fields;
}

jm_status feed_line_write(const struct system_core *core, const json_t *event, int least)
{
    char message[MESSAGE_BYTES];
    struct log_line line = {
        .category = "main",
        .level = level_of(text_at(event, "type")),
        .logger = text_at(event, "channel"),
        .function = text_at(event, "type"),
        .message = message,
    };
    make_message(event, message);
    if (!jm_utc_parse(jm_span_of(text_at(event, "timestamp")), &line.at_ms))
        line.at_ms = core->api.clock->utc_ms(core->host);
    jm_status status = log_lines_add(core, &line, least, fields_of(event));
    if (status < 0 || strcmp(line.level, "ERROR") != 0)
        return status;
    line.category = "errors";
    return log_lines_add(core, &line, least, fields_of(event));
}
