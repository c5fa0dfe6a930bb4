/* A turn: all that handlers do in one round of the loop, made true at once.
 *
 * Calls write to the store, publish events and give answers. At the end of the turn the writes and
 * the durable events are committed in one transaction; then the events are appended to the log and
 * the answers leave. If the commit fails no event leaves and each effect is told so. [loop] */
#ifndef JMH_TURN_H
#define JMH_TURN_H

#include "host/log/set.h"
#include "host/plugin/index.h"
#include "host/store/store.h"
#include "host/util/json.h"

struct jmh_turn;

struct jmh_turn *jmh_turn_new(struct jmh_store *store, struct jmh_log *log, struct jmh_sets *sets,
                              struct jmh_names *channels, struct jmh_names *types);
void jmh_turn_free(struct jmh_turn *turn);
/* `fn` is told whenever the turn gets something to do, with the bytes of output that it makes: so that
 * the loop brings the turn to its end. */
void jmh_turn_on_pending(struct jmh_turn *turn, void (*fn)(void *user, size_t bytes), void *user);

/* One handler begins and ends. A negative status takes back its writes and events; its effects stay.
 * Returns `status`, or why the store could not keep what an ok call wrote. Calls may nest: an inner
 * one belongs to the outermost. */
void jmh_turn_begin_call(struct jmh_turn *turn);
jm_status jmh_turn_end_call(struct jmh_turn *turn, jm_status status);

/* An event for this turn, of a declared type. `channel` absent: the declared one. The fields are
 * checked against the declaration. */
jm_status jmh_turn_publish(struct jmh_turn *turn, const struct jmh_event_type *type,
                           jm_span channel, jm_span fields, struct jmh_err *err);
/* An event that nobody declares; `durable` puts it into the store. `fields` is an object that was
 * parsed (util/json.h). */
jm_status jmh_turn_inject(struct jmh_turn *turn, jm_span type, jm_span channel,
                          struct jmh_json_value fields, bool durable, struct jmh_err *err);

/* Something to do after the commit: send an answer, wake a client. `committed` is JM_OK, or why the
 * turn was rolled back. Returns false when out of memory. */
bool jmh_turn_after(struct jmh_turn *turn, void (*fn)(void *user, jm_status committed), void *user);

/* Whether the turn holds anything, and whether its end has to write to the store. */
bool jmh_turn_is_empty(const struct jmh_turn *turn);
bool jmh_turn_writes(const struct jmh_turn *turn);
/* End the turn: commit, append, run the effects, which may begin the next turn. Returns why it was
 * taken back. */
jm_status jmh_turn_end(struct jmh_turn *turn);

/* The sentence for whoever asked for a change that was taken back; valid in the turn's effects. */
const char *jmh_turn_failure(const struct jmh_turn *turn);

struct jmh_turn_stats {
    uint64_t turns, events, failed;
};
struct jmh_turn_stats jmh_turn_stats(const struct jmh_turn *turn);

#endif
