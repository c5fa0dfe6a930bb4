/* Subscription sets: what a client listens to, shared by all that listen to the same.
 *
 * A set lists channels, each with an optional filter of types. It knows its clients, so that an event
 * wakes just the clients of the sets that hold its channel, and a run of frames that was put together
 * for one client serves all others of the set at the same place. [loop] */
#ifndef JMH_LOG_SET_H
#define JMH_LOG_SET_H

#include "host/log/log.h"

#include <sys/queue.h>

struct jmh_client;
struct jmh_sets;

/* One subscription. `types` is a sorted list of type numbers that ends with 0, or NULL for all. */
struct jmh_sub {
    uint32_t channel;
    const uint32_t *types;
};

TAILQ_HEAD(jmh_client_list, jmh_client);

struct jmh_set {
    uint64_t number; /* never used again, unlike an address */
    uint64_t hash;
    uint32_t refs;
    uint32_t count;
    bool dirty;                     /* in the list of sets to flush */
    struct jmh_client_list clients; /* of this set, through jmh_client.in_set */
    TAILQ_ENTRY(jmh_set) in_dirty;
    struct jmh_set *next_in_bucket;
    struct jmh_sub subs[]; /* sorted by channel */
};

TAILQ_HEAD(jmh_set_list, jmh_set);

struct jmh_sets *jmh_sets_new(void);
void jmh_sets_free(struct jmh_sets *sets);

/* The set of exactly these subscriptions (any order, types copied); a reference is taken. NULL when
 * out of memory. Count 0 is the set of a client without subscriptions: it still hears EVERYONE. */
struct jmh_set *jmh_sets_get(struct jmh_sets *sets, const struct jmh_sub *subs, uint32_t count);
void jmh_sets_drop(struct jmh_sets *sets, struct jmh_set *set);

/* The subscription of a set to a channel, NULL for none. */
const struct jmh_sub *jmh_set_find(const struct jmh_set *set, uint32_t channel);
/* Whether the filter of a subscription lets a type pass. */
bool jmh_sub_wants(const struct jmh_sub *sub, uint32_t type);
/* Whether a set wants an entry. */
bool jmh_set_wants(const struct jmh_set *set, const struct jmh_entry *entry);

/* An event was appended to `channel`: mark every set with clients that holds it. */
void jmh_sets_wake(struct jmh_sets *sets, uint32_t channel);
/* The sets that were marked; the caller empties the list and clears `dirty`. */
struct jmh_set_list *jmh_sets_dirty(struct jmh_sets *sets);

/* For /websocket/stats: the channels that have subscribers. */
size_t jmh_sets_channels(const struct jmh_sets *sets, uint32_t *channels_out, size_t cap);

#endif
