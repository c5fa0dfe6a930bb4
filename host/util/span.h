/* Small helpers over jm_span. */
#ifndef JMH_UTIL_SPAN_H
#define JMH_UTIL_SPAN_H

#include <junmai/types.h>
#include <stdbool.h>
#include <string.h>

/* printf("%.*s", JMH_ARG(span)) */
#define JMH_ARG(span) (int)((span).len), ((span).ptr != NULL ? (span).ptr : "")

static inline jm_span jmh_span(const char *text)
{
    return (jm_span){text, text != NULL ? strlen(text) : 0};
}

static inline bool jmh_span_eq(jm_span a, jm_span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool jmh_span_is(jm_span span, const char *text)
{
    return jmh_span_eq(span, jmh_span(text));
}

/* A NUL-terminated copy, NULL when out of memory. */
char *jmh_span_dup(jm_span span);
/* Whether `span` is a name as the wire allows it: [a-z0-9_.-]{1,64}. */
bool jmh_span_is_name(jm_span span);
/* Parse a decimal integer that fills the span. */
bool jmh_span_to_int(jm_span span, int64_t *value_out);

#endif
