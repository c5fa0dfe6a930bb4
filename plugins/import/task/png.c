/* Walks a PNG chunk by chunk to IEND. Worker process only. */
#include "task/structure.h"

bool png_walk(struct bytes file, struct structure *structure)
{
    uint64_t at = 8;
    bool data = false;
    if (!has_text(file, at + 4, "IHDR", 4) || !has(file, at, 25)) {
        return refuse(structure, "the PNG is damaged: it does not begin with its header");
    }
    structure->width = be32(file, at + 8);
    structure->height = be32(file, at + 12);
    while (has(file, at, 12)) {
        uint64_t len = be32(file, at);
        if (!has(file, at, len + 12)) {
            break;
        }
        data = data || has_text(file, at + 4, "IDAT", 4);
        bool end = has_text(file, at + 4, "IEND", 4);
        at += len + 12;
        if (end) {
            structure->warnings |= at < file.len ? WARN_TRAILING_GARBAGE : 0;
            return data ? true : refuse(structure, "the PNG has no picture");
        }
    }
    return refuse(structure, "the PNG is cut short: it ends at byte %llu without its end chunk",
                  (unsigned long long)file.len);
}
