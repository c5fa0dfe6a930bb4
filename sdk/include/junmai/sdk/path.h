/* File names as text: JSON carries UTF-8 only, a file name may be any bytes. [any]
 *
 * jm_path_text() writes each byte that is not part of valid UTF-8 as %XX, two upper-case digits, and
 * leaves everything else as it is, '%' too: a name that is UTF-8 is its own text. Such a byte is at
 * least 0x80, so only %80 to %FF can be escapes. To open a file by its text, try the text itself
 * first and the bytes of jm_path_bytes() where that does not exist. */
#ifndef JUNMAI_SDK_PATH_H
#define JUNMAI_SDK_PATH_H

#include <junmai/sdk/span.h>

/* The length of the valid UTF-8 character at `at`, or 0. Surrogates and overlong forms are not. */
static inline size_t jm_utf8_length(const char *at, size_t left)
{
    const unsigned char *byte = (const unsigned char *)at;
    if (left == 0)
        return 0;
    if (byte[0] < 0x80)
        return 1;
    size_t length = byte[0] >= 0xF0 ? 4 : byte[0] >= 0xE0 ? 3 : 2;
    if (byte[0] < 0xC2 || byte[0] > 0xF4 || left < length)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if ((byte[i] & 0xC0u) != 0x80u)
            return 0;
    }
    bool overlong = (byte[0] == 0xE0 && byte[1] < 0xA0) || (byte[0] == 0xF0 && byte[1] < 0x90);
    bool surrogate = byte[0] == 0xED && byte[1] >= 0xA0;
    bool too_high = byte[0] == 0xF4 && byte[1] >= 0x90;
    return overlong || surrogate || too_high ? 0 : length;
}

/* The text of a file name; NUL-terminated, to free(). NULL when out of memory. */
static inline char *jm_path_text(jm_span bytes)
{
    static const char digits[] = "0123456789ABCDEF";
    char *text = (char *)malloc(bytes.len * 3 + 1);
    if (text == NULL)
        return NULL;
    size_t used = 0;
    for (size_t i = 0; i < bytes.len;) {
        size_t length = jm_utf8_length(bytes.ptr + i, bytes.len - i);
        if (length > 0) {
            memcpy(text + used, bytes.ptr + i, length);
            used += length;
            i += length;
            continue;
        }
        unsigned char byte = (unsigned char)bytes.ptr[i++];
        text[used++] = '%';
        text[used++] = digits[byte >> 4];
        text[used++] = digits[byte & 15];
    }
    text[used] = '\0';
    return text;
}

static inline int jm_path_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The bytes of a text, its escapes undone; NUL-terminated, to free(). NULL when out of memory. */
static inline char *jm_path_bytes(jm_span text)
{
    char *bytes = jm_span_dup(text);
    if (bytes == NULL)
        return NULL;
    size_t used = 0;
    for (size_t i = 0; i < text.len; i++) {
        bytes[used] = text.ptr[i];
        if (text.ptr[i] == '%' && text.len - i > 2) {
            int high = jm_path_digit(text.ptr[i + 1]);
            int low = jm_path_digit(text.ptr[i + 2]);
            if (high >= 8 && low >= 0) {
                bytes[used] = (char)(high * 16 + low);
                i += 2;
            }
        }
        used++;
    }
    bytes[used] = '\0';
    return bytes;
}

#endif
