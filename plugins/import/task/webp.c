/* Walks the RIFF chunks of a WebP. Worker process only. */
#include "task/structure.h"

static uint32_t le24(struct bytes block, uint64_t at)
{
    return (uint32_t)le16(block, at) | (uint32_t)block.ptr[at + 2] << 16;
}

/* The size of the canvas, from whichever chunk comes first. */
static void read_size(struct bytes chunk, const char *type, struct structure *structure)
{
    if (structure->width != 0) {
        return;
    }
    if (memcmp(type, "VP8X", 4) == 0 && has(chunk, 0, 10)) {
        structure->width = le24(chunk, 4) + 1;
        structure->height = le24(chunk, 7) + 1;
    } else if (memcmp(type, "VP8L", 4) == 0 && has(chunk, 0, 5)) {
        uint32_t bits = le32(chunk, 1);
        structure->width = (bits & 0x3FFF) + 1;
        structure->height = (bits >> 14 & 0x3FFF) + 1;
    } else if (memcmp(type, "VP8 ", 4) == 0 && has(chunk, 0, 10)) {
        structure->width = le16(chunk, 6) & 0x3FFF;
        structure->height = le16(chunk, 8) & 0x3FFF;
    }
}

bool webp_walk(struct bytes file, struct structure *structure)
{
    if (!has(file, 0, 12) || !has(file, 8, le32(file, 4))) {
        return refuse(structure, "the WebP is cut short: its header says more than %llu bytes",
                      (unsigned long long)file.len);
    }
    uint64_t end = 8 + (uint64_t)le32(file, 4);
    bool picture = false;
    uint64_t at = 12;
    while (at + 8 <= end) {
        const char *type = (const char *)file.ptr + at;
        uint64_t len = le32(file, at + 4);
        if (len > end - at - 8) {
            return refuse(structure, "the WebP is damaged: a chunk is longer than the file");
        }
        read_size(part(file, at + 8, len), type, structure);
        picture = picture || memcmp(type, "VP8", 3) == 0 || memcmp(type, "ANMF", 4) == 0;
        at += 8 + len + (len & 1);
    }
    structure->warnings |= end + (end & 1) < file.len ? WARN_TRAILING_GARBAGE : 0;
    return picture ? true : refuse(structure, "the WebP has no picture");
}
