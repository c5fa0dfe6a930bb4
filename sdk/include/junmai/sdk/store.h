/* Arguments and columns of junmai.store/1, without the braces. */
#ifndef JUNMAI_SDK_STORE_H
#define JUNMAI_SDK_STORE_H

#include <junmai/ext/store.h>
#include <stdbool.h>

#define JM_NULL ((jm_value){.type = JM_VALUE_NULL})
#define JM_INT(value) ((jm_value){.type = JM_VALUE_INT, .integer = (value)})
#define JM_REAL(value) ((jm_value){.type = JM_VALUE_REAL, .real = (value)})
#define JM_TEXT(span) ((jm_value){.type = JM_VALUE_TEXT, .bytes = (span)})
#define JM_BLOB(span) ((jm_value){.type = JM_VALUE_BLOB, .bytes = (span)})

/* Text, or NULL where the span is absent. */
static inline jm_value jm_value_text(jm_span span)
{
    return span.ptr == NULL ? JM_NULL : JM_TEXT(span);
}

/* A column that holds a number, whichever of its two forms SQLite chose for it. */
static inline double jm_value_number(const jm_value *value)
{
    return value->type == JM_VALUE_REAL ? value->real : (double)value->integer;
}

/* A jm_row_fn for statements of one integer: `user` is an int64_t. */
static inline jm_status jm_row_integer(void *user, const jm_value *columns, size_t count)
{
    if (count > 0 && columns[0].type == JM_VALUE_INT)
        *(int64_t *)user = columns[0].integer;
    return JM_OK;
}

#endif
