/* A block of untrusted bytes and the checked way to look into it.
 *
 * Whoever reads asks has() first; the readers themselves check nothing. Offsets are 64 bits wide, so
 * that no sum of two 32-bit fields of a file can wrap. Worker process only. */
#ifndef EXPORT_TASK_BYTES_H
#define EXPORT_TASK_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
    const uint8_t *ptr;
    uint64_t len;
};

/* Whether `count` bytes lie at `at`. */
static inline bool has(struct bytes block, uint64_t at, uint64_t count)
{
    return count <= block.len && at <= block.len - count;
}

static inline bool has_text(struct bytes block, uint64_t at, const char *text, size_t len)
{
    return has(block, at, len) && memcmp(block.ptr + at, text, len) == 0;
}

/* Numbers at `at`, of which has() is known. */
static inline uint32_t read16(struct bytes block, uint64_t at, bool big_endian)
{
    uint32_t first = block.ptr[at];
    uint32_t second = block.ptr[at + 1];
    return big_endian ? first << 8 | second : second << 8 | first;
}

static inline uint32_t read32(struct bytes block, uint64_t at, bool big_endian)
{
    uint32_t first = read16(block, at, big_endian);
    uint32_t second = read16(block, at + 2, big_endian);
    return big_endian ? first << 16 | second : second << 16 | first;
}

#endif
