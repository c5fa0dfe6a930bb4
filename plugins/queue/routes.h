/* The routes, one file for each family. */
#ifndef QUEUE_ROUTES_H
#define QUEUE_ROUTES_H

#include "core.h"

/* All return what the host says. [loop & loaded] */
jm_status submit_routes_add(struct queue *q);   /* POST /queue/submit, batch, session/{id} */
jm_status queue_routes_add(struct queue *q);    /* status, cancel, retry, purge, pause, failed */
jm_status look_routes_add(struct queue *q);     /* stats, workers */
jm_status priority_routes_add(struct queue *q); /* /queue/priority/… */
jm_status lease_routes_add(struct queue *q);    /* /queue/lease… */
jm_status progress_routes_add(struct queue *q); /* /progress/… */
jm_status job_routes_add(struct queue *q);      /* /api/jobs… */

#endif
