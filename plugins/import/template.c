/* Reading templates, one piece after the other. Pure. [any] */
#include "template.h"

#include <ctype.h>
#include <junmai/sdk/log.h>
#include <stdio.h>

#define VALUE_BYTES 512
#define EXPANDED_BYTES 4096
#define SEQUENCE_DIGITS 4
#define WIDTH_MAX 12

static const char *const variables[] = {
    "year",     "month",    "day",    "date",   "time", "hour", "minute",
    "second",   "subsec",   "offset", "camera", "make", "lens", "session",
    "sequence", "original", "ext",    "text",   "iso",
};

/* One piece of a template: a variable, or text between two. */
struct piece {
    jm_span text; /* the variable's name, or the text itself */
    bool is_variable;
    unsigned width; /* of {sequence:N}; 0 where none is given */
    bool is_broken; /* a brace that does not fit */
};

static bool is_illegal(char c)
{
    return (unsigned char)c < ' ' || c == 0x7F || strchr("/\\:*?\"<>|", c) != NULL;
}

static struct piece read_variable(const char *at, const char **next_out)
{
    struct piece piece = {.is_variable = true};
    size_t len = strcspn(at + 1, "{}");
    piece.is_broken = at[1 + len] != '}';
    *next_out = at + 1 + len + !piece.is_broken;
    const char *colon = memchr(at + 1, ':', len);
    piece.text = (jm_span){at + 1, colon == NULL ? len : (size_t)(colon - at - 1)};
    for (const char *digit = colon == NULL ? at + 1 + len : colon + 1; digit < at + 1 + len;
         digit++) {
        piece.width = piece.width * 10 + (unsigned)(*digit - '0');
        piece.is_broken |= !isdigit((unsigned char)*digit) || piece.width > WIDTH_MAX;
        if (piece.is_broken) {
            return piece;
        }
    }
    piece.is_broken |= colon != NULL && piece.width == 0;
    return piece;
}

/* The piece at *at, which goes on behind it. False at the end. */
static bool next_piece(const char **at, struct piece *piece_out)
{
    const char *here = *at;
    if (*here == '\0') {
        return false;
    }
    if (*here == '{') {
        *piece_out = read_variable(here, at);
        return true;
    }
    size_t len = strcspn(here, "{}");
    *piece_out = (struct piece){.text = {here, len}, .is_broken = *here == '}'};
    *at = here + (len > 0 ? len : 1);
    return true;
}

static bool is_named(const struct piece *piece, const char *name)
{
    return piece->is_variable && piece->text.len == strlen(name) &&
           memcmp(piece->text.ptr, name, piece->text.len) == 0;
}

static bool is_known(const struct piece *piece)
{
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        if (is_named(piece, variables[i])) {
            return piece->width == 0 || is_named(piece, "sequence");
        }
    }
    return false;
}

static bool check_piece(const struct piece *piece, enum template_kind kind,
                        char reason_out[TEMPLATE_REASON_BYTES])
{
    jm_span text = jm_span_cut(piece->text, 60);
    if (piece->is_broken) {
        snprintf(reason_out, TEMPLATE_REASON_BYTES, "the braces at \"%.*s\" do not fit",
                 JM_SPAN_ARGS(text));
        return false;
    }
    if (piece->is_variable && !is_known(piece)) {
        snprintf(reason_out, TEMPLATE_REASON_BYTES, "there is no variable {%.*s}",
                 JM_SPAN_ARGS(text));
        return false;
    }
    for (size_t i = 0; !piece->is_variable && i < piece->text.len; i++) {
        char c = piece->text.ptr[i];
        if (is_illegal(c) && !(c == '/' && kind == TEMPLATE_FOLDER)) {
            snprintf(reason_out, TEMPLATE_REASON_BYTES,
                     "it has a character that cannot be in a %s: byte 0x%02X",
                     kind == TEMPLATE_FOLDER ? "folder" : "name", (unsigned char)c);
            return false;
        }
    }
    return true;
}

/* No part of the template is "." or ".." or, as in "a//b", nothing at all. */
static bool check_parts(const char *template, char reason_out[TEMPLATE_REASON_BYTES])
{
    for (const char *part = template; *template != '\0';) {
        size_t len = strcspn(part, "/");
        bool dots = (len == 1 && part[0] == '.') || (len == 2 && memcmp(part, "..", 2) == 0);
        if (len == 0 || dots) {
            snprintf(reason_out, TEMPLATE_REASON_BYTES, "a part of it is empty, \".\" or \"..\"");
            return false;
        }
        if (part[len] == '\0') {
            break;
        }
        part += len + 1;
    }
    return true;
}

bool template_check(const char *template, enum template_kind kind,
                    char reason_out[TEMPLATE_REASON_BYTES])
{
    struct piece piece;
    const char *at = template;
    if (kind == TEMPLATE_NAME && *template == '\0') {
        snprintf(reason_out, TEMPLATE_REASON_BYTES, "it is empty");
        return false;
    }
    if (strlen(template) >= FOLDER_BYTES) {
        snprintf(reason_out, TEMPLATE_REASON_BYTES, "it is longer than %d bytes", FOLDER_BYTES - 1);
        return false;
    }
    while (next_piece(&at, &piece)) {
        if (!check_piece(&piece, kind, reason_out)) {
            return false;
        }
    }
    return check_parts(template, reason_out);
}

bool template_uses(const char *template, const char *variable)
{
    struct piece piece;
    while (next_piece(&template, &piece)) {
        if (is_named(&piece, variable)) {
            return true;
        }
    }
    return false;
}

