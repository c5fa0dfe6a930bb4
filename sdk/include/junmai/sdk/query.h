/* Query parameters of a request as integers, numbers, switches and choices.
 *
 * A parameter that is not given leaves *value_out as it is, so that the caller sets the default
 * first. One that breaks its rule sets a sentence that names it and what is allowed, and returns
 * JM_EINVAL, which the host answers with 400. Only in the request's handler. [loop & active] */
#ifndef JUNMAI_SDK_QUERY_H
#define JUNMAI_SDK_QUERY_H

#include <errno.h>
#include <junmai/ext/http.h>
#include <junmai/sdk/log.h>
#include <junmai/sdk/span.h>
#include <math.h>
#include <strings.h>

/* A request and what its parameters are read with. */
typedef struct jm_query {
    const jm_host *host;
    const jm_host_http *http;
    const jm_host_error *error;
    jm_id request;
} jm_query;

/* Decimal digits with an optional sign, in the range of int64_t. */
static inline bool jm_span_to_int(jm_span text, int64_t *value_out)
{
    char digits[24];
    if (text.len == 0 || text.len >= sizeof(digits))
        return false;
    size_t sign = text.ptr[0] == '-' ? 1 : 0;
    for (size_t i = sign; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    }
    memcpy(digits, text.ptr, text.len);
    digits[text.len] = '\0';
    errno = 0;
    *value_out = strtoll(digits, NULL, 10);
    return errno == 0 && text.len > sign;
}

/* A finite decimal number: "4", "-0.5", "1e3". The loop thread's locale is "C". */
static inline bool jm_span_to_number(jm_span text, double *value_out)
{
    char digits[64];
    if (text.len == 0 || text.len >= sizeof(digits))
        return false;
    memcpy(digits, text.ptr, text.len);
    digits[text.len] = '\0';
    if (strspn(digits, "+-.0123456789eE") != text.len)
        return false;
    char *end;
    *value_out = strtod(digits, &end);
    return end == digits + text.len && isfinite(*value_out);
}

/* Whether the parameter is given; its text is absent where not. */
static inline bool jm_query_text(const jm_query *query, const char *name, jm_span *value_out)
{
    jm_span text;
    if (query->http->get_query(query->host, query->request, name, &text) < 0)
        return false;
    *value_out = text;
    return true;
}

static inline jm_status jm_query_wrong(const jm_query *query, const char *name, const char *wanted,
                                       jm_span text)
{
    return jm_fail(query->error, query->host, JM_EINVAL, "%s must be %s, not \"%.*s\"", name,
                   wanted, JM_SPAN_ARGS(jm_span_cut(text, 64)));
}

/* An integer of at least `min`. */
static inline jm_status jm_query_int(const jm_query *query, const char *name, int64_t min,
                                     int64_t *value_out)
{
    jm_span text;
    int64_t value;
    if (!jm_query_text(query, name, &text))
        return JM_OK;
    if (!jm_span_to_int(text, &value) || value < min) {
        char wanted[64];
        snprintf(wanted, sizeof(wanted), "an integer of at least %lld", (long long)min);
        return jm_query_wrong(query, name, wanted, text);
    }
    *value_out = value;
    return JM_OK;
}

static inline jm_status jm_query_number(const jm_query *query, const char *name, double *value_out)
{
    jm_span text;
    if (!jm_query_text(query, name, &text) || jm_span_to_number(text, value_out))
        return JM_OK;
    return jm_query_wrong(query, name, "a number", text);
}

/* "true" or "1", "false" or "0", in any case. */
static inline jm_status jm_query_bool(const jm_query *query, const char *name, bool *value_out)
{
    jm_span text;
    if (!jm_query_text(query, name, &text))
        return JM_OK;
    bool yes = (text.len == 4 && strncasecmp(text.ptr, "true", 4) == 0) || jm_span_is(text, "1");
    bool no = (text.len == 5 && strncasecmp(text.ptr, "false", 5) == 0) || jm_span_is(text, "0");
    if (!yes && !no)
        return jm_query_wrong(query, name, "true or false", text);
    *value_out = yes;
    return JM_OK;
}

#endif
