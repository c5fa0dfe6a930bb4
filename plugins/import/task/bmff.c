/* Walks the boxes of HEIF, AVIF, CR3 and JPEG XL files: together they must be as long as the file.
 * Worker process only. */
#include "task/structure.h"

#define BOX_DEPTH_MAX 4

struct box {
    char type[4];
    struct bytes content;
    uint64_t end; /* offset behind it, in the block that holds it */
};

/* The box at `at`; false where there is none that fits. A size of 0 reaches to the end. */
static bool read_box(struct bytes block, uint64_t at, struct box *box_out)
{
    if (!has(block, at, 8)) {
        return false;
    }
    uint64_t size = be32(block, at);
    uint64_t head = 8;
    memcpy(box_out->type, block.ptr + at + 4, 4);
    if (size == 1 && has(block, at, 16)) {
        size = be64(block, at + 8);
        head = 16;
    } else if (size == 0) {
        size = block.len - at;
    }
    if (size < head || !has(block, at, size)) {
        return false;
    }
    box_out->content = part(block, at + head, size - head);
    box_out->end = at + size;
    return true;
}

/* The size of the largest image item: the picture itself, its tiles and thumbnail are smaller. */
static void read_sizes(struct bytes block, int depth, struct structure *structure)
{
    struct box box;
    for (uint64_t at = 0; read_box(block, at, &box); at = box.end) {
        if (memcmp(box.type, "ispe", 4) == 0 && has(box.content, 0, 12)) {
            uint32_t width = be32(box.content, 4);
            uint32_t height = be32(box.content, 8);
            if ((uint64_t)width * height > (uint64_t)structure->width * structure->height) {
                structure->width = width;
                structure->height = height;
            }
        }
        bool holds_boxes = memcmp(box.type, "iprp", 4) == 0 || memcmp(box.type, "ipco", 4) == 0;
        if (holds_boxes && depth < BOX_DEPTH_MAX) {
            read_sizes(box.content, depth + 1, structure);
        }
    }
}

/* A CR3 without its raw picture still has previews beside its "moov"; tools make such files. */
static bool is_picture(const char *type)
{
    return memcmp(type, "moov", 4) == 0 || memcmp(type, "mdat", 4) == 0 ||
           memcmp(type, "idat", 4) == 0 || memcmp(type, "jxlc", 4) == 0 ||
           memcmp(type, "jxlp", 4) == 0;
}

/* Whether the bytes at `at` look like a box: its type is text. */
static bool looks_like_box(struct bytes file, uint64_t at)
{
    if (!has(file, at, 8)) {
        return false;
    }
    for (uint64_t i = at + 4; i < at + 8; i++) {
        if (file.ptr[i] < 0x20 || file.ptr[i] > 0x7E) {
            return false;
        }
    }
    return true;
}

bool bmff_walk(struct bytes file, struct structure *structure)
{
    bool picture = false;
    uint64_t at = 0;
    struct box box;
    for (; read_box(file, at, &box); at = box.end) {
        bool meta = memcmp(box.type, "meta", 4) == 0 && has(box.content, 0, 4);
        if (meta) {
            read_sizes(part(box.content, 4, box.content.len - 4), 0, structure);
        }
        picture = picture || is_picture(box.type);
    }
    if (at < file.len && (!picture || looks_like_box(file, at))) {
        return refuse(structure,
                      "the file is cut short: a part that begins at byte %llu is missing",
                      (unsigned long long)at);
    }
    structure->warnings |= at < file.len ? WARN_TRAILING_GARBAGE : 0;
    return picture ? true : refuse(structure, "the file has no picture");
}
