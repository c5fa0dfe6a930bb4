/* Output sharpening: an unsharp mask of the lightness, made for pictures at their final size. Worker
 * process only. */
#ifndef EXPORT_TASK_SHARPEN_H
#define EXPORT_TASK_SHARPEN_H

#include <vips/vips.h>

/* RGB of 8 or 16 bits by 1 to 100 percent. To unref, NULL where libvips fails. */
VipsImage *sharpen(VipsImage *image, int amount);

#endif
