/* Which formats can be written here: asked of the renderer at each start. Loop thread. */
#ifndef EXPORT_FORMATS_H
#define EXPORT_FORMATS_H

#include <junmai/types.h>
#include <stdbool.h>

struct export_core;

/* In the order of export_format_names. */
#define EXPORT_FORMAT_COUNT 7

struct export_formats {
    bool known; /* the renderer has answered */
    bool asked; /* and will, unless it has */
    bool present[EXPORT_FORMAT_COUNT];
};

extern const char *const export_format_names[EXPORT_FORMAT_COUNT];

/* The extension of a format's files, with its dot; "" for a format that there is not. */
const char *export_format_extension(const char *format);
/* Whether the format can be written, as far as is known. */
bool export_format_is_present(const struct export_formats *formats, const char *format);
/* Ask; once more each time until there is an answer. */
void export_formats_ask(struct export_core *core);

#endif
