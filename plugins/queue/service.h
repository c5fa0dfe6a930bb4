/* The service junmai.queue/1. */
#ifndef QUEUE_SERVICE_H
#define QUEUE_SERVICE_H

#include "core.h"

/* Offer it. [loop & loaded] */
jm_status service_provide(struct queue *q);

#endif
