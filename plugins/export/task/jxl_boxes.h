/* JPEG XL with metadata, which libvips writes without. Worker process only. */
#ifndef EXPORT_TASK_JXL_BOXES_H
#define EXPORT_TASK_JXL_BOXES_H

#include "task/metadata.h"

/* Write what libvips made into `fd`, from its beginning, in a container with Exif and XMP. False with
 * errno. */
bool jxl_boxes_write(int fd, struct bytes code, const struct metadata *metadata);

#endif
