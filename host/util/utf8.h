/* UTF-8, checked byte by byte: no overlong form, no surrogate, nothing beyond U+10FFFF. */
#ifndef JMH_UTIL_UTF8_H
#define JMH_UTIL_UTF8_H

#include <junmai/types.h>
#include <stdbool.h>

/* The length of the character at `at`, 0 where it is invalid or cut off. */
size_t jmh_utf8_step(const char *at, size_t len);
bool jmh_utf8_is_valid(jm_span text);
/* Write one character (up to U+10FFFF) into `out`, 4 bytes at most; its length. */
size_t jmh_utf8_put(uint32_t character, char *out);

#endif
