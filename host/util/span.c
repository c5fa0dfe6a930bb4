/* Helpers over spans. Any thread. */
#include "host/util/span.h"

#include <stdlib.h>

#define NAME_MAX_BYTES 64

char *jmh_span_dup(jm_span span)
{
    char *copy = malloc(span.len + 1);
    if (copy != NULL) {
        if (span.len > 0) {
            memcpy(copy, span.ptr, span.len);
        }
        copy[span.len] = '\0';
    }
    return copy;
}

bool jmh_span_is_name(jm_span span)
{
    if (span.len == 0 || span.len > NAME_MAX_BYTES) {
        return false;
    }
    for (size_t i = 0; i < span.len; i++) {
        char c = span.ptr[i];
        bool ok =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
        if (!ok) {
            return false;
        }
    }
    return true;
}

bool jmh_span_to_int(jm_span span, int64_t *value_out)
{
    bool negative = span.len > 0 && span.ptr[0] == '-';
    size_t at = negative ? 1 : 0;
    if (at == span.len) {
        return false;
    }
    int64_t value = 0;
    for (; at < span.len; at++) {
        char c = span.ptr[at];
        if (c < '0' || c > '9' || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, c - '0', &value)) {
            return false;
        }
    }
    if (!negative && __builtin_sub_overflow(0, value, &value)) {
        return false;
    }
    *value_out = value;
    return true;
}
