/* Reading templates, one piece after the other. */
#include "template.h"

#include <junmai/sdk/span.h>
#include <limits.h>
#include <stdio.h>

#define VALUE_BYTES 512

static const char *const variables[] = {"date", "time",   "sequence", "original", "year", "month",
                                        "day",  "preset", "session",  "camera",   "iso",  "rating"};

/* One piece: the name of a variable, or text between two. */
struct piece {
    jm_span text;
    bool is_variable;
    bool is_broken; /* a brace that does not fit */
};

static bool next_piece(const char **at, struct piece *piece_out)
{
    const char *here = *at;
    if (*here == '\0')
        return false;
    if (*here == '{') {
        size_t len = strcspn(here + 1, "{}");
        bool closed = here[1 + len] == '}';
        *piece_out = (struct piece){{here + 1, len}, true, !closed};
        *at = here + 1 + len + closed;
        return true;
    }
    size_t len = strcspn(here, "{}");
    *piece_out = (struct piece){{here, len}, false, *here == '}'};
    *at = here + (len > 0 ? len : 1);
    return true;
}

static bool is_known(jm_span name)
{
    for (size_t i = 0; i < JM_COUNT(variables); i++) {
        if (jm_span_is(name, variables[i]))
            return true;
    }
    return false;
}

bool export_template_check(const char *text, const char **bad_out)
{
    struct piece piece;
    const char *at = text;
    for (*bad_out = at; next_piece(&at, &piece); *bad_out = at) {
        if (piece.is_broken || (piece.is_variable && !is_known(piece.text)))
            return false;
    }
    return true;
}

bool export_template_uses(const char *text, const char *variable)
{
    struct piece piece;
    while (next_piece(&text, &piece)) {
        if (piece.is_variable && jm_span_is(piece.text, variable))
            return true;
    }
    return false;
}

static const char *text_or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

/* The original's name without its extension. */
static jm_span stem_of(const char *name)
{
    const char *dot = strrchr(name, '.');
    return (jm_span){name, dot == NULL || dot == name ? strlen(name) : (size_t)(dot - name)};
}

/* Of "2025-11-09T12:34:56.789Z"; empty where there is no such moment. */
static bool take_moment(jm_span name, const char *moment, char out[VALUE_BYTES])
{
    static const struct {
        const char *name;
        size_t at, len;
    } parts[] = {{"date", 0, 10}, {"year", 0, 4}, {"month", 5, 2}, {"day", 8, 2}};
    bool is_moment = strlen(moment) >= 19;
    for (size_t i = 0; i < JM_COUNT(parts); i++) {
        if (jm_span_is(name, parts[i].name)) {
            snprintf(out, VALUE_BYTES, "%.*s", is_moment ? (int)parts[i].len : 0,
                     moment + (is_moment ? parts[i].at : 0));
            return true;
        }
    }
    if (!jm_span_is(name, "time"))
        return false;
    if (is_moment)
        snprintf(out, VALUE_BYTES, "%.2s%.2s%.2s", moment + 11, moment + 14, moment + 17);
    return true;
}

static bool take_text(jm_span name, const struct export_values *values, char out[VALUE_BYTES])
{
    const struct {
        const char *name;
        jm_span text;
    } texts[] = {{"original", stem_of(text_or_empty(values->original))},
                 {"preset", jm_span_of(text_or_empty(values->preset))},
                 {"session", jm_span_of(text_or_empty(values->session))},
                 {"camera", jm_span_of(text_or_empty(values->camera))}};
    for (size_t i = 0; i < JM_COUNT(texts); i++) {
        if (jm_span_is(name, texts[i].name)) {
            jm_span text = jm_span_cut(texts[i].text, VALUE_BYTES - 1);
            snprintf(out, VALUE_BYTES, "%.*s", (int)text.len, text.ptr);
            return true;
        }
    }
    return false;
}

static void take_value(jm_span name, const struct export_values *values, char out[VALUE_BYTES])
{
    out[0] = '\0';
    if (take_moment(name, text_or_empty(values->moment), out) || take_text(name, values, out))
        return;
    if (jm_span_is(name, "sequence"))
        snprintf(out, VALUE_BYTES, "%04lld", (long long)values->sequence);
    else if (jm_span_is(name, "iso") && values->iso > 0)
        snprintf(out, VALUE_BYTES, "%lld", (long long)values->iso);
    else if (jm_span_is(name, "rating") && values->has_rating)
        snprintf(out, VALUE_BYTES, "%lld", (long long)values->rating);
}

void export_template_expand(const char *text, const struct export_values *values, char *out,
                            size_t size)
{
    struct piece piece;
    size_t used = 0;
    while (next_piece(&text, &piece)) {
        char value[VALUE_BYTES];
        jm_span span = piece.text;
        if (piece.is_variable && is_known(piece.text)) {
            take_value(piece.text, values, value);
            span = jm_span_of(value);
        }
        span = jm_span_cut(span, size - 1 - used);
        memcpy(out + used, span.ptr, span.len);
        used += span.len;
    }
    out[used] = '\0';
}

static bool is_illegal(char c)
{
    return (unsigned char)c < ' ' || c == 0x7F || strchr("/\\:*?\"<>|", c) != NULL;
}

bool export_template_stem(const char *text, const struct export_values *values,
                          char stem_out[EXPORT_STEM_BYTES])
{
    char all[EXPORT_STEM_BYTES];
    export_template_expand(text, values, all, sizeof all);
    size_t start = strspn(all, " ");
    size_t len = strlen(all + start);
    /* Some systems cannot have a name that ends so. */
    while (len > 0 && (all[start + len - 1] == ' ' || all[start + len - 1] == '.'))
        len--;
    memcpy(stem_out, all + start, len);
    stem_out[len] = '\0';
    for (size_t i = 0; i < len; i++) {
        bool hides = i == 0 && stem_out[0] == '.';
        if (hides || is_illegal(stem_out[i]))
            stem_out[i] = '_';
    }
    return len > 0;
}

void export_template_name(const char *stem, unsigned number, const char *extension,
                          char name_out[EXPORT_NAME_BYTES])
{
    char tail[32] = "";
    if (number > 0)
        snprintf(tail, sizeof tail, "_%u", number);
    size_t room = NAME_MAX - strlen(tail) - strlen(extension);
    jm_span head = jm_span_cut(jm_span_of(stem), room);
    snprintf(name_out, EXPORT_NAME_BYTES, "%.*s%s%s", (int)head.len, head.ptr, tail, extension);
}
