/* Metadata and profile in a JPEG, byte for byte: libvips would have libexif rewrite Exif, which breaks
 * what makers put there. Worker process only. */
#ifndef EXPORT_TASK_JPEG_SEGMENTS_H
#define EXPORT_TASK_JPEG_SEGMENTS_H

#include "task/metadata.h"

#include <vips/vips.h>

/* What the target works on, for as long as there is the target. */
struct jpeg_segments {
    int fd;
    const struct metadata *metadata;
    struct bytes profile; /* at most 64 KB */
    bool begun;
};

/* A target that writes a JPEG without metadata to the descriptor, from where it stands, and the segments
 * behind its first one. To unref. */
VipsTarget *jpeg_segments_target(struct jpeg_segments *segments);

#endif
