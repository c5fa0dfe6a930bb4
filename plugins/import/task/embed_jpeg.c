/* XMP in JPEG: one APP1 segment behind those of JFIF and EXIF. Worker process only. */
#include "task/embed.h"

#define XMP_NAME "http://ns.adobe.com/xap/1.0/"
#define SEGMENT_MAX 65533 /* what the length field can say, without itself */
#define SOS 0xDA
#define APP0 0xE0
#define APP1 0xE1
#define APP2 0xE2

struct places {
    uint64_t insert;           /* where the packet goes; 0: not found */
    uint64_t old_from, old_to; /* the packet that is there; both 0 for none */
    bool index_before;         /* an index of images (MPF) stands before the old packet */
};

/* One segment from its marker at `at` to `end`. */
static void look(struct bytes file, uint64_t at, uint64_t end, struct places *places)
{
    const uint8_t marker = file.ptr[at + 1];
    const bool exif = marker == APP1 && has_text(file, at + 4, "Exif\0", 5);
    const bool xmp = marker == APP1 && has_text(file, at + 4, XMP_NAME, sizeof XMP_NAME);
    if (places->insert == 0 && marker != APP0 && !exif) {
        places->insert = at;
    }
    if (xmp && places->old_to == 0) {
        places->old_from = at;
        places->old_to = end;
    }
    if (marker == APP2 && has_text(file, at + 4, "MPF", 4)) {
        places->index_before |= places->old_to == 0;
    }
}

/* Follow the segments to the first scan. */
static bool find_places(struct bytes file, struct places *places_out)
{
    *places_out = (struct places){0};
    uint64_t at = 2;
    while (has(file, at, 4) && file.ptr[at] == 0xFF) {
        uint64_t end = at + 2 + be16(file, at + 2);
        if (end < at + 4 || end > file.len) {
            return false;
        }
        look(file, at, end, places_out);
        if (file.ptr[at + 1] == SOS) {
            return true;
        }
        at = end;
    }
    return false;
}

bool embed_jpeg(struct bytes file, struct bytes packet, struct out *out)
{
    struct places places;
    const uint64_t len = sizeof XMP_NAME + packet.len;
    if (len > SEGMENT_MAX || !find_places(file, &places)) {
        return false;
    }
    /* The index counts from itself: what stands behind it must not move against it. */
    if (places.old_to != 0 && places.index_before) {
        return false;
    }
    const uint8_t head[] = {0xFF, APP1, (uint8_t)((len + 2) >> 8), (uint8_t)(len + 2)};
    const bool replaces = places.old_to != 0;
    out_part(out, file, 0, places.insert);
    out_put(out, head, sizeof head);
    out_put(out, XMP_NAME, sizeof XMP_NAME);
    out_put(out, packet.ptr, packet.len);
    out_part(out, file, places.insert, replaces ? places.old_from : file.len);
    if (replaces) {
        out_part(out, file, places.old_to, file.len);
    }
    return true;
}
