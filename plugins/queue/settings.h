/* What the studio's document says, where the service junmai.settings/1 is there. */
#ifndef QUEUE_SETTINGS_H
#define QUEUE_SETTINGS_H

#include "core.h"

/* processing.max_concurrent_jobs; 0: not known. */
int64_t settings_concurrency(const struct queue *q);

#endif
