/* From an AsyncAPI document to a list of event types; see codegen.h. */
#include "codegen.h"

#include "cli.h"
#include "json.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void jmc_buffer_addf(struct jmc_buffer *out, const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    const int bytes = vasprintf(&text, format, args);
    va_end(args);
    if (bytes >= 0) {
        jmc_buffer_add(out, text, (size_t)bytes);
        free(text);
    }
}

void jmc_event_literal(struct jmc_buffer *out, const char *text)
{
    json_t *value = json_string(text);
    char *literal = json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
    jmc_buffer_addf(out, "%s", literal != NULL ? literal : "\"\"");
    free(literal);
    json_decref(value);
}

char *jmc_event_comment(const json_t *text)
{
    const char *given = json_string_value(text);
    char *line = jmc_text_copy(given != NULL ? given : "");
    for (char *at = line; *at != '\0'; at++) {
        const bool ends_comment = at[0] == '*' && at[1] == '/';
        if ((unsigned char)*at < ' ' || ends_comment) {
            *at = ' ';
        }
    }
    return line;
}

bool jmc_event_field_is_common(const char *field)
{
    static const char *const common[] = {"type", "timestamp", "channel", "seq"};
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
        if (strcmp(common[i], field) == 0) {
            return true;
        }
    }
    return false;
}

bool jmc_event_field_is_required(const struct jmc_event_type *type, const char *field)
{
    size_t i;
    json_t *name;
    json_array_foreach(type->required, i, name)
    {
        const char *text = json_string_value(name);
        if (text != NULL && strcmp(text, field) == 0) {
            return true;
        }
    }
    return false;
}

static const char *word_of(const struct jmc_word *words, const json_t *type)
{
    const char *text = json_string_value(type);
    while (words->type != NULL && (text == NULL || strcmp(words->type, text) != 0)) {
        words++;
    }
    return words->word;
}

void jmc_event_field_words(struct jmc_buffer *out, const json_t *schema,
                           const struct jmc_word *words, const char *unknown)
{
    const json_t *listed = json_object_get(schema, "type");
    const size_t count = json_is_array(listed) ? json_array_size(listed) : 1;
    const char *said[8] = {0};
    size_t said_count = 0;
    for (size_t i = 0; i < count && said_count < sizeof said / sizeof said[0]; i++) {
        const char *word =
            word_of(words, json_is_array(listed) ? json_array_get(listed, i) : listed);
        bool is_new = word != NULL;
        for (size_t k = 0; k < said_count && is_new; k++) {
            is_new = strcmp(said[k], word) != 0;
        }
        if (is_new) {
            jmc_buffer_addf(out, "%s%s", said_count > 0 ? " | " : "", word);
            said[said_count++] = word;
        }
    }
    if (said_count == 0) {
        jmc_buffer_addf(out, "%s", unknown);
    }
}

/* "photo.lens_found" is PhotoLensFound. NULL where nothing of it can stand in a name. */
static char *name_of(const char *type)
{
    struct jmc_buffer name = {0};
    bool begins_word = true;
    for (const char *at = type; *at != '\0'; at++) {
        const unsigned char byte = (unsigned char)*at;
        if (isascii(byte) && isalnum(byte)) {
            const char letter = (char)(begins_word ? toupper(byte) : byte);
            if (name.used == 0 && isdigit(byte)) {
                jmc_buffer_add(&name, "Event", 5);
            }
            jmc_buffer_add(&name, &letter, 1);
        }
        begins_word = !(isascii(byte) && isalnum(byte));
    }
    return name.bytes;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int by_type(const void *a, const void *b)
{
    return strcmp(((const struct jmc_event_type *)a)->type,
                  ((const struct jmc_event_type *)b)->type);
}

static bool add_type(struct jmc_event_types *types, const char *type, const json_t *message)
{
    const json_t *payload = json_object_get(message, "payload");
    char *name = name_of(type);
    if (name == NULL || !json_is_object(json_object_get(payload, "properties"))) {
        (void)jmc_complain("the document says nothing useful about the event type '%s': is it the "
                           "/asyncapi.json of a Junmai host?",
                           type);
        free(name);
        return false;
    }
    types->items = jmc_memory_resize(types->items, types->count + 1, sizeof *types->items);
    types->items[types->count++] = (struct jmc_event_type){
        .type = type,
        .name = name,
        .help = jmc_event_comment(json_object_get(message, "summary")),
        .fields = json_object_get(payload, "properties"),
        .required = json_object_get(payload, "required"),
    };
    return true;
}

/* The types of a channel, whose list only refers to them. */
static bool add_channel(struct jmc_event_types *types, const json_t *messages, const char *name,
                        const json_t *channel)
{
    const char *type;
    json_t *reference;
    if (name[0] == '_' || name[0] == '/') {
        return true;
    }
    types->channels =
        jmc_memory_resize(types->channels, types->channel_count + 1, sizeof *types->channels);
    types->channels[types->channel_count++] = name;
    json_object_foreach(json_object_get(channel, "messages"), type, reference)
    {
        if (!add_type(types, type, json_object_get(messages, type))) {
            return false;
        }
    }
    return true;
}

static bool names_differ(const struct jmc_event_types *types)
{
    for (size_t i = 1; i < types->count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(types->items[i].name, types->items[k].name) == 0) {
                (void)jmc_complain("the event types '%s' and '%s' would both be called %s: rename "
                                   "one of them in its plugin",
                                   types->items[k].type, types->items[i].type,
                                   types->items[i].name);
                return false;
            }
        }
    }
    return true;
}

bool jmc_event_types_init(struct jmc_event_types *types_out, const json_t *document)
{
    const json_t *messages = json_object_get(json_object_get(document, "components"), "messages");
    const char *name;
    json_t *channel;
    *types_out = (struct jmc_event_types){0};
    json_object_foreach(json_object_get(document, "channels"), name, channel)
    {
        if (!add_channel(types_out, messages, name, channel)) {
            return false;
        }
    }
    if (types_out->count == 0) {
        (void)jmc_complain("the document declares no event: is it the /asyncapi.json of a Junmai "
                           "host with its plugins?");
        return false;
    }
    qsort(types_out->channels, types_out->channel_count, sizeof *types_out->channels, by_text);
    qsort(types_out->items, types_out->count, sizeof *types_out->items, by_type);
    return names_differ(types_out);
}

void jmc_event_types_fini(struct jmc_event_types *types)
{
    for (size_t i = 0; i < types->count; i++) {
        free(types->items[i].name);
        free(types->items[i].help);
    }
    free(types->items);
    free(types->channels);
    *types = (struct jmc_event_types){0};
}
