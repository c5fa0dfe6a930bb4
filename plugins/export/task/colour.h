/* Colour: from what a file says about its pixels to the space that an output wants. Worker process
 * only. */
#ifndef EXPORT_TASK_COLOUR_H
#define EXPORT_TASK_COLOUR_H

#include "task/fault.h"
#include "task/request.h"

#include <vips/vips.h>

#define COLOUR_NAME_BYTES 80

/* Makes pixels of any kind into 1 (grey), 3 (RGB) or 4 (CMYK) bands of 8 or 16 bits without
 * transparency. What is left as its profile is one that lcms2 can use; an image without one is sRGB.
 * The profile is the embedded one, else Adobe RGB where the tags say InteropIndex R03.
 * `name_out` gets its name, `warnings` what had to be decided. NULL where it fails; to unref. */
VipsImage *colour_prepare(VipsImage *image, char name_out[COLOUR_NAME_BYTES], json_t *warnings,
                          struct fault *fault);

/* RGB of 8 or 16 bits in a space, with that space's profile, of what colour_prepare() made. To unref,
 * NULL where it fails. */
VipsImage *colour_convert(VipsImage *image, enum space space, int bit_depth, struct fault *fault);

#endif
