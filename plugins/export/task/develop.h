/* From the photograph's pixels to those of an output. Worker process only. */
#ifndef EXPORT_TASK_DEVELOP_H
#define EXPORT_TASK_DEVELOP_H

#include "task/source.h"

/* Size, colour, sharpening, orientation, watermark, in this order. What comes out is computed when it
 * is asked for, once, from top to bottom. To unref, NULL where it fails. */
VipsImage *develop(struct source *source, const struct output *output, struct size size,
                   struct fault *fault);

#endif
