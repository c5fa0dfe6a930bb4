/* Templates of file names and of watermark texts: text with {variables}. Pure. [any] */
#ifndef EXPORT_TEMPLATE_H
#define EXPORT_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXPORT_STEM_BYTES 1024
#define EXPORT_NAME_BYTES 256 /* NAME_MAX and NUL */
#define EXPORT_VARIABLES                                                                    \
    "{date}, {time}, {sequence}, {original}, {year}, {month}, {day}, {preset}, {session}, " \
    "{camera}, {iso}, {rating}"

/* What the variables stand for. Texts may be NULL. */
struct export_values {
    const char *moment;   /* "2025-11-09T12:34:56.789Z": when it was taken, else imported */
    const char *original; /* the photograph's file name */
    const char *preset;
    const char *session;
    const char *camera;
    int64_t iso;    /* 0: not known */
    int64_t rating; /* as the catalog has it */
    bool has_rating;
    int64_t sequence;
};

/* Whether braces fit and all variables are known; *bad_out is the place that is wrong. */
bool export_template_check(const char *text, const char **bad_out);
bool export_template_uses(const char *text, const char *variable);

/* Expand into a text of at most `size` - 1 bytes, cut at a character. */
void export_template_expand(const char *text, const struct export_values *values, char *out,
                            size_t size);

/* A file name without its extension: illegal characters become '_'. False where it is empty. */
bool export_template_stem(const char *text, const struct export_values *values,
                          char stem_out[EXPORT_STEM_BYTES]);

/* STEM_NUMBER.EXTENSION, without the number where it is 0, the stem cut so that it is a name. */
void export_template_name(const char *stem, unsigned number, const char *extension,
                          char name_out[EXPORT_NAME_BYTES]);

#endif
