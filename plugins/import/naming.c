/* Names and folders of the library. Pure. [any] */
#include "naming.h"

#include <junmai/sdk/path.h>
#include <stdio.h>

/* Where the extension begins; the end where there is none. A leading dot begins no extension. */
static size_t stem_length(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot == NULL || dot == name ? strlen(name) : (size_t)(dot - name);
}

jm_span name_stem(const char *name)
{
    return (jm_span){name, stem_length(name)};
}

void name_join(jm_span stem, const char *suffix, const char *extension, char name_out[NAME_BYTES])
{
    jm_span tail = jm_span_cut(jm_span_of(extension), 64);
    stem = jm_span_cut(stem, NAME_MAX - strlen(suffix) - tail.len);
    snprintf(name_out, NAME_BYTES, "%.*s%s%.*s", (int)stem.len, stem.ptr, suffix, (int)tail.len,
             tail.ptr);
}

void name_from_path(const char *path, char name_out[NAME_BYTES])
{
    const char *slash = strrchr(path, '/');
    char *text = jm_path_text(jm_span_of(slash == NULL ? path : slash + 1));
    const char *name = text == NULL ? "photograph" : text;
    size_t stem = stem_length(name);
    name_join((jm_span){name, stem}, "", name + stem, name_out);
    free(text);
}

void name_numbered(const char *name, unsigned number, char name_out[NAME_BYTES])
{
    char suffix[16] = "";
    if (number > 0) {
        snprintf(suffix, sizeof suffix, "_%u", number);
    }
    size_t stem = stem_length(name);
    name_join((jm_span){name, stem}, suffix, name + stem, name_out);
}
