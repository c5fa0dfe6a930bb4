/* A growing run of bytes: see buffer.h. */
#include "buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *jmt_buffer_reserve(struct jmt_buffer *buffer, size_t bytes)
{
    size_t needed = buffer->used + bytes + 1;
    if (needed > buffer->capacity) {
        size_t capacity = buffer->capacity > 0 ? buffer->capacity : 256;
        while (capacity < needed)
            capacity *= 2;
        char *grown = realloc(buffer->bytes, capacity);
        if (!grown)
            abort();
        buffer->bytes = grown;
        buffer->capacity = capacity;
    }
    return buffer->bytes + buffer->used;
}

void jmt_buffer_append(struct jmt_buffer *buffer, const void *bytes, size_t count)
{
    char *end = jmt_buffer_reserve(buffer, count);
    if (count > 0)
        memcpy(end, bytes, count);
    buffer->used += count;
    buffer->bytes[buffer->used] = '\0';
}

void jmt_buffer_printf(struct jmt_buffer *buffer, const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int count = vasprintf(&text, format, args);
    va_end(args);
    if (count < 0)
        abort();
    jmt_buffer_append(buffer, text, (size_t)count);
    free(text);
}

void jmt_buffer_drop(struct jmt_buffer *buffer, size_t count)
{
    if (count == 0)
        return;
    buffer->used -= count;
    memmove(buffer->bytes, buffer->bytes + count, buffer->used);
    buffer->bytes[buffer->used] = '\0';
}

char *jmt_buffer_take(struct jmt_buffer *buffer)
{
    jmt_buffer_append(buffer, NULL, 0);
    char *bytes = buffer->bytes;
    *buffer = (struct jmt_buffer){0};
    return bytes;
}

void jmt_buffer_fini(struct jmt_buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct jmt_buffer){0};
}
