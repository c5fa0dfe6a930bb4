/*
 * Several requests that reach a host at the same moment, so that one turn of its loop takes them all:
 * the host is stopped while they are sent, and finds them together when it goes on.
 */
#ifndef ZOO_TESTS_BURST_H
#define ZOO_TESTS_BURST_H

#include "zoo.h"

#define BURST_MAX 16

struct burst_part {
    const char *method, *path, *body; /* of the request; body NULL: none */
    int status;                       /* of the answer */
};

/* Sends the parts, each on a connection of its own, and takes their answers. */
void burst_run(const struct zoo *zoo, struct burst_part *parts, size_t count);

/* The host takes nothing until burst_release(); it has stopped when the call returns. */
void burst_hold(const struct zoo *zoo);
void burst_release(const struct zoo *zoo);

#endif
