/* Growable bytes. Any thread, one owner. */
#include "host/util/buf.h"

#include "host/util/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUF_FIRST_BYTES 256

void jmh_buf_fini(struct jmh_buf *buf)
{
    free(buf->data);
    *buf = (struct jmh_buf){0};
}

void jmh_buf_clear(struct jmh_buf *buf)
{
    buf->len = 0;
    buf->failed = false;
}

char *jmh_buf_reserve(struct jmh_buf *buf, size_t len)
{
    if (buf->failed || len > SIZE_MAX / 4 - buf->len) {
        buf->failed = true;
        return NULL;
    }
    if (buf->cap - buf->len < len) {
        size_t cap = buf->cap > 0 ? buf->cap : BUF_FIRST_BYTES;
        while (cap - buf->len < len) {
            cap *= 2;
        }
        char *data = realloc(buf->data, cap);
        if (data == NULL) {
            buf->failed = true;
            return NULL;
        }
        buf->data = data;
        buf->cap = cap;
    }
    return buf->data + buf->len;
}

void jmh_buf_add(struct jmh_buf *buf, const void *bytes, size_t len)
{
    if (len == 0) {
        return;
    }
    char *at = jmh_buf_reserve(buf, len);
    if (at != NULL) {
        memcpy(at, bytes, len);
        buf->len += len;
    }
}

void jmh_buf_add_text(struct jmh_buf *buf, const char *text)
{
    jmh_buf_add(buf, text, strlen(text));
}

void jmh_buf_add_span(struct jmh_buf *buf, jm_span span)
{
    jmh_buf_add(buf, span.ptr, span.len);
}

void jmh_buf_addf(struct jmh_buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len >= 0) {
        char *at = jmh_buf_reserve(buf, (size_t)len + 1);
        if (at != NULL) {
            (void)vsnprintf(at, (size_t)len + 1, format, again);
            buf->len += (size_t)len;
        }
    } else {
        buf->failed = true;
    }
    va_end(again);
}

static void add_escape(struct jmh_buf *buf, unsigned char c)
{
    switch (c) {
    case '"':
        jmh_buf_add(buf, "\\\"", 2);
        break;
    case '\\':
        jmh_buf_add(buf, "\\\\", 2);
        break;
    case '\n':
        jmh_buf_add(buf, "\\n", 2);
        break;
    case '\r':
        jmh_buf_add(buf, "\\r", 2);
        break;
    case '\t':
        jmh_buf_add(buf, "\\t", 2);
        break;
    default:
        jmh_buf_addf(buf, "\\u%04x", c);
    }
}

void jmh_buf_add_json_text(struct jmh_buf *buf, jm_span text)
{
    jmh_buf_add(buf, "\"", 1);
    text.ptr = text.len > 0 ? text.ptr : ""; /* an absent span has no address to count from */
    size_t plain = 0;                        /* start of what has not been copied yet */
    size_t at = 0;
    while (at < text.len) {
        unsigned char c = (unsigned char)text.ptr[at];
        size_t step = c < 0x80 ? 1 : jmh_utf8_step(text.ptr + at, text.len - at);
        if (step > 0 && c >= 0x20 && c != '"' && c != '\\' && c != 0x7f) {
            at += step;
            continue;
        }
        jmh_buf_add(buf, text.ptr + plain, at - plain);
        if (step == 0) {
            jmh_buf_add_text(buf, "\xef\xbf\xbd");
        } else {
            add_escape(buf, c);
        }
        at += 1;
        plain = at;
    }
    jmh_buf_add(buf, text.ptr + plain, at - plain);
    jmh_buf_add(buf, "\"", 1);
}

void jmh_buf_consume(struct jmh_buf *buf, size_t len)
{
    if (len > 0) {
        memmove(buf->data, buf->data + len, buf->len - len);
        buf->len -= len;
    }
}

jm_span jmh_buf_span(const struct jmh_buf *buf)
{
    return (jm_span){buf->data, buf->len};
}
