/* Losses: what a cursor wanted and can no longer have.
 *
 * Plain memory events are lost when the ring drops them, durable ones when retention has removed them
 * from the store as well. Conflated and injected events never count. A client is told the range, once.
 * Internal to host/log. [loop] */
#ifndef JMH_LOG_LOSS_H
#define JMH_LOG_LOSS_H

#include "host/log/cursor.h"

struct jmh_backlog;

/* Where events are read from. */
struct jmh_sources {
    struct jmh_log *log;
    struct jmh_store *store;
    struct jmh_names *channels;
};

/* The highest seq of a channel (or of JMH_CHANNEL_ALL) that is lost; 0 for none. */
uint64_t jmh_loss_of(const struct jmh_sources *sources, uint32_t channel);

/* The range that is lost of the replay, and of what is live, and was not told: into run->missed_from
 * and missed_to. Then: it is told. */
void jmh_loss_in_replay(const struct jmh_backlog *backlog, const struct jmh_sources *sources,
                        struct jmh_run *run);
void jmh_loss_in_replay_told(struct jmh_backlog *backlog, const struct jmh_sources *sources);
void jmh_loss_in_live(const struct jmh_cursor *cursor, const struct jmh_sources *sources,
                      struct jmh_run *run);
void jmh_loss_in_live_told(struct jmh_cursor *cursor, const struct jmh_run *run);

#endif
