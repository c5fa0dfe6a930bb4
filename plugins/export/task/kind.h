/* Which reader a file belongs to, by its bytes; names say nothing here. Worker process only. */
#ifndef EXPORT_TASK_KIND_H
#define EXPORT_TASK_KIND_H

#include "task/bytes.h"

enum kind {
    KIND_UNKNOWN,
    KIND_JPEG,
    KIND_PNG,
    KIND_WEBP,
    KIND_TIFF,
    KIND_HEIF, /* AVIF too */
    KIND_JXL,
    KIND_DNG,
    KIND_RAW, /* any other raw file of a camera, whatever it is inside */
};

/* A raw file that is a TIFF inside begins with a directory of its thumbnail: a TIFF reader would
 * open it and take the thumbnail for the picture. So such a file is KIND_RAW
 * or KIND_DNG, never KIND_TIFF. */
enum kind kind_detect(struct bytes file);

/* "jpeg", "raw", … */
const char *kind_name(enum kind kind);

/* Whether LibRaw reads it. */
static inline bool kind_is_raw(enum kind kind)
{
    return kind == KIND_DNG || kind == KIND_RAW;
}

#endif
