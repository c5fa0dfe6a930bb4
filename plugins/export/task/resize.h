/* Pixels to a size. Worker process only. */
#ifndef EXPORT_TASK_RESIZE_H
#define EXPORT_TASK_RESIZE_H

#include "task/fault.h"
#include "task/size.h"

#include <vips/vips.h>

/* To exactly this size. To unref, NULL where libvips fails. */
VipsImage *resize(VipsImage *image, struct size size, struct fault *fault);

#endif
