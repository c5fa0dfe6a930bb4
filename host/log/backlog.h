/* What lies behind a cursor beside its place: replays that are under way and subscriptions whose
 * earlier events are to be passed. Internal to host/log. [loop] */
#ifndef JMH_LOG_BACKLOG_H
#define JMH_LOG_BACKLOG_H

#include "host/log/loss.h"

/* One joined channel: its events up to `floor` are not live; those behind `since` are replayed. */
struct jmh_backlog_item {
    uint32_t channel;
    uint64_t since; /* JMH_SINCE_NOW: nothing to replay */
    uint64_t floor;
    uint64_t told; /* losses up to here have been told, to begin with by the confirmation */
};

struct jmh_backlog {
    uint64_t replayed; /* the replay has been handed out up to here */
    uint64_t until;    /* and ends here */
    uint64_t told;     /* losses of live events up to here have been told */
    uint32_t count;
    struct jmh_backlog_item items[];
};

/* Add joins to what a cursor has; the head of the log is the floor of each. */
jm_status jmh_backlog_join(struct jmh_cursor *cursor, const struct jmh_join *joins, uint32_t count,
                           const struct jmh_sources *sources);
/* Forget the channels that the cursor's set no longer holds, however many come and go. */
void jmh_backlog_prune(struct jmh_cursor *cursor);
/* A backlog with no items, to remember what was told; NULL when out of memory. */
struct jmh_backlog *jmh_backlog_need(struct jmh_cursor *cursor);
/* Forget what is behind the cursor's place; free the backlog when nothing remains. */
void jmh_backlog_settle(struct jmh_cursor *cursor);

/* Up to where the events of a channel (or of JMH_CHANNEL_ALL) are not live; 0 where all are. */
uint64_t jmh_backlog_floor(const struct jmh_backlog *backlog, uint32_t channel);
bool jmh_backlog_replaying(const struct jmh_backlog *backlog);
/* Whether the replay hands out an entry that the set wants. */
bool jmh_backlog_replays(const struct jmh_cursor *cursor, const struct jmh_entry *entry);
/* Whether the live read passes such an entry silently. */
bool jmh_backlog_holds(const struct jmh_cursor *cursor, const struct jmh_entry *entry);

#endif
