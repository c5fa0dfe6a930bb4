/*
 * A growing run of bytes, always followed by a NUL that `used` does not count, so that text in it
 * can be read as a C string. Out of memory ends the test program.
 */
#ifndef JMT_BUFFER_H
#define JMT_BUFFER_H

#include <stddef.h>

struct jmt_buffer {
    char *bytes; /* NULL until the first byte */
    size_t used;
    size_t capacity;
};

/* Makes room for `bytes` more and returns where they go; the caller adds to `used`. */
char *jmt_buffer_reserve(struct jmt_buffer *buffer, size_t bytes);
void jmt_buffer_append(struct jmt_buffer *buffer, const void *bytes, size_t count);
void jmt_buffer_printf(struct jmt_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Removes the first `count` bytes. */
void jmt_buffer_drop(struct jmt_buffer *buffer, size_t count);

/* Gives the bytes to the caller, who frees them, and leaves the buffer empty; never NULL. */
char *jmt_buffer_take(struct jmt_buffer *buffer);
void jmt_buffer_fini(struct jmt_buffer *buffer);

#endif
