/* Writes a photograph anew with another XMP packet in it. All else keeps its bytes: pixels, EXIF with
 * the camera's MakerNotes, profiles, further images. Worker process only.
 *
 * A library that edits tags in place writes the tags of EXIF anew too, and the MakerNotes, whose
 * layout only the camera's maker knows, do not survive that. So only the packet is put in its place
 * here. */
#ifndef IMPORT_TASK_EMBED_H
#define IMPORT_TASK_EMBED_H

#include "task/bytes.h"
#include "task/format.h"

/* A descriptor that is written to from the beginning to the end. */
struct out {
    int fd;
    int error; /* errno of the first write that failed */
    uint64_t used;
};

void out_put(struct out *out, const void *ptr, uint64_t len);
void out_part(struct out *out, struct bytes block, uint64_t from, uint64_t to);

/* Whether a packet can be put into files of that format at all. */
bool embed_knows(const struct format *format);
/* False where this file cannot take the packet; then what was written is worth nothing. */
bool embed_xmp(const struct format *format, struct bytes file, struct bytes packet,
               struct out *out);

/* The formats. */
bool embed_jpeg(struct bytes file, struct bytes packet, struct out *out);
bool embed_png(struct bytes file, struct bytes packet, struct out *out);
bool embed_webp(struct bytes file, struct bytes packet, struct out *out);
bool embed_tiff(struct bytes file, struct bytes packet, struct out *out);

#endif
