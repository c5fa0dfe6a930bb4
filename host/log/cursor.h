/* A cursor: a place in the log. Live delivery, replay, polling and server-sent events are all the
 * same: advance the cursor, hand out the frames that it passes.
 *
 * A cursor reads from the ring, and from the store where the ring has gone on without it. What a
 * client asked to resume is a replay beside the cursor: it is handed out first, up to the cursor's
 * place, then the cursor goes on. [loop] */
#ifndef JMH_LOG_CURSOR_H
#define JMH_LOG_CURSOR_H

#include "host/log/set.h"
#include "host/util/buf.h"
#include "host/util/err.h"

struct jmh_store;

/* In which form a run of events is wanted. */
enum jmh_form {
    JMH_FORM_WS,         /* frames */
    JMH_FORM_WS_DEFLATE, /* frames, compressed where the log has them so */
    JMH_FORM_SSE,        /* "id: EPOCH:SEQ\ndata: {…}\n\n" */
    JMH_FORM_JSON,       /* one call of `each` per event, no bytes */
};

struct jmh_backlog; /* present only while there is something to replay or to hold back */

struct jmh_cursor {
    struct jmh_set *set; /* a reference */
    uint64_t pos;        /* everything of the set up to here has been handed out */
    struct jmh_backlog *backlog;
};

/* The reader: what cursors read from. */
struct jmh_reader;
struct jmh_reader *jmh_reader_new(struct jmh_log *log, struct jmh_store *store,
                                  struct jmh_names *channels, struct jmh_names *types,
                                  const char *epoch);
void jmh_reader_free(struct jmh_reader *reader);

/* What one read brought. */
struct jmh_run {
    const uint8_t *bytes; /* whole frames; valid until the next read of any cursor */
    size_t len;
    uint32_t events;
    bool more;                       /* there is more behind it */
    uint64_t missed_from, missed_to; /* where events were lost (host/log/loss.h), else 0 */
};

/* Whether there is anything to read: cheap, and never false when there is. */
bool jmh_cursor_pending(const struct jmh_reader *reader, const struct jmh_cursor *cursor);
/* Read at most max_bytes (at least one event) and advance. `each` is for JMH_FORM_JSON: the event's
 * seq and body; it returns false to stop behind this event. A store that cannot be read is JM_EIO and
 * the cursor stays. */
jm_status jmh_cursor_read(struct jmh_reader *reader, struct jmh_cursor *cursor, enum jmh_form form,
                          size_t max_bytes, bool (*each)(void *user, uint64_t seq, jm_span body),
                          void *user, struct jmh_run *run_out, struct jmh_err *err);

/* What resuming a channel at `since` means, before it is done. */
struct jmh_resume {
    bool recovered;
    uint64_t missed_from, missed_to; /* 0 where nothing can be named */
};
/* `has_memory_types`: a type of the channel is declared with plain memory retention.
 * `since` must be of this epoch. */
struct jmh_resume jmh_reader_judge(const struct jmh_reader *reader, uint32_t channel,
                                   uint64_t since, bool has_memory_types);

/* A channel that a cursor begins to listen to, or that it resumes. */
struct jmh_join {
    uint32_t channel;
    uint64_t since; /* resume behind this seq; JMH_SINCE_NOW: only what comes from now on */
};
#define JMH_SINCE_NOW UINT64_MAX

/* Change what a cursor listens to. The events of the joined channels up to the present head were
 * before the subscription: they are replayed from `since`, or passed. */
jm_status jmh_cursor_subscribe(struct jmh_reader *reader, struct jmh_sets *sets,
                               struct jmh_cursor *cursor, struct jmh_set *set_take,
                               const struct jmh_join *joins, uint32_t count);
void jmh_cursor_fini(struct jmh_sets *sets, struct jmh_cursor *cursor);

#endif
