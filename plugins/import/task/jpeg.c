/* Walks a JPEG marker by marker to its end. Worker process only.
 *
 * Behind the end there may be further images (MPF, Apple's and Samsung's gain maps) or the video of
 * a motion photograph: normal. Anything else behind it is a warning, the photograph is whole. */
#include "task/structure.h"

#define MARKER_SOF0 0xC0
#define MARKER_SOF15 0xCF
#define MARKER_DHT 0xC4
#define MARKER_JPG 0xC8
#define MARKER_DAC 0xCC
#define MARKER_RST0 0xD0
#define MARKER_RST7 0xD7
#define MARKER_SOI 0xD8
#define MARKER_EOI 0xD9
#define MARKER_SOS 0xDA
#define MARKER_APP1 0xE1
#define MARKER_APP2 0xE2
#define MARKER_TEM 0x01

/* What one image of the file has shown so far. */
struct jpeg_image {
    bool frame; /* a frame header was seen */
    bool scan;  /* and a scan */
};

static bool is_frame(uint8_t marker)
{
    return marker >= MARKER_SOF0 && marker <= MARKER_SOF15 && marker != MARKER_DHT &&
           marker != MARKER_JPG && marker != MARKER_DAC;
}

/* A segment's content, length field excluded; it stands at `at`. */
static void segment(uint8_t marker, struct bytes content, uint64_t at, struct jpeg_image *image,
                    struct structure *structure)
{
    if (is_frame(marker) && has(content, 0, 6)) {
        image->frame = true;
        if (structure->width == 0) {
            structure->height = be16(content, 1);
            structure->width = be16(content, 3);
        }
    }
    if (marker == MARKER_APP1 && has_text(content, 0, "Exif\0", 5) && has(content, 0, 6)) {
        tiff_walk_exif(part(content, 6, content.len - 6), structure);
    }
    if (marker == MARKER_APP2 && has_text(content, 0, "MPF", 4)) {
        uint64_t end = tiff_walk_mpf(part(content, 4, content.len - 4));
        structure->indexed_bytes = end == 0 ? 0 : at + 4 + end;
    }
}

/* The next marker behind entropy-coded bytes, where FF 00 is a byte and RST belongs to the scan. */
static uint64_t skip_scan(struct bytes file, uint64_t at)
{
    while (has(file, at, 2)) {
        const uint8_t *ff = memchr(file.ptr + at, 0xFF, file.len - at - 1);
        if (ff == NULL) {
            break;
        }
        at = (uint64_t)(ff - file.ptr);
        uint8_t next = ff[1];
        if (next == 0xFF) {
            at += 1;
        } else if (next == 0 || (next >= MARKER_RST0 && next <= MARKER_RST7)) {
            at += 2;
        } else {
            return at;
        }
    }
    return file.len;
}

/* Walk the image that begins at `at`; *end_out is behind its end marker. */
static bool walk_image(struct bytes file, uint64_t at, uint64_t *end_out,
                       struct structure *structure)
{
    struct jpeg_image image = {0};
    at += 2;
    while (has(file, at, 2)) {
        if (file.ptr[at] != 0xFF) {
            return refuse(structure, "the JPEG is damaged: no marker at byte %llu",
                          (unsigned long long)at);
        }
        uint8_t marker = file.ptr[at + 1];
        if (marker == 0xFF) {
            at += 1;
            continue;
        }
        at += 2;
        if (marker == MARKER_EOI) {
            *end_out = at;
            return image.frame && image.scan ? true : refuse(structure, "the JPEG has no picture");
        }
        if (marker == MARKER_TEM || (marker >= MARKER_RST0 && marker <= MARKER_SOI)) {
            continue;
        }
        if (!has(file, at, 2) || be16(file, at) < 2 || !has(file, at, be16(file, at))) {
            break;
        }
        uint16_t len = be16(file, at);
        segment(marker, part(file, at + 2, len - 2u), at + 2, &image, structure);
        at += len;
        if (marker == MARKER_SOS) {
            image.scan = true;
            at = skip_scan(file, at);
        }
    }
    return refuse(structure, "the JPEG is cut short: it ends at byte %llu without its end marker",
                  (unsigned long long)file.len);
}

/* What stands behind the first image, whose end is at `end`. Zeros fill up to a block's end. */
static void walk_tail(struct bytes file, uint64_t end, struct structure *structure)
{
    if (structure->indexed_bytes > file.len) {
        structure->warnings |= WARN_IMAGES_MISSING;
    } else if (structure->indexed_bytes > end) {
        end = structure->indexed_bytes;
    }
    while (end < file.len) {
        uint64_t at = end;
        while (at < file.len && file.ptr[at] == 0) {
            at++;
        }
        if (at == file.len) {
            return;
        }
        struct structure secondary = {0};
        bool more = has_text(file, at, "\xff\xd8\xff", 3);
        if (!more || !walk_image(file, at, &end, &secondary)) {
            break;
        }
    }
    if (end < file.len && !has_text(file, end + 4, "ftyp", 4)) {
        structure->warnings |= WARN_TRAILING_GARBAGE;
    }
}

bool jpeg_walk(struct bytes file, struct structure *structure)
{
    uint64_t end = 0;
    if (!walk_image(file, 0, &end, structure)) {
        return false;
    }
    walk_tail(file, end, structure);
    return true;
}
