/* DNG: never made here, only passed on. Worker process only. */
#ifndef EXPORT_TASK_DNG_H
#define EXPORT_TASK_DNG_H

#include "task/source.h"

/* Copy the photograph, which must be a DNG, into the output as it is. */
void dng_copy(const struct source *source, const struct output *output, struct fault *fault);

#endif
