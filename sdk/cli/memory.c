/* Memory; see memory.h. */
#include "memory.h"

#include "cli.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *there(void *block)
{
    if (block == NULL) {
        exit(jmc_complain("out of memory"));
    }
    return block;
}

void *jmc_memory_resize(void *block, size_t count, size_t size)
{
    return count == 0 ? block : there(reallocarray(block, count, size));
}

char *jmc_text_copy(const char *text)
{
    return there(strdup(text));
}

char *jmc_textf(const char *format, ...)
{
    va_list args;
    char *text = NULL;
    va_start(args, format);
    if (vasprintf(&text, format, args) < 0) {
        text = NULL;
    }
    va_end(args);
    return there(text);
}

void jmc_buffer_add(struct jmc_buffer *buffer, const void *bytes, size_t count)
{
    if (count >= SIZE_MAX / 4) {
        (void)there(NULL);
    }
    if (buffer->used + count + 1 > buffer->capacity) {
        buffer->capacity = (buffer->used + count + 1) * 2;
        buffer->bytes = jmc_memory_resize(buffer->bytes, buffer->capacity, 1);
    }
    if (count > 0) {
        memcpy(buffer->bytes + buffer->used, bytes, count);
    }
    buffer->used += count;
    buffer->bytes[buffer->used] = '\0';
}

const char *jmc_buffer_text(const struct jmc_buffer *buffer)
{
    return buffer->bytes != NULL ? buffer->bytes : "";
}

void jmc_buffer_fini(struct jmc_buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct jmc_buffer){0};
}
