/* Percent and cancel, while libvips works. Worker process only. */
#ifndef EXPORT_TASK_PROGRESS_H
#define EXPORT_TASK_PROGRESS_H

#include "task/fault.h"

#include <junmai/task.h>
#include <stdbool.h>
#include <vips/vips.h>

/* One after the other, shares of the whole work are done. */
struct progress {
    const jm_task_run *run;
    double done_percent;
    double share_percent; /* of what is being computed now */
    bool cancelled;
};

/* Tell how far the computing of `image` is, and stop it once the task is cancelled. */
void progress_watch(struct progress *progress, VipsImage *image);

/* The share is done, whatever came of it; the next is this much. */
void progress_next(struct progress *progress, double share_percent);

/* In the place of what libvips says about a computation that was stopped. */
bool progress_check(struct progress *progress, struct fault *fault);

#endif
