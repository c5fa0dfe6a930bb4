/* Which reader a file belongs to, by its bytes; names say nothing here. Worker process only. */
#ifndef PREVIEW_TASK_KIND_H
#define PREVIEW_TASK_KIND_H

#include "task/bytes.h"

enum kind {
    KIND_UNKNOWN,
    KIND_JPEG,
    KIND_PNG,
    KIND_WEBP,
    KIND_TIFF,
    KIND_HEIF, /* AVIF too */
    KIND_JXL,
    KIND_RAW, /* a camera's raw file, whatever it is inside */
};

/* A raw file that is a TIFF inside begins with a directory of its thumbnail: a TIFF reader would
 * open it and take the thumbnail for the picture. So such a file is KIND_RAW, never KIND_TIFF. */
enum kind kind_detect(struct bytes file);

/* "jpeg", "raw", … */
const char *kind_name(enum kind kind);

#endif
