/*
 * A crowd of clients that listen to the same channel, read by one thread, and publishers that feed
 * it. It counts what comes, and how long that took.
 */
#ifndef HOST_TESTS_CROWD_H
#define HOST_TESTS_CROWD_H

#include "listen.h"

#include <pthread.h>

#define CROWD_PUBLISHERS 2
#define CROWD_LATENCY_MAX_MS 4000

struct crowd_member {
    struct jmt_ws ws;
    int last[CROWD_PUBLISHERS]; /* the last number of each publisher */
    const char *fault;          /* what it has got wrong, NULL: nothing */
};

struct crowd_publisher {
    pthread_t thread;
    const struct studio *studio;
    int number;
    int first, count; /* it sends these numbers */
    int per_second;   /* 0: as fast as it can */
    int refused;
};

struct crowd {
    struct crowd_member *members;
    int size;
    int sent[CROWD_PUBLISHERS];
    long latencies[CROWD_LATENCY_MAX_MS * 10]; /* how many took so many tenths of a millisecond */
    long deliveries;
};

/* Connects that many and subscribes them to "jobs". */
void crowd_open(struct crowd *crowd_out, const struct studio *studio, int size);
void crowd_close(struct crowd *crowd);

struct crowd_pace {
    double p99_ms; /* the latency that 99 of 100 deliveries kept */
    double run_ms; /* until everybody had everything */
};

/*
 * Each publisher sends `count` durable events, at that rate; every member must get each of them
 * once, in the order of its publisher.
 */
struct crowd_pace crowd_run(struct crowd *crowd, const struct studio *studio, int count,
                            int per_second);

/* One event of a publisher, as a member or somebody else has got it; false when it is not next. */
bool crowd_take(int last[CROWD_PUBLISHERS], const char *text, double *sent_ms_out);

#endif
