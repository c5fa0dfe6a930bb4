/* Clients that poll. Each is a client session of the host, known under an id of this plugin's.
 *
 * A poller owns no messages: what it has not been given yet is the log's, behind its cursor. [loop] */
#ifndef LIGHTROOM_POLLERS_H
#define LIGHTROOM_POLLERS_H

#include "core.h"
#include "poll_id.h"

#include <junmai/sdk/json.h>

struct lr_poller {
    struct lr_core *core;
    struct lr_poller *next; /* in its bucket */
    char id[LR_POLL_ID_SIZE];
    char client_type[65];
    jm_id client;                    /* the host's session */
    json_t *channels;                /* object with a member for each subscription */
    int64_t connected_ms, polled_ms; /* UTC; polled 0: never */
    uint64_t alive_ms;               /* monotonic: its last sign of life */
    char *greeting;                  /* connection_established, until the client has got it */
    bool greeting_given;             /* in the last answer, which said greeting_ack */
    uint64_t greeting_ack;
    uint64_t stale_ack; /* that a forgotten client came back with */
    jm_id waiting;      /* the request of a long poll; 0: none */
    jm_id wait_timer;
    uint64_t ack; /* where it stands after the last answer */
};

/* A session under that id. JM_ENOMEM: too many clients. [loop & active] */
jm_status lr_poller_open(struct lr_core *core, const char *id, const jm_caller *caller,
                         struct lr_poller **poller_out);
/* End it: a long poll is answered, its jobs go back to the queue where `gives_jobs_back`. */
void lr_poller_close(struct lr_poller *poller, bool gives_jobs_back);
void lr_pollers_close_all(struct lr_core *core);

struct lr_poller *lr_poller_find(const struct lr_core *core, const char *id);
void lr_poller_is_alive(struct lr_poller *poller);
/* The next one of a walk over all; begin with *bucket 0 and NULL. */
struct lr_poller *lr_poller_next(const struct lr_core *core, size_t *bucket,
                                 const struct lr_poller *poller);

/* Forget those that have given no sign of life for `silence_ms`; how many. */
size_t lr_pollers_expire(struct lr_core *core, uint64_t silence_ms);

/* Let the host handle a message as if the client had sent it. *reply_out is the first reply, to
 * decref, or NULL where there is none. JM_EGONE: the host has ended the session. */
jm_status lr_poller_receive(struct lr_poller *poller, const json_t *message, json_t **reply_out);

/* As /ws/clients shows it. */
json_t *lr_poller_json(const struct lr_poller *poller);

#endif
