/* A text or an image over the finished pixels. Worker process only. */
#ifndef EXPORT_TASK_WATERMARK_H
#define EXPORT_TASK_WATERMARK_H

#include "task/request.h"

#include <vips/vips.h>

/* Over an RGB image in memory, whose space is `space`. To unref; NULL where it fails. */
VipsImage *watermark_put(VipsImage *image, const struct watermark *mark, enum space space,
                         struct fault *fault);

#endif
