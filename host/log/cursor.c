/* Reading runs of events at a cursor. [loop]
 *
 * A read goes through up to three places: the replay that a client asked for, the store where the
 * ring has gone on without the cursor, and the ring. Clients of one set that stand at the same place
 * want the same bytes: the last runs are kept and handed out again. */
#include "host/log/cursor.h"

#include "host/log/backlog.h"
#include "host/log/loss.h"
#include "host/store/store.h"
#include "host/util/frame.h"

#include <stdlib.h>
#include <string.h>

#define SPARE_RUNS 4
#define NAMES_MAX 128 /* channels of a set, as names for the store */

/* A run that may be handed out again. */
struct spare {
    uint64_t set; /* its number; 0: nothing to be had */
    uint64_t pos, end, head;
    size_t max_bytes;
    enum jmh_form form;
    struct jmh_buf bytes;
    uint32_t events;
    bool more;
};

struct jmh_reader {
    struct jmh_sources sources;
    struct jmh_names *types;
    const char *epoch;
    struct spare spares[SPARE_RUNS];
    uint32_t next_spare;
    struct jmh_buf scratch; /* runs that nobody else can want */
};

/* One read under way. */
struct reading {
    struct jmh_reader *reader;
    struct jmh_cursor *cursor;
    enum jmh_form form;
    size_t max_bytes;
    bool (*each)(void *user, uint64_t seq, jm_span body);
    void *user;
    struct jmh_buf *out;
    uint64_t at;  /* the last seq that was handed out or passed */
    size_t taken; /* bytes of bodies */
    uint32_t events;
    bool full;
};

struct jmh_reader *jmh_reader_new(struct jmh_log *log, struct jmh_store *store,
                                  struct jmh_names *channels, struct jmh_names *types,
                                  const char *epoch)
{
    struct jmh_reader *reader = calloc(1, sizeof *reader);
    if (reader != NULL) {
        reader->sources = (struct jmh_sources){log, store, channels};
        reader->types = types;
        reader->epoch = epoch;
    }
    return reader;
}

void jmh_reader_free(struct jmh_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    for (size_t i = 0; i < SPARE_RUNS; i++) {
        jmh_buf_fini(&reader->spares[i].bytes);
    }
    jmh_buf_fini(&reader->scratch);
    free(reader);
}

static void write_ws(struct jmh_buf *out, jm_span body)
{
    uint8_t head[JMH_FRAME_HEAD_MAX];
    jmh_buf_add(out, head, jmh_frame_head(head, body.len));
    jmh_buf_add_span(out, body);
}

/* Hand out one event; false when the run is full behind it. `frame` is its frame where the log has
 * it, else absent. */
static bool hand_out(struct reading *reading, uint64_t seq, jm_span body, jm_span frame)
{
    bool go_on = true;
    switch (reading->form) {
    case JMH_FORM_WS:
    case JMH_FORM_WS_DEFLATE:
        if (frame.len > 0) {
            jmh_buf_add_span(reading->out, frame);
        } else {
            write_ws(reading->out, body);
        }
        break;
    case JMH_FORM_SSE:
        jmh_buf_addf(reading->out, "id: %s:%llu\ndata: ", reading->reader->epoch,
                     (unsigned long long)seq);
        jmh_buf_add_span(reading->out, body);
        jmh_buf_add(reading->out, "\n\n", 2);
        break;
    case JMH_FORM_JSON:
        go_on = reading->each(reading->user, seq, body);
        break;
    }
    reading->events++;
    reading->taken += body.len + 10;
    reading->at = seq;
    reading->full = !go_on || reading->taken >= reading->max_bytes;
    return !reading->full;
}

/* Whether a frame may still be added: the first always, others while they fit. */
static bool fits(const struct reading *reading, size_t bytes)
{
    return reading->events == 0 || reading->taken + bytes + 10 <= reading->max_bytes;
}

static bool replaying(const struct reading *reading)
{
    return jmh_backlog_replaying(reading->cursor->backlog);
}

