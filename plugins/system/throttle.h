/* The queue and the machine: how many jobs are advisable, and pausing the queue while the machine is
 * critical, where clients have asked for it.
 *
 * The queue has no way to be told a number of jobs at once by this plugin: it reads
 * processing.max_concurrent_jobs of the settings itself. What is told here is a recommendation. */
#ifndef SYSTEM_THROTTLE_H
#define SYSTEM_THROTTLE_H

#include "core.h"

/* Jobs of the whole queue; all 0 and not paused where there is no queue. */
struct queue_view {
    bool available;
    bool paused;
    queue_counts counts;
};

void throttle_look(const struct system_core *core, struct queue_view *view_out);

/* Whether the queue follows the machine; kept over restarts, off at first. */
bool throttle_is_on(const struct system_core *core);
jm_status throttle_switch(struct system_core *core, bool on);

/* Whether following includes pausing it; kept over restarts, on at first. */
bool throttle_adjusts(const struct system_core *core);
jm_status throttle_set_adjusts(struct system_core *core, bool on);

/* Jobs at once that the machine allows now. */
int throttle_concurrency(const struct system_core *core);

/* Whether new jobs are welcome: the queue is not paused and the machine not critical. */
bool throttle_accepts(const struct system_core *core);

/* After a sample: pause the queue, or resume what this plugin has paused. */
jm_status throttle_follow(struct system_core *core);

#endif
