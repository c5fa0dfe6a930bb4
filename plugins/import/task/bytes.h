/* A block of untrusted bytes and the checked way to look into it.
 *
 * Every walker asks has() before it reads; the readers themselves check nothing. Offsets are 64 bits
 * wide, so that no sum of two 32-bit fields of a file can wrap. Worker process only. */
#ifndef IMPORT_TASK_BYTES_H
#define IMPORT_TASK_BYTES_H

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

/* `count` bytes at `at`, of which has() is known. */
static inline struct bytes part(struct bytes block, uint64_t at, uint64_t count)
{
    return (struct bytes){block.ptr + at, count};
}

static inline uint16_t be16(struct bytes block, uint64_t at)
{
    return (uint16_t)(block.ptr[at] << 8 | block.ptr[at + 1]);
}

static inline uint16_t le16(struct bytes block, uint64_t at)
{
    return (uint16_t)(block.ptr[at + 1] << 8 | block.ptr[at]);
}

static inline uint32_t be32(struct bytes block, uint64_t at)
{
    return (uint32_t)be16(block, at) << 16 | be16(block, at + 2);
}

static inline uint32_t le32(struct bytes block, uint64_t at)
{
    return (uint32_t)le16(block, at + 2) << 16 | le16(block, at);
}

static inline uint64_t be64(struct bytes block, uint64_t at)
{
    return (uint64_t)be32(block, at) << 32 | be32(block, at + 4);
}

#endif
