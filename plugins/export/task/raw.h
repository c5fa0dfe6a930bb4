/* A camera's raw file, decoded by LibRaw. Worker process only. */
#ifndef EXPORT_TASK_RAW_H
#define EXPORT_TASK_RAW_H

#include "task/kind.h"
#include "task/request.h"
#include "task/size.h"

#include <vips/vips.h>

/* LibRaw on this thread alone. */
void raw_setup(void);

struct raw_settings {
    enum half half;
    enum highlights highlights;
    struct size (*needed)(void *user, struct size whole); /* of the largest output */
    void *user;
    const jm_task_run *run;
};

/* Upright pixels of 16 bits in the ProPhoto space, with its profile, in memory; `whole_out` is the
 * size at full resolution. At half of it where HALF_AUTO allows. The preview of a raw file is never
 * taken for the photograph. NULL where it fails; to unref. */
VipsImage *raw_open(struct bytes file, const struct raw_settings *settings, struct size *whole_out,
                    struct fault *fault);

/* The size at full resolution; {0, 0} where LibRaw does not read the file. */
void raw_measure(struct bytes file, struct size *whole_out);

#endif
