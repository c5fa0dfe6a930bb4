/* Event types as Python; see codegen.h. The functional form of TypedDict takes fields whose names are
 * words of the language. */
#include "codegen.h"

#include <stdlib.h>

static const struct jmc_word words[] = {
    {"string", "str"},      {"integer", "int"},           {"number", "float"}, {"boolean", "bool"},
    {"array", "list[Any]"}, {"object", "dict[str, Any]"}, {"null", "None"},    {NULL, NULL},
};

static void add_field(struct jmc_buffer *out, const struct jmc_event_type *type, const char *field,
                      const json_t *schema)
{
    const bool required = jmc_event_field_is_required(type, field);
    char *help = jmc_event_comment(json_object_get(schema, "description"));
    if (help[0] != '\0') {
        jmc_buffer_addf(out, "    # %s\n", help);
    }
    jmc_buffer_addf(out, "    ");
    jmc_event_literal(out, field);
    jmc_buffer_addf(out, ": %s", required ? "" : "NotRequired[");
    jmc_event_field_words(out, schema, words, "Any");
    jmc_buffer_addf(out, "%s,\n", required ? "" : "]");
    free(help);
}

static void add_type(struct jmc_buffer *out, const struct jmc_event_type *type)
{
    const char *field;
    json_t *schema;
    jmc_buffer_addf(out, "\n# %s\n%s = TypedDict(\"%s\", {\n    \"type\": Literal[", type->help,
                    type->name, type->name);
    jmc_event_literal(out, type->type);
    jmc_buffer_addf(out, "],\n"
                         "    \"timestamp\": str,\n"
                         "    \"channel\": NotRequired[Channel],\n"
                         "    \"seq\": int,\n");
    json_object_foreach((json_t *)type->fields, field, schema)
    {
        if (!jmc_event_field_is_common(field)) {
            add_field(out, type, field, schema);
        }
    }
    jmc_buffer_addf(out, "})\n");
}

void jmc_codegen_python(struct jmc_buffer *out, const struct jmc_event_types *types)
{
    jmc_buffer_addf(out, "\"\"\"The events of a Junmai host, written by `junmai codegen python` "
                         "from what its plugins declare.\n\n"
                         "Write it again rather than change it.\n\"\"\"\n"
                         "from typing import Any, Literal, NotRequired, TypedDict, Union\n\n"
                         "Channel = Literal[\n");
    for (size_t i = 0; i < types->channel_count; i++) {
        jmc_buffer_addf(out, "    ");
        jmc_event_literal(out, types->channels[i]);
        jmc_buffer_addf(out, ",\n");
    }
    jmc_buffer_addf(out, "]\n");
    for (size_t i = 0; i < types->count; i++) {
        add_type(out, &types->items[i]);
    }
    jmc_buffer_addf(out, "\nEvent = Union[\n");
    for (size_t i = 0; i < types->count; i++) {
        jmc_buffer_addf(out, "    %s,\n", types->items[i].name);
    }
    jmc_buffer_addf(out, "]\n");
}
