/* A growable run of bytes. Zero-initialise it to begin; fini frees. A failed allocation is kept in
 * `failed`, so that a series of appends needs one check at its end. */
#ifndef JMH_UTIL_BUF_H
#define JMH_UTIL_BUF_H

#include <junmai/types.h>
#include <stdbool.h>

struct jmh_buf {
    char *data;
    size_t len;
    size_t cap;
    bool failed;
};

void jmh_buf_fini(struct jmh_buf *buf);
/* Forget the content, keep the memory. */
void jmh_buf_clear(struct jmh_buf *buf);
/* Room for `len` more bytes at data + len; NULL when out of memory. */
char *jmh_buf_reserve(struct jmh_buf *buf, size_t len);
void jmh_buf_add(struct jmh_buf *buf, const void *bytes, size_t len);
void jmh_buf_add_text(struct jmh_buf *buf, const char *text);
void jmh_buf_add_span(struct jmh_buf *buf, jm_span span);
__attribute__((format(printf, 2, 3))) void jmh_buf_addf(struct jmh_buf *buf, const char *format,
                                                        ...);
/* Append `text` as a JSON string with its quotes; invalid UTF-8 becomes U+FFFD. */
void jmh_buf_add_json_text(struct jmh_buf *buf, jm_span text);
/* Drop the first `len` bytes. */
void jmh_buf_consume(struct jmh_buf *buf, size_t len);
jm_span jmh_buf_span(const struct jmh_buf *buf);

#endif