/* Whether this read hands out an entry. */
static bool is_due(const struct reading *reading, const struct jmh_entry *entry)
{
    if (!jmh_set_wants(reading->cursor->set, entry)) {
        return false;
    }
    return replaying(reading) ? jmh_backlog_replays(reading->cursor, entry)
                              : !jmh_backlog_holds(reading->cursor, entry);
}

static const struct jmh_entry *earlier(const struct jmh_entry *a, const struct jmh_entry *b)
{
    return a == NULL || (b != NULL && b->seq < a->seq) ? b : a;
}

/* The next entry in the ring for a set. */
static const struct jmh_entry *next_of_set(const struct jmh_log *log, const struct jmh_set *set,
                                           uint64_t after)
{
    const struct jmh_entry *next = jmh_log_next(log, JMH_CHANNEL_EVERYONE, after);
    for (uint32_t i = 0; i < set->count; i++) {
        next = earlier(next, jmh_log_next(log, set->subs[i].channel, after));
    }
    return next;
}

/* Hand out what the ring holds behind reading->at, up to `until`. */
static void read_ring(struct reading *reading, uint64_t until)
{
    const struct jmh_log *log = reading->reader->sources.log;
    const struct jmh_set *set = reading->cursor->set;
    while (!reading->full) {
        const struct jmh_entry *entry = next_of_set(log, set, reading->at);
        if (entry == NULL || entry->seq > until) {
            reading->at = until > reading->at ? until : reading->at;
            return;
        }
        if (!is_due(reading, entry)) {
            reading->at = entry->seq;
            continue;
        }
        if (!fits(reading, entry->frame_bytes)) {
            reading->full = true;
            return;
        }
        jm_span frame = {(const char *)entry->frame, entry->frame_bytes};
        jm_span body = {frame.ptr + entry->head_bytes, frame.len - entry->head_bytes};
        if (reading->form == JMH_FORM_WS_DEFLATE) {
            frame = jmh_log_compressed(reading->reader->sources.log, entry);
        }
        (void)hand_out(reading, entry->seq, body, frame);
    }
}

/* A channel beyond the limit of names is one that only "*" can mean. */
static uint32_t channel_of(const struct jmh_reader *reader, jm_span name)
{
    if (name.len == 0) {
        return JMH_CHANNEL_EVERYONE;
    }
    uint32_t channel = jmh_names_intern(reader->sources.channels, name);
    return channel != 0 ? channel : JMH_CHANNEL_ALL;
}

static bool read_stored(void *user, const struct jmh_stored_event *event)
{
    struct reading *reading = user;
    struct jmh_reader *reader = reading->reader;
    struct jmh_entry entry = {
        .seq = event->seq,
        .channel = channel_of(reader, event->channel),
        .type = jmh_names_intern(reader->types, event->type),
        .flags = event->channel.len > 0 && event->channel.ptr[0] == '_' ? JMH_ENTRY_PRIVATE : 0};
    if (!is_due(reading, &entry)) {
        reading->at = event->seq;
        return true;
    }
    if (!fits(reading, event->body.len)) {
        reading->full = true;
        return false;
    }
    return hand_out(reading, event->seq, event->body, (jm_span){NULL, 0});
}

/* Hand out what the store holds behind reading->at, up to `until`, which becomes the place when the
 * run is not full. */
static jm_status read_store(struct reading *reading, uint64_t until, struct jmh_err *err)
{
    const struct jmh_set *set = reading->cursor->set;
    const char *names[NAMES_MAX];
    size_t count = 0;
    bool all = set->count > NAMES_MAX;
    for (uint32_t i = 0; i < set->count && !all; i++) {
        all = set->subs[i].channel == JMH_CHANNEL_ALL;
        names[count++] = jmh_names_text(reading->reader->sources.channels, set->subs[i].channel);
    }
    if (!all && count == 0) {
        names[count++] = ""; /* events for every client are all there is to look for */
    }
    jm_status status = jmh_store_replay(reading->reader->sources.store, names, all ? 0 : count,
                                        reading->at, until, read_stored, reading, err);
    if (status == JM_OK && !reading->full) {
        reading->at = until;
    }
    return status;
}

