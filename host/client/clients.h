/* All clients of the host. Internal to host/client and the routes that show it. [loop] */
#ifndef JMH_CLIENT_CLIENTS_H
#define JMH_CLIENT_CLIENTS_H

#include "host/client/client.h"

struct jmh_clients {
    struct jmh_host *host;
    struct jmh_idmap by_id;
    jm_id last_id;
    struct jmh_client_list woken;    /* with replies, through in_woken */
    struct jmh_client *next_flushed; /* where a flush goes on, kept right when clients go */
    struct jmh_buf outgoing;         /* the run that was taken last */
    struct jmh_identity *last_identity;
    uint64_t opened, received, delivered, missed, stalled;
};

/* It is flushed at the end of the turn, whether there is news or not. */
void jmh_client_wake(struct jmh_client *client);

#endif
