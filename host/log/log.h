/* The ring log: every event once, serialised once, in the order of its seq.
 *
 * An entry is the WebSocket frame of its event (header and JSON body, unmasked), so that the same
 * bytes serve every subscriber. Entries lie in one arena of fixed size; the oldest make room for the
 * newest. Each channel keeps the seqs of its entries in order, so that a cursor on a quiet channel
 * never steps through a busy one. Owner: the host; [loop]; plain data, no I/O. */
#ifndef JMH_LOG_LOG_H
#define JMH_LOG_LOG_H

#include "host/util/names.h"

#include <stdbool.h>

struct jmh_log;

/* Channel numbers are interned names; this one reaches every client. */
#define JMH_CHANNEL_EVERYONE 0u
#define JMH_CHANNEL_ALL UINT32_MAX /* stands for every channel, as in the subscription "*" */

#define JMH_ENTRY_DURABLE 1u   /* also in the store */
#define JMH_ENTRY_CONFLATED 2u /* superseded by a newer one of its key */
#define JMH_ENTRY_INJECTED 4u  /* not declared by anybody */
#define JMH_ENTRY_DEAD 8u      /* has been superseded: cursors pass it silently */
#define JMH_ENTRY_PRIVATE 16u  /* on a channel that begins with '_': not among "*" */
#define JMH_ENTRY_PLAIN 32u    /* to compress it brings nothing */

struct jmh_entry {
    uint64_t seq;
    uint32_t channel;
    uint32_t type;        /* interned, 0 beyond the limit of names */
    uint32_t flags;       /* JMH_ENTRY_* */
    uint32_t frame_bytes; /* header and body */
    uint32_t head_bytes;  /* of the frame header; the body follows */
    uint64_t key;         /* of a conflated entry: what it is about, else 0 */
    const uint8_t *frame;
    uint8_t *twin; /* the frame compressed; NULL until somebody wants it */
    uint32_t twin_bytes;
};

/* What is appended. */
struct jmh_event {
    uint32_t channel;
    uint32_t type;
    uint32_t flags;       /* DURABLE, CONFLATED, INJECTED */
    jm_span conflate_key; /* with CONFLATED: value that names what the event is about */
    jm_span body;         /* the JSON object as it is sent; copied */
};

/* `first_seq` is the number of the first event of this run. `bytes` bounds the arena, `entries` the
 * number of events in it (rounded up to a power of two). */
struct jmh_log *jmh_log_new(uint64_t first_seq, size_t bytes, uint32_t entries);
void jmh_log_free(struct jmh_log *log);

/* Whether an event with a body of that size can be appended to the channel, which is made ready for
 * it: JM_EINVAL where it is too large, JM_ENOMEM. */
jm_status jmh_log_admit(struct jmh_log *log, uint32_t channel, size_t body_bytes);
/* Append one event, which was admitted, under the next seq; the oldest entries are dropped for it.
 * Returns the seq, 0 for one that was not admitted. */
uint64_t jmh_log_append(struct jmh_log *log, const struct jmh_event *event);
/* The last seq that was appended (first_seq - 1 while there is none). */
uint64_t jmh_log_head(const struct jmh_log *log);
/* The first seq of this run, and the first that is still in the ring. */
uint64_t jmh_log_run_start(const struct jmh_log *log);
uint64_t jmh_log_tail(const struct jmh_log *log);
/* The entry of that seq, NULL where it is not in the ring. */
const struct jmh_entry *jmh_log_get(const struct jmh_log *log, uint64_t seq);
/* The first live entry of the channel (or of JMH_CHANNEL_ALL) behind `after`, NULL for none. */
const struct jmh_entry *jmh_log_next(const struct jmh_log *log, uint32_t channel, uint64_t after);

/* The frame of an entry for clients that inflate (RFC 7692): compressed when it is first asked for, and
 * the same for all of them; the plain frame where that is as good. Valid as long as the entry. Twins
 * together take no more memory than the arena. */
jm_span jmh_log_compressed(struct jmh_log *log, const struct jmh_entry *entry);

/* What the ring has dropped of a channel: the highest seq of a durable entry (it is in the store), and
 * of a plain memory entry (it is lost). 0 for none. Conflated and injected entries do not count.
 * JMH_CHANNEL_ALL: of any channel. */
uint64_t jmh_log_dropped_durable(const struct jmh_log *log, uint32_t channel);
uint64_t jmh_log_dropped_memory(const struct jmh_log *log, uint32_t channel);

#endif