/* The highest seq that the ring has dropped of what a set listens to. */
static uint64_t dropped(const struct jmh_log *log, const struct jmh_set *set,
                        uint64_t (*of)(const struct jmh_log *log, uint32_t channel))
{
    uint64_t highest = of(log, JMH_CHANNEL_EVERYONE);
    for (uint32_t i = 0; i < set->count; i++) {
        uint64_t seq = of(log, set->subs[i].channel);
        highest = seq > highest ? seq : highest;
    }
    return highest;
}

/* Read on from reading->at up to `until`: from the store what the ring has dropped, then the ring. */
static jm_status read_on(struct reading *reading, uint64_t until, struct jmh_err *err)
{
    const struct jmh_log *log = reading->reader->sources.log;
    uint64_t ring_from = jmh_log_tail(log);
    bool stored = reading->at < jmh_log_run_start(log) - 1 ||
                  dropped(log, reading->cursor->set, jmh_log_dropped_durable) > reading->at;
    if (stored && reading->at < ring_from - 1) {
        uint64_t edge = ring_from - 1 < until ? ring_from - 1 : until;
        jm_status status = read_store(reading, edge, err);
        if (status != JM_OK) {
            return status;
        }
    }
    if (!reading->full) {
        read_ring(reading, until);
    }
    return reading->out->failed ? jmh_err_set(err, JM_ENOMEM, "no memory for a run of events")
                                : JM_OK;
}

static jm_status read_replay(struct reading *reading, struct jmh_run *run, struct jmh_err *err)
{
    struct jmh_cursor *cursor = reading->cursor;
    jmh_loss_in_replay(cursor->backlog, &reading->reader->sources, run);
    reading->at = cursor->backlog->replayed;
    jm_status status = read_on(reading, cursor->backlog->until, err);
    if (status == JM_OK) {
        jmh_loss_in_replay_told(cursor->backlog, &reading->reader->sources);
        cursor->backlog->replayed = reading->at;
    }
    return status;
}

static jm_status read_live(struct reading *reading, struct jmh_run *run, struct jmh_err *err)
{
    struct jmh_cursor *cursor = reading->cursor;
    const struct jmh_log *log = reading->reader->sources.log;
    jmh_loss_in_live(cursor, &reading->reader->sources, run);
    reading->at = cursor->pos;
    jm_status status = read_on(reading, jmh_log_head(log), err);
    if (status == JM_OK) {
        jmh_loss_in_live_told(cursor, run);
        cursor->pos = reading->at;
    }
    return status;
}

/* A read that has brought something of the replay ends with it, so that what comes behind cannot make
 * it fail. */
static jm_status read_events(struct reading *reading, struct jmh_run *run, struct jmh_err *err)
{
    jm_status status = JM_OK;
    if (replaying(reading)) {
        status = read_replay(reading, run, err);
    }
    bool is_quiet = reading->events == 0 && run->missed_to == 0;
    if (status == JM_OK && !replaying(reading) && is_quiet) {
        status = read_live(reading, run, err);
    }
    if (status == JM_OK) {
        jmh_backlog_settle(reading->cursor);
    }
    return status;
}

static struct spare *find_spare(struct jmh_reader *reader, const struct jmh_cursor *cursor,
                                enum jmh_form form, size_t max_bytes)
{
    for (size_t i = 0; i < SPARE_RUNS; i++) {
        struct spare *spare = &reader->spares[i];
        if (spare->set == cursor->set->number && spare->pos == cursor->pos && spare->form == form &&
            spare->head == jmh_log_head(reader->sources.log) && spare->max_bytes == max_bytes) {
            return spare;
        }
    }
    return NULL;
}

static struct spare *take_spare(struct jmh_reader *reader, const struct reading *reading)
{
    struct spare *spare = &reader->spares[reader->next_spare];
    reader->next_spare = (reader->next_spare + 1) % SPARE_RUNS;
    spare->set = 0;
    spare->pos = reading->cursor->pos;
    spare->head = jmh_log_head(reader->sources.log);
    spare->max_bytes = reading->max_bytes;
    spare->form = reading->form;
    return spare;
}

