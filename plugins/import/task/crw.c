/* Walks the heaps of a Canon CRW file: their directories stand at their ends, so that a file that is
 * cut short has none. Worker process only. */
#include "task/structure.h"

#define HEAP_DEPTH_MAX 8
#define ENTRY_BYTES 10

/* Entries of these types are heaps themselves. */
static bool is_heap(uint16_t tag)
{
    uint16_t type = tag & 0x3800;
    return type == 0x2800 || type == 0x3000;
}

static bool walk_heap(struct bytes heap, int depth, struct structure *structure)
{
    if (heap.len < 6) {
        return refuse(structure, "the CRW is damaged: an empty heap");
    }
    uint64_t directory = le32(heap, heap.len - 4);
    if (!has(heap, directory, 2)) {
        return refuse(structure, "the CRW is cut short: its directory is missing");
    }
    uint64_t count = le16(heap, directory);
    if (!has(heap, directory + 2, count * ENTRY_BYTES)) {
        return refuse(structure, "the CRW is cut short: its directory is not whole");
    }
    for (uint64_t i = 0; i < count; i++) {
        uint64_t at = directory + 2 + i * ENTRY_BYTES;
        uint16_t tag = le16(heap, at);
        bool in_directory = (tag & 0xC000) == 0x4000;
        if (in_directory) {
            continue;
        }
        uint64_t size = le32(heap, at + 2);
        uint64_t offset = le32(heap, at + 6);
        if (!has(heap, offset, size)) {
            return refuse(structure, "the CRW is cut short: entry %04x lies outside", tag);
        }
        bool deeper = is_heap(tag) && depth < HEAP_DEPTH_MAX;
        if (deeper && !walk_heap(part(heap, offset, size), depth + 1, structure)) {
            return false;
        }
    }
    return true;
}

bool crw_walk(struct bytes file, struct structure *structure)
{
    uint64_t start = has(file, 0, 14) ? le32(file, 2) : 0;
    if (start < 14 || !has_text(file, 0, "II", 2) || start > file.len) {
        return refuse(structure, "the CRW is damaged: its header is not one");
    }
    return walk_heap(part(file, start, file.len - start), 0, structure);
}
