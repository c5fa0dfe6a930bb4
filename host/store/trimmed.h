/* Up to which sequence number retention has removed events, per channel. A few names in sorted order;
 * what the open turn has changed is kept beside what is committed. */
#ifndef JMH_STORE_TRIMMED_H
#define JMH_STORE_TRIMMED_H

#include <junmai/types.h>
#include <stdbool.h>

struct jmh_trimmed_channel {
    char *name;         /* "" for events to every client */
    uint64_t seq;       /* with the open turn */
    uint64_t committed; /* without it */
};

/* Zero-initialise to begin. */
struct jmh_trimmed {
    struct jmh_trimmed_channel *channels;
    size_t count;
    size_t cap;
};

void jmh_trimmed_fini(struct jmh_trimmed *trimmed);
/* Raise a channel's position; false when out of memory. */
bool jmh_trimmed_raise(struct jmh_trimmed *trimmed, jm_span channel, uint64_t seq);
/* 0 where nothing was removed. */
uint64_t jmh_trimmed_of(const struct jmh_trimmed *trimmed, const char *channel);
/* The highest of all. */
uint64_t jmh_trimmed_highest(const struct jmh_trimmed *trimmed);
/* What was raised is committed, or taken back. */
void jmh_trimmed_commit(struct jmh_trimmed *trimmed);
void jmh_trimmed_abort(struct jmh_trimmed *trimmed);

#endif
