/* GET /ws/poll: what a poller has not been given yet, at once or as soon as there is something. [loop] */
#ifndef LIGHTROOM_POLLING_H
#define LIGHTROOM_POLLING_H

#include "pollers.h"

jm_status lr_poll_route(void *user, const jm_request *request);

/* The host's: there is something to take. */
void lr_poll_wake(void *user, jm_id client);
/* Answer a long poll that waits, with nothing. */
void lr_poll_let_go(struct lr_poller *poller);

#endif
