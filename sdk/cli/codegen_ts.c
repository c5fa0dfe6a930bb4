/* Event types as TypeScript; see codegen.h. */
#include "codegen.h"

#include <stdlib.h>
#include <string.h>

static const struct jmc_word words[] = {
    {"string", "string"},   {"integer", "number"},  {"number", "number"},
    {"boolean", "boolean"}, {"array", "unknown[]"}, {"object", "Record<string, unknown>"},
    {"null", "null"},       {NULL, NULL},
};

/* Without quotation marks where it can stand so. */
static void add_name(struct jmc_buffer *out, const char *field)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    if (field[0] != '\0' && strspn(field, letters) == strlen(field)) {
        jmc_buffer_addf(out, "%s", field);
    } else {
        jmc_event_literal(out, field);
    }
}

static void add_field(struct jmc_buffer *out, const struct jmc_event_type *type, const char *field,
                      const json_t *schema)
{
    char *help = jmc_event_comment(json_object_get(schema, "description"));
    if (help[0] != '\0') {
        jmc_buffer_addf(out, "  /** %s */\n", help);
    }
    jmc_buffer_addf(out, "  ");
    add_name(out, field);
    jmc_buffer_addf(out, "%s: ", jmc_event_field_is_required(type, field) ? "" : "?");
    jmc_event_field_words(out, schema, words, "unknown");
    jmc_buffer_addf(out, ";\n");
    free(help);
}

static void add_type(struct jmc_buffer *out, const struct jmc_event_type *type)
{
    const char *field;
    json_t *schema;
    jmc_buffer_addf(out, "/** %s */\nexport interface %s extends Envelope {\n  type: ", type->help,
                    type->name);
    jmc_event_literal(out, type->type);
    jmc_buffer_addf(out, ";\n");
    json_object_foreach((json_t *)type->fields, field, schema)
    {
        if (!jmc_event_field_is_common(field)) {
            add_field(out, type, field, schema);
        }
    }
    jmc_buffer_addf(out, "}\n\n");
}

void jmc_codegen_ts(struct jmc_buffer *out, const struct jmc_event_types *types)
{
    jmc_buffer_addf(out, "/* The events of a Junmai host, written by `junmai codegen ts` from what "
                         "its plugins declare.\n"
                         " * Write it again rather than change it. */\n\n"
                         "export type Channel =");
    for (size_t i = 0; i < types->channel_count; i++) {
        jmc_buffer_addf(out, "\n  | ");
        jmc_event_literal(out, types->channels[i]);
    }
    jmc_buffer_addf(out, ";\n\n"
                         "/** What every event has. One for everyone has no channel. */\n"
                         "export interface Envelope {\n"
                         "  type: string;\n"
                         "  /** UTC, with milliseconds */\n"
                         "  timestamp: string;\n"
                         "  channel?: Channel;\n"
                         "  /** only grows, within an epoch of the host */\n"
                         "  seq: number;\n"
                         "}\n\n");
    for (size_t i = 0; i < types->count; i++) {
        add_type(out, &types->items[i]);
    }
    jmc_buffer_addf(out, "/** Each event type by its name. */\nexport interface EventMap {\n");
    for (size_t i = 0; i < types->count; i++) {
        jmc_buffer_addf(out, "  ");
        add_name(out, types->items[i].type);
        jmc_buffer_addf(out, ": %s;\n", types->items[i].name);
    }
    jmc_buffer_addf(out, "}\n");
}
