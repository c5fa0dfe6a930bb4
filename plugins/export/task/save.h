/* Finished pixels into a file of a format. Worker process only. */
#ifndef EXPORT_TASK_SAVE_H
#define EXPORT_TASK_SAVE_H

#include "task/metadata.h"

#include <vips/vips.h>

/* Write an upright RGB image with its profile, and the metadata, as the output says. `warnings` gets
 * what the format cannot hold. Something of the output may be there when it fails. */
void save_picture(VipsImage *image, const struct output *output, const struct metadata *metadata,
                  json_t *warnings, struct fault *fault);

/* Whether a picture of this size fits into the format at all. */
void save_check_size(enum format format, struct size size, struct fault *fault);

/* Whether this libvips can write the format, found out by doing it. DNG is never written. */
bool save_is_possible(enum format format);

#endif
