/* Files that libvips reads. Worker process only. */
#ifndef EXPORT_TASK_PICTURE_H
#define EXPORT_TASK_PICTURE_H

#include "task/fault.h"
#include "task/kind.h"

#include <vips/vips.h>

/* libvips as a task needs it: one thread, nothing cached, the loaders of `enum kind` and the savers of
 * `enum format` alone. Returns JM_OK, JM_EUNSUPPORTED. */
jm_status picture_setup(void);

/* Open a file in memory, which must stay there as long as the image; its sides are divided by
 * `shrink` where its format can do that while it is decoded. Pixels come when they are asked for, from
 * top to bottom; a file that is cut short fails then. NULL where it fails; to unref. */
VipsImage *picture_open(struct bytes file, enum kind kind, int shrink, struct fault *fault);

/* The image of a watermark, upright, in memory. NULL where it fails; to unref. */
VipsImage *picture_open_mark(int fd, struct fault *fault);

#endif
