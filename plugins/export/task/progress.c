/* Signals of libvips. Worker process only. */
#include "task/progress.h"

static void tell(const struct progress *progress, double percent)
{
    progress->run->progress(progress->run, percent, (jm_span){NULL, 0});
}

static void on_eval(VipsImage *image, const VipsProgress *so_far, struct progress *progress)
{
    if (progress->run->cancelled(progress->run) != 0) {
        progress->cancelled = true;
        vips_image_set_kill(image, TRUE);
        return;
    }
    tell(progress, progress->done_percent + progress->share_percent * so_far->percent / 100);
}

void progress_watch(struct progress *progress, VipsImage *image)
{
    vips_image_set_progress(image, TRUE);
    g_signal_connect(image, "eval", G_CALLBACK(on_eval), progress);
}

void progress_next(struct progress *progress, double share_percent)
{
    progress->done_percent += progress->share_percent;
    progress->share_percent = share_percent;
    tell(progress, progress->done_percent);
}

bool progress_check(struct progress *progress, struct fault *fault)
{
    progress->cancelled = progress->cancelled || progress->run->cancelled(progress->run) != 0;
    if (progress->cancelled) {
        *fault = (struct fault){0};
        fault_set(fault, JM_ECANCELLED, "cancelled");
    }
    return !progress->cancelled;
}