static void finish_run(const struct reading *reading, struct jmh_run *run)
{
    if (reading->form != JMH_FORM_JSON) {
        run->bytes = (const uint8_t *)reading->out->data;
        run->len = reading->out->len;
    }
    run->events = reading->events;
    run->more = jmh_cursor_pending(reading->reader, reading->cursor);
}

jm_status jmh_cursor_read(struct jmh_reader *reader, struct jmh_cursor *cursor, enum jmh_form form,
                          size_t max_bytes, bool (*each)(void *user, uint64_t seq, jm_span body),
                          void *user, struct jmh_run *run_out, struct jmh_err *err)
{
    *run_out = (struct jmh_run){0};
    bool shared = form != JMH_FORM_JSON && cursor->backlog == NULL;
    struct spare *spare = shared ? find_spare(reader, cursor, form, max_bytes) : NULL;
    if (spare != NULL) {
        cursor->pos = spare->end;
        *run_out = (struct jmh_run){.bytes = (const uint8_t *)spare->bytes.data,
                                    .len = spare->bytes.len,
                                    .events = spare->events,
                                    .more = spare->more};
        return JM_OK;
    }
    struct reading reading = {.reader = reader,
                              .cursor = cursor,
                              .form = form,
                              .max_bytes = max_bytes,
                              .each = each,
                              .user = user,
                              .out = &reader->scratch};
    if (shared) {
        spare = take_spare(reader, &reading);
        reading.out = &spare->bytes;
    }
    jmh_buf_clear(reading.out);
    jm_status status = read_events(&reading, run_out, err);
    if (status != JM_OK) {
        return status;
    }
    finish_run(&reading, run_out);
    if (spare != NULL && run_out->missed_to == 0) {
        spare->set = cursor->set->number;
        spare->end = cursor->pos;
        spare->events = run_out->events;
        spare->more = run_out->more;
    }
    return JM_OK;
}

bool jmh_cursor_pending(const struct jmh_reader *reader, const struct jmh_cursor *cursor)
{
    const struct jmh_log *log = reader->sources.log;
    if (jmh_backlog_replaying(cursor->backlog)) {
        return true;
    }
    if (cursor->pos >= jmh_log_head(log)) {
        return false;
    }
    return next_of_set(log, cursor->set, cursor->pos) != NULL ||
           dropped(log, cursor->set, jmh_log_dropped_durable) > cursor->pos ||
           dropped(log, cursor->set, jmh_log_dropped_memory) > cursor->pos;
}

struct jmh_resume jmh_reader_judge(const struct jmh_reader *reader, uint32_t channel,
                                   uint64_t since, bool has_memory_types)
{
    struct jmh_resume resume = {.recovered = true};
    if (since > jmh_log_head(reader->sources.log)) {
        resume.recovered = false;
        return resume;
    }
    uint64_t lost = jmh_loss_of(&reader->sources, channel);
    uint64_t before = jmh_log_run_start(reader->sources.log) - 1;
    if (has_memory_types && since < before && before > lost) {
        lost = before;
    }
    if (lost > since) {
        resume.recovered = false;
        resume.missed_from = since + 1;
        resume.missed_to = lost;
    }
    return resume;
}

jm_status jmh_cursor_subscribe(struct jmh_reader *reader, struct jmh_sets *sets,
                               struct jmh_cursor *cursor, struct jmh_set *set_take,
                               const struct jmh_join *joins, uint32_t count)
{
    jm_status status = jmh_backlog_join(cursor, joins, count, &reader->sources);
    if (status != JM_OK) {
        jmh_sets_drop(sets, set_take);
        return status;
    }
    jmh_sets_drop(sets, cursor->set);
    cursor->set = set_take;
    jmh_backlog_prune(cursor);
    return JM_OK;
}

void jmh_cursor_fini(struct jmh_sets *sets, struct jmh_cursor *cursor)
{
    jmh_sets_drop(sets, cursor->set);
    free(cursor->backlog);
    *cursor = (struct jmh_cursor){0};
}
