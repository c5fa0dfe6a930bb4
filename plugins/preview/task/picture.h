/* A file that libvips reads, as a small upright sRGB picture in memory. Worker process only. */
#ifndef PREVIEW_TASK_PICTURE_H
#define PREVIEW_TASK_PICTURE_H

#include "task/fault.h"
#include "task/kind.h"

#include <vips/vips.h>

/* What the file around a picture knows about it. */
struct picture_hints {
    int orientation; /* EXIF's 1 to 8, for a picture that does not say its own; 0: unknown */
    bool is_adobe;   /* Adobe RGB, for a picture without a profile */
};

/* libvips as a task needs it: one thread, nothing cached, the loaders of `enum kind` alone.
 * Returns JM_OK, JM_EUNSUPPORTED. */
jm_status picture_setup(void);

/* Decode no more than is needed for a long edge of `edge` pixels; smaller pictures stay as they are.
 * A file that is cut short is refused. NULL where it fails; to unref. */
VipsImage *picture_open(VipsSource *source, enum kind kind, const struct picture_hints *hints,
                        int edge, struct fault *fault);

/* The same of pixels that are decoded. */
VipsImage *picture_shrink(VipsImage *image, const struct picture_hints *hints, int edge,
                          struct fault *fault);

/* The long edge. */
int picture_edge(VipsImage *image);

#endif
