/* Memory that is there: a client of one purpose has nothing better to do without it than to end. */
#ifndef JMC_MEMORY_H
#define JMC_MEMORY_H

#include <stddef.h>

/* realloc() of `count` elements; never NULL for a count above 0. */
void *jmc_memory_resize(void *block, size_t count, size_t size);
char *jmc_text_copy(const char *text);
/* A text made as by printf, to free(). */
char *jmc_textf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A growing run of bytes, followed by a NUL that `used` does not count once there is any. */
struct jmc_buffer {
    char *bytes; /* NULL while there is none */
    size_t used, capacity;
};

void jmc_buffer_add(struct jmc_buffer *buffer, const void *bytes, size_t count);
/* The content as a C string. */
const char *jmc_buffer_text(const struct jmc_buffer *buffer);
void jmc_buffer_fini(struct jmc_buffer *buffer);

#endif
