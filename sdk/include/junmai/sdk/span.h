/* Spans of text: from literals and C strings, compared, cut and copied.
 *
 * Compiled into the plugin; no function here calls the host. [any] */
#ifndef JUNMAI_SDK_SPAN_H
#define JUNMAI_SDK_SPAN_H

#include <junmai/types.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The span of a string literal. */
#define JM_SPAN(literal) ((jm_span){"" literal, sizeof(literal) - 1})

/* The number of elements of an array. */
#define JM_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The span of a C string; NULL gives the absent span. */
static inline jm_span jm_span_of(const char *text)
{
    jm_span span = {text, text == NULL ? 0 : strlen(text)};
    return span;
}

static inline bool jm_span_absent(jm_span span)
{
    return span.ptr == NULL;
}

static inline bool jm_span_equal(jm_span a, jm_span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Whether the span holds exactly the C string `text`. */
static inline bool jm_span_is(jm_span span, const char *text)
{
    return jm_span_equal(span, jm_span_of(text));
}

/* The span cut to at most `max_bytes`, never inside a UTF-8 character. */
static inline jm_span jm_span_cut(jm_span span, size_t max_bytes)
{
    if (span.len <= max_bytes)
        return span;
    span.len = max_bytes;
    while (span.len > 0 && ((unsigned char)span.ptr[span.len] & 0xC0u) == 0x80u)
        span.len--;
    return span;
}

/* A NUL-terminated copy to free(), or NULL when out of memory. */
static inline char *jm_span_dup(jm_span span)
{
    char *copy = (char *)malloc(span.len + 1);
    if (copy == NULL)
        return NULL;
    if (span.len > 0)
        memcpy(copy, span.ptr, span.len);
    copy[span.len] = '\0';
    return copy;
}

#endif
