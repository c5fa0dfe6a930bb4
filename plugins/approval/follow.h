/* Photographs that begin or cease to wait because of their `develop` jobs: approval_queue_updated
 * is told of these too. */
#ifndef APPROVAL_FOLLOW_H
#define APPROVAL_FOLLOW_H

#include "core.h"

/* Hear of jobs, where the queue is there; again after it was replaced. Nothing happens where they
 * are heard of already. [loop & active] */
jm_status approval_follow_start(struct approval_core *core);
void approval_follow_stop(struct approval_core *core);

#endif
