/* A camera's raw file as a small upright sRGB picture. Worker process only. */
#ifndef PREVIEW_TASK_RAW_H
#define PREVIEW_TASK_RAW_H

#include "task/picture.h"

/* LibRaw on this thread alone. */
void raw_setup(void);

/* The embedded preview where it has a long edge of `edge` pixels; else the picture decoded, at half
 * its size where that is enough; else the largest preview that there is. `decoded_out` says which.
 * NULL where there is none; to unref. */
VipsImage *raw_open(struct bytes file, int edge, bool *decoded_out, struct fault *fault);

#endif
