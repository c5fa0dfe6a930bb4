/* A host without transport and plugins, for the tests of clients and requests: a store in a temporary
 * folder, log, sets, turn, and an index of what the test itself registers, twice: as the host and as a
 * plugin. */
#ifndef CLIENT_BED_H
#define CLIENT_BED_H

#include "host/client/clients.h"
#include "host/host.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct bed {
    struct jmh_host host;
    char dir[64];
    struct jmh_regset *of_host, *of_plugin;
    struct jmh_plugin plugin;   /* the owner of of_plugin, active */
    struct jmh_plugin disabled; /* serves /off, but not on this host */
};

/* cmocka's setup and teardown. The bed declares the channels jobs, photos and plain, and the types
 * made (durable, jobs), progress (conflated, jobs), seen (memory, plain); each has one field, "id". */
int bed_setup(void **state);
int bed_teardown(void **state);
/* Build the index after the test has registered more. */
void bed_index(struct bed *bed);
/* Publish one event of a declared type. */
void bed_publish(struct bed *bed, const char *type, const char *id);
/* The end of the turn, as the loop does it. */
void bed_end_turn(struct bed *bed);
/* Let the commit of the present turn fail. */
void bed_break_turn(struct bed *bed);

/* A client and what it has got, a message on a line each. */
struct peer {
    struct jmh_client *client;
    struct jmh_buf got;
    bool blocked;      /* it takes nothing */
    bool may_fail;     /* its events may be unreadable */
    bool goes_at_once; /* its transport closes it as soon as it is asked to */
    unsigned ends;
    uint16_t code;
    char reason[128];
};

void peer_open(struct bed *bed, struct peer *peer);
void peer_close(struct peer *peer);
/* Send a message, end the turn; what has come in answer, the time in it made "T". */
const char *peer_ask(struct bed *bed, struct peer *peer, const char *message);
/* What has come since the last call. */
const char *peer_got(struct peer *peer);

#endif
