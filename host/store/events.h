/* The durable event log: its size, what retention has removed, and the cursors that replay it.
 *
 * events.c keeps the log, replay.c reads it. The size is counted along, never summed up. */
#ifndef JMH_STORE_EVENTS_H
#define JMH_STORE_EVENTS_H

#include "host/store/store.h"
#include "host/store/trimmed.h"

struct jmh_statement;

struct jmh_events_size {
    uint64_t events;
    uint64_t bytes; /* of the bodies */
};

/* The events of one channel in order. Its statement is kept from replay to replay. */
struct jmh_event_cursor {
    struct jmh_statement *statement;
    bool has_event;
    struct jmh_stored_event event; /* borrowed from the statement */
};

struct jmh_events {
    struct jmh_events_size size;      /* with the open turn */
    struct jmh_events_size at_call;   /* before the call that is running */
    struct jmh_events_size committed; /* without the open turn */
    struct jmh_trimmed trimmed;
    struct jmh_event_cursor every; /* of all channels */
    struct jmh_event_cursor *cursors;
    size_t cursor_count;
};

/* Read the size and the removed positions. */
jm_status jmh_events_load(struct jmh_store *store, struct jmh_err *err);
void jmh_events_fini(struct jmh_events *events);
/* Write the size into the turn, where the turn has changed it. */
jm_status jmh_events_flush(struct jmh_store *store, struct jmh_err *err);
/* How the turn or the call ended. */
void jmh_events_end_turn(struct jmh_events *events, bool is_committed);
void jmh_events_begin_call(struct jmh_events *events);
void jmh_events_abort_call(struct jmh_events *events);
/* Free the cursors. */
void jmh_replay_fini(struct jmh_events *events);

#endif