/* The text without the characters of `drop`, at most VALUE_BYTES. */
static void take_text(const char *text, const char *drop, char value_out[VALUE_BYTES])
{
    size_t used = 0;
    jm_span whole = jm_span_cut(jm_span_of(text == NULL ? "" : text), VALUE_BYTES - 1);
    for (size_t i = 0; i < whole.len; i++) {
        if (strchr(drop, whole.ptr[i]) == NULL) {
            value_out[used++] = whole.ptr[i];
        }
    }
    value_out[used] = '\0';
}

/* What the file system or another system would stumble over becomes '_'; blanks at both ends go. */
static void make_legal(char value[VALUE_BYTES])
{
    size_t start = strspn(value, " ");
    size_t len = strlen(value + start);
    while (len > 0 && value[start + len - 1] == ' ') {
        len--;
    }
    memmove(value, value + start, len);
    value[len] = '\0';
    for (size_t i = 0; i < len; i++) {
        value[i] = is_illegal(value[i]) ? '_' : value[i];
    }
}

static void take_extension(const char *original, char value_out[VALUE_BYTES])
{
    const char *dot = original + name_stem(original).len;
    take_text(*dot == '.' ? dot + 1 : dot, "", value_out);
    for (char *c = value_out; *c != '\0'; c++) {
        *c = (char)tolower((unsigned char)*c);
    }
}

static void take_moment(const struct piece *piece, const struct moment *moment,
                        char value_out[VALUE_BYTES])
{
    static const struct {
        const char *name;
        size_t at, len;
    } dates[] = {{"year", 0, 4}, {"month", 5, 2}, {"day", 8, 2}, {"date", 0, 10}},
      clocks[] = {{"hour", 0, 2}, {"minute", 3, 2}, {"second", 6, 2}};
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        if (is_named(piece, dates[i].name)) {
            snprintf(value_out, VALUE_BYTES, "%.*s", (int)dates[i].len, moment->date + dates[i].at);
        }
    }
    for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
        if (is_named(piece, clocks[i].name)) {
            snprintf(value_out, VALUE_BYTES, "%.*s", (int)clocks[i].len,
                     moment->clock + clocks[i].at);
        }
    }
    if (is_named(piece, "time")) {
        take_text(moment->clock, ":", value_out);
    } else if (is_named(piece, "subsec")) {
        take_text(moment->subsec, "", value_out);
    } else if (is_named(piece, "offset")) {
        take_text(moment->offset, ":", value_out);
    }
}

static void take_value(const struct piece *piece, const struct template_values *values,
                       char value_out[VALUE_BYTES])
{
    const struct {
        const char *name;
        const char *text;
    } texts[] = {{"camera", values->camera},
                 {"make", values->make},
                 {"lens", values->lens},
                 {"session", values->session},
                 {"text", values->text}};
    value_out[0] = '\0';
    take_moment(piece, &values->moment, value_out);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (is_named(piece, texts[i].name)) {
            take_text(texts[i].text, "", value_out);
        }
    }
    if (is_named(piece, "ext")) {
        take_extension(values->original, value_out);
    } else if (is_named(piece, "iso") && values->iso > 0) {
        snprintf(value_out, VALUE_BYTES, "%lld", (long long)values->iso);
    } else if (is_named(piece, "sequence")) {
        snprintf(value_out, VALUE_BYTES, "%0*llu",
                 (int)(piece->width == 0 ? SEQUENCE_DIGITS : piece->width),
                 (unsigned long long)values->sequence);
    }
    make_legal(value_out);
    if (is_named(piece, "original")) {
        jm_span stem = jm_span_cut(name_stem(values->original), VALUE_BYTES - 1);
        snprintf(value_out, VALUE_BYTES, "%.*s", JM_SPAN_ARGS(stem));
    }
}

static void expand(const char *template, const struct template_values *values,
                   char text_out[EXPANDED_BYTES])
{
    struct piece piece;
    size_t used = 0;
    text_out[0] = '\0';
    while (next_piece(&template, &piece)) {
        char value[VALUE_BYTES];
        jm_span text = piece.text;
        if (piece.is_variable) {
            take_value(&piece, values, value);
            text = jm_span_of(value);
        }
        text = jm_span_cut(text, EXPANDED_BYTES - 1 - used);
        memcpy(text_out + used, text.ptr, text.len);
        used += text.len;
        text_out[used] = '\0';
    }
}

void template_folder(const char *template, const struct template_values *values,
                     char folder_out[FOLDER_BYTES])
{
    char text[EXPANDED_BYTES];
    size_t used = 0;
    expand(template, values, text);
    folder_out[0] = '\0';
    for (const char *at = text; *at != '\0';) {
        size_t len = strcspn(at, "/");
        jm_span part = jm_span_cut((jm_span){at, len}, NAME_MAX);
        bool dots = part.len > 0 && part.len <= 2 && strspn(at, ".") >= part.len;
        part = dots ? jm_span_of("_") : part;
        if (part.len > 0 && used + part.len + 2 < FOLDER_BYTES) {
            used += (size_t)snprintf(folder_out + used, FOLDER_BYTES - used, "%s%.*s",
                                     used > 0 ? "/" : "", JM_SPAN_ARGS(part));
        }
        at += len + (at[len] == '/');
    }
}

void template_name(const char *template, const struct template_values *values,
                   char name_out[NAME_BYTES])
{
    char text[EXPANDED_BYTES];
    expand(template, values, text);
    jm_span stem = name_stem(values->original);
    const char *extension = values->original + stem.len;
    bool dots = strspn(text, ".") == strlen(text);
    name_join(dots ? stem : jm_span_of(text), "", extension, name_out);
}
