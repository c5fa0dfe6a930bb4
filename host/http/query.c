/* Percent-decoding. Plain functions. [any] */
#include "host/http/query.h"

#include "host/util/span.h"
#include "host/util/utf8.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte of the escape at the start of `text`, or -1 where it is broken. */
static int read_escape(jm_span text)
{
    int high = text.len >= 3 ? hex_digit(text.ptr[1]) : -1;
    int low = high >= 0 ? hex_digit(text.ptr[2]) : -1;
    return low >= 0 ? high * 16 + low : -1;
}

/* Take the next decoded byte of a query from the front of `text`, which is not empty. */
static char next_byte(jm_span *text)
{
    char c = text->ptr[0];
    size_t taken = 1;
    if (c == '+') {
        c = ' ';
    } else if (c == '%') {
        int byte = read_escape(*text);
        if (byte > 0) {
            c = (char)byte;
            taken = 3;
        }
    }
    text->ptr += taken;
    text->len -= taken;
    return c;
}

static bool decodes_to(jm_span text, const char *name)
{
    while (text.len > 0) {
        if (*name == '\0' || next_byte(&text) != *name) {
            return false;
        }
        name++;
    }
    return *name == '\0';
}

/* Split `text` at the first `mark`; what follows the mark is the rest. */
static jm_span cut(jm_span *text, char mark)
{
    const char *found = text->len > 0 ? memchr(text->ptr, mark, text->len) : NULL;
    size_t len = found != NULL ? (size_t)(found - text->ptr) : text->len;
    jm_span head = {text->ptr, len};
    size_t skip = found != NULL ? len + 1 : len;
    *text = (jm_span){text->ptr + skip, text->len - skip};
    return head;
}

/* Replace what is no UTF-8 in the text that `buf` holds; it can only grow, so into a second one. */
static void make_utf8(struct jmh_buf *buf)
{
    if (buf->failed || jmh_utf8_is_valid(jmh_buf_span(buf))) {
        return;
    }
    struct jmh_buf valid = {0};
    for (size_t at = 0; at < buf->len;) {
        size_t step = jmh_utf8_step(buf->data + at, buf->len - at);
        if (step > 0) {
            jmh_buf_add(&valid, buf->data + at, step);
        } else {
            jmh_buf_add_text(&valid, "\xef\xbf\xbd");
        }
        at += step > 0 ? step : 1;
    }
    jmh_buf_fini(buf);
    *buf = valid;
}

bool jmh_query_get(jm_span query, const char *name, struct jmh_buf *value_out)
{
    jmh_buf_clear(value_out);
    while (query.len > 0) {
        jm_span value = cut(&query, '&');
        jm_span key = cut(&value, '=');
        if (key.len == 0 || !decodes_to(key, name)) {
            continue;
        }
        while (value.len > 0) {
            char c = next_byte(&value);
            jmh_buf_add(value_out, &c, 1);
        }
        make_utf8(value_out);
        return true;
    }
    return false;
}

static bool has_parent_segment(jm_span path)
{
    while (path.len > 0) {
        if (jmh_span_is(cut(&path, '/'), "..")) {
            return true;
        }
    }
    return false;
}

bool jmh_path_decode(jm_span path, struct jmh_buf *path_out)
{
    jmh_buf_clear(path_out);
    if (path.len == 0 || path.ptr[0] != '/') {
        return false;
    }
    for (size_t at = 0; at < path.len; at++) {
        char c = path.ptr[at];
        if (c == '%') {
            int byte = read_escape((jm_span){path.ptr + at, path.len - at});
            if (byte <= 0 || byte == '/') {
                return false;
            }
            c = (char)byte;
            at += 2;
        }
        if (c == '\0') {
            return false;
        }
        jmh_buf_add(path_out, &c, 1);
    }
    jm_span decoded = jmh_buf_span(path_out);
    if (path_out->failed || has_parent_segment(decoded) || !jmh_utf8_is_valid(decoded)) {
        return false;
    }
    char *end = jmh_buf_reserve(path_out, 1);
    if (end == NULL) {
        return false;
    }
    *end = '\0';
    return true;
}
