/*
 * bench-load: one process on one core that plays all clients of a server at once, and counts. It
 * breaks off at the first thing that a correct server never does: an event lost, doubled or out of
 * order, a connection closed, a publication refused.
 */
#ifndef LOAD_H
#define LOAD_H

#include "histogram.h"
#include "load_options.h"

#include <stdbool.h>
#include <stdint.h>

struct load;

/* The head of whatever has a descriptor in the epoll set. */
struct load_peer {
    void (*ready)(struct load *load, struct load_peer *peer, uint32_t events);
    int fd;
};

struct load_publisher;
struct load_subscriber;

struct load {
    struct load_options options;
    int epoll_fd;
    char broken[256]; /* what the server did wrong; empty while all is well */

    struct load_subscriber *subscribers; /* the bystanders stand behind the others */
    unsigned opening, open;              /* subscribers on their way, and subscribed */

    struct load_publisher *publishers;
    struct load_peer pace;     /* the timer of a run at a rate; fd 0 when there is none */
    int64_t first_due_us;      /* when the first event of a paced run was due */
    unsigned due;              /* events of this run that may be published by now */
    unsigned goal;             /* events of this run */
    unsigned published, acked; /* of this run */

    uint64_t deliveries; /* of this run */
    struct histogram latency;
};

/* Keeps the first thing that broke; the run ends with it. */
void load_break(struct load *load, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Connects to the server without waiting and watches the socket; -1 after load_break(). */
int load_connect(struct load *load, struct load_peer *peer);
void load_watch(struct load *load, struct load_peer *peer, int operation, uint32_t events);

/* load_subscriber.c: brings all subscribers to their confirmation, some at a time. */
void load_subscribers_new(struct load *load);
void load_subscribers_open_more(struct load *load);
bool load_subscribers_agree(struct load *load);

/* load_publisher.c */
void load_publishers_new(struct load *load);
void load_publishers_begin(struct load *load, unsigned events);

/* load_report.c: one line of JSON on standard output. */
struct load_result {
    double seconds;
    double server_cpu_s;
    long rss_before_kib, rss_open_kib, rss_end_kib;
};
void load_report(const struct load *load, const struct load_result *result);

#endif
