/* The ring log. [loop] */
#include "host/log/log.h"

#include "host/util/deflate.h"
#include "host/util/frame.h"
#include "host/util/hash.h"
#include "host/util/idmap.h"

#include <stdlib.h>
#include <string.h>

#define COMPRESS_LEAST_BYTES 256 /* below it the headers of deflate and TCP are most of it */
#define COMPACT_LEAST 64         /* dead entries of a channel before its list is compacted */

/* The seqs of one channel's entries that are in the ring, ascending. */
struct lane {
    uint64_t *seqs; /* a ring; cap is a power of two */
    size_t first, count, cap;
    size_t dead; /* superseded entries among them */
    uint64_t dropped_durable, dropped_memory;
};

struct jmh_log {
    uint8_t *arena;
    size_t arena_bytes, arena_at;
    struct jmh_entry *entries; /* by seq & mask */
    uint64_t mask;
    uint64_t run_start, tail, head; /* the ring holds tail..head */
    struct lane *lanes;             /* by channel number */
    size_t lane_count;
    struct jmh_idmap latest; /* key of a conflated entry -> its newest entry's seq */
    uint64_t dropped_durable, dropped_memory;
    struct jmh_deflate *deflate; /* NULL until somebody wants compressed frames */
};

struct jmh_log *jmh_log_new(uint64_t first_seq, size_t bytes, uint32_t entries)
{
    struct jmh_log *log = calloc(1, sizeof *log);
    if (log == NULL) {
        return NULL;
    }
    uint64_t cap = 1;
    while (cap < entries) {
        cap *= 2;
    }
    log->mask = cap - 1;
    log->arena_bytes = bytes;
    log->arena = malloc(bytes);
    log->entries = calloc(cap, sizeof *log->entries);
    log->run_start = log->tail = first_seq;
    log->head = first_seq - 1;
    if (log->arena == NULL || log->entries == NULL) {
        jmh_log_free(log);
        return NULL;
    }
    return log;
}

void jmh_log_free(struct jmh_log *log)
{
    if (log == NULL) {
        return;
    }
    for (uint64_t seq = log->tail; log->entries != NULL && seq <= log->head; seq++) {
        free(log->entries[seq & log->mask].twin);
    }
    jmh_deflate_free(log->deflate);
    for (size_t i = 0; i < log->lane_count; i++) {
        free(log->lanes[i].seqs);
    }
    free(log->lanes);
    jmh_idmap_fini(&log->latest);
    free(log->entries);
    free(log->arena);
    free(log);
}

static struct jmh_entry *entry_at(const struct jmh_log *log, uint64_t seq)
{
    return &log->entries[seq & log->mask];
}

static uint64_t lane_seq(const struct lane *lane, size_t number)
{
    return lane->seqs[(lane->first + number) & (lane->cap - 1)];
}

static struct lane *lane_make(struct jmh_log *log, uint32_t channel)
{
    if (channel >= log->lane_count) {
        size_t count = (size_t)channel + 16;
        struct lane *lanes = realloc(log->lanes, count * sizeof *lanes);
        if (lanes == NULL) {
            return NULL;
        }
        memset(lanes + log->lane_count, 0, (count - log->lane_count) * sizeof *lanes);
        log->lanes = lanes;
        log->lane_count = count;
    }
    return &log->lanes[channel];
}

/* Room for one more seq. */
static bool lane_grow(struct lane *lane)
{
    if (lane->count < lane->cap) {
        return true;
    }
    size_t cap = lane->cap > 0 ? lane->cap * 2 : 16;
    uint64_t *seqs = malloc(cap * sizeof *seqs);
    if (seqs == NULL) {
        return false;
    }
    for (size_t i = 0; i < lane->count; i++) {
        seqs[i] = lane_seq(lane, i);
    }
    free(lane->seqs);
    lane->seqs = seqs;
    lane->cap = cap;
    lane->first = 0;
    return true;
}

static void lane_push(struct lane *lane, uint64_t seq)
{
    lane->seqs[(lane->first + lane->count) & (lane->cap - 1)] = seq;
    lane->count++;
}

/* Take the superseded entries out of a lane, so that no cursor ever steps over many of them. */
static void lane_compact(const struct jmh_log *log, struct lane *lane)
{
    size_t kept = 0;
    for (size_t i = 0; i < lane->count; i++) {
        uint64_t seq = lane_seq(lane, i);
        if ((entry_at(log, seq)->flags & JMH_ENTRY_DEAD) == 0) {
            lane->seqs[(lane->first + kept++) & (lane->cap - 1)] = seq;
        }
    }
    lane->count = kept;
    lane->dead = 0;
}

static void note_dropped(struct jmh_log *log, struct lane *lane, const struct jmh_entry *entry)
{
    bool is_among_all = (entry->flags & JMH_ENTRY_PRIVATE) == 0;
    if ((entry->flags & JMH_ENTRY_DURABLE) != 0) {
        lane->dropped_durable = entry->seq;
        log->dropped_durable = is_among_all ? entry->seq : log->dropped_durable;
    } else if ((entry->flags & (JMH_ENTRY_CONFLATED | JMH_ENTRY_INJECTED)) == 0) {
        lane->dropped_memory = entry->seq;
        log->dropped_memory = is_among_all ? entry->seq : log->dropped_memory;
    }
}

static void drop_oldest(struct jmh_log *log)
{
    struct jmh_entry *entry = entry_at(log, log->tail);
    struct lane *lane = &log->lanes[entry->channel];
    if (lane->count > 0 && lane_seq(lane, 0) == entry->seq) {
        lane->first = (lane->first + 1) & (lane->cap - 1);
        lane->count--;
        lane->dead -= (entry->flags & JMH_ENTRY_DEAD) != 0;
    }
    if (entry->key != 0 && (uintptr_t)jmh_idmap_get(&log->latest, entry->key) == entry->seq) {
        (void)jmh_idmap_take(&log->latest, entry->key);
    }
    note_dropped(log, lane, entry);
    free(entry->twin);
    entry->twin = NULL;
    log->tail++;
}

/* Room for one frame in the arena, at the cost of the oldest entries. */
static uint8_t *arena_take(struct jmh_log *log, size_t bytes)
{
    if (log->arena_at + bytes > log->arena_bytes) {
        while (log->tail <= log->head &&
               entry_at(log, log->tail)->frame >= log->arena + log->arena_at) {
            drop_oldest(log);
        }
        log->arena_at = 0;
    }
    const uint8_t *from = log->arena + log->arena_at;
    while (log->tail <= log->head && entry_at(log, log->tail)->frame >= from &&
           entry_at(log, log->tail)->frame < from + bytes) {
        drop_oldest(log);
    }
    uint8_t *frame = log->arena + log->arena_at;
    log->arena_at += bytes;
    return frame;
}

/* The entry supersedes the last one of its channel, type and key. */
static void supersede(struct jmh_log *log, struct jmh_entry *entry, jm_span key)
{
    const uint64_t about[] = {entry->channel, entry->type, jmh_hash(key.ptr, key.len)};
    entry->key = jmh_hash(about, sizeof about);
    entry->key += entry->key == 0;
    uint64_t last = (uintptr_t)jmh_idmap_get(&log->latest, entry->key);
    if (last >= log->tail && last != 0) {
        struct jmh_entry *old = entry_at(log, last);
        struct lane *lane = &log->lanes[old->channel];
        old->flags |= JMH_ENTRY_DEAD;
        lane->dead++;
        if (lane->dead > COMPACT_LEAST && lane->dead > lane->count / 2) {
            lane_compact(log, lane);
        }
    }
    (void)jmh_idmap_put(&log->latest, entry->key, (void *)(uintptr_t)entry->seq);
}

jm_status jmh_log_admit(struct jmh_log *log, uint32_t channel, size_t body_bytes)
{
    uint8_t head[JMH_FRAME_HEAD_MAX];
    if (jmh_frame_head(head, body_bytes) + body_bytes > log->arena_bytes / 2) {
        return JM_EINVAL;
    }
    struct lane *lane = lane_make(log, channel);
    return lane != NULL && lane_grow(lane) ? JM_OK : JM_ENOMEM;
}

uint64_t jmh_log_append(struct jmh_log *log, const struct jmh_event *event)
{
    uint8_t head[JMH_FRAME_HEAD_MAX];
    size_t head_bytes = jmh_frame_head(head, event->body.len);
    size_t bytes = head_bytes + event->body.len;
    if (jmh_log_admit(log, event->channel, event->body.len) == JM_EINVAL ||
        event->channel >= log->lane_count || log->lanes[event->channel].cap == 0) {
        return 0;
    }
    struct lane *lane = &log->lanes[event->channel];
    uint8_t *frame = arena_take(log, bytes);
    /* Without memory for a longer list of seqs the oldest entries go sooner. */
    while (log->head + 1 - log->tail > log->mask || lane->count == lane->cap) {
        drop_oldest(log);
    }
    uint64_t seq = log->head + 1;
    struct jmh_entry *entry = entry_at(log, seq);
    *entry = (struct jmh_entry){.seq = seq,
                                .channel = event->channel,
                                .type = event->type,
                                .flags = event->flags,
                                .frame_bytes = (uint32_t)bytes,
                                .head_bytes = (uint32_t)head_bytes,
                                .frame = frame};
    lane_push(lane, seq);
    memcpy(frame, head, head_bytes);
    memcpy(frame + head_bytes, event->body.ptr, event->body.len);
    log->head = seq;
    if ((event->flags & JMH_ENTRY_CONFLATED) != 0) {
        supersede(log, entry, event->conflate_key);
    }
    return seq;
}

/* Compress an entry's body into a frame of its own; false where nothing is won by it. */
static bool make_twin(struct jmh_log *log, struct jmh_entry *entry)
{
    jm_span body = {(const char *)entry->frame + entry->head_bytes,
                    entry->frame_bytes - entry->head_bytes};
    struct jmh_buf packed = {0};
    uint8_t head[JMH_FRAME_HEAD_MAX];
    if (log->deflate == NULL) {
        log->deflate = jmh_deflate_new();
    }
    if (log->deflate != NULL && jmh_deflate_message(log->deflate, body, &packed)) {
        size_t head_bytes = jmh_frame_head(head, packed.len);
        size_t bytes = head_bytes + packed.len;
        entry->twin = bytes < entry->frame_bytes ? malloc(bytes) : NULL;
        if (entry->twin != NULL) {
            head[0] |= JMH_FRAME_COMPRESSED;
            memcpy(entry->twin, head, head_bytes);
            memcpy(entry->twin + head_bytes, packed.data, packed.len);
            entry->twin_bytes = (uint32_t)bytes;
        }
    }
    jmh_buf_fini(&packed);
    return entry->twin != NULL;
}

jm_span jmh_log_compressed(struct jmh_log *log, const struct jmh_entry *wanted)
{
    struct jmh_entry *entry = entry_at(log, wanted->seq);
    if (entry->twin == NULL && (entry->flags & JMH_ENTRY_PLAIN) == 0 &&
        (entry->frame_bytes < COMPRESS_LEAST_BYTES || !make_twin(log, entry))) {
        entry->flags |= JMH_ENTRY_PLAIN;
    }
    return entry->twin != NULL ? (jm_span){(const char *)entry->twin, entry->twin_bytes}
                               : (jm_span){(const char *)entry->frame, entry->frame_bytes};
}

uint64_t jmh_log_head(const struct jmh_log *log)
{
    return log->head;
}

uint64_t jmh_log_run_start(const struct jmh_log *log)
{
    return log->run_start;
}

uint64_t jmh_log_tail(const struct jmh_log *log)
{
    return log->tail;
}

const struct jmh_entry *jmh_log_get(const struct jmh_log *log, uint64_t seq)
{
    return seq >= log->tail && seq <= log->head ? entry_at(log, seq) : NULL;
}

/* The number of the first seq of a lane that is behind `after`. */
static size_t lane_find(const struct lane *lane, uint64_t after)
{
    size_t low = 0;
    size_t high = lane->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (lane_seq(lane, middle) > after) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

static const struct jmh_entry *next_of_all(const struct jmh_log *log, uint64_t after)
{
    uint64_t seq = after < log->tail ? log->tail : after + 1;
    for (; seq <= log->head; seq++) {
        const struct jmh_entry *entry = entry_at(log, seq);
        if ((entry->flags & JMH_ENTRY_DEAD) == 0) {
            return entry;
        }
    }
    return NULL;
}

const struct jmh_entry *jmh_log_next(const struct jmh_log *log, uint32_t channel, uint64_t after)
{
    if (channel == JMH_CHANNEL_ALL) {
        return next_of_all(log, after);
    }
    if (channel >= log->lane_count || after >= log->head) {
        return NULL;
    }
    const struct lane *lane = &log->lanes[channel];
    for (size_t i = lane_find(lane, after); i < lane->count; i++) {
        const struct jmh_entry *entry = entry_at(log, lane_seq(lane, i));
        if ((entry->flags & JMH_ENTRY_DEAD) == 0) {
            return entry;
        }
    }
    return NULL;
}

uint64_t jmh_log_dropped_durable(const struct jmh_log *log, uint32_t channel)
{
    if (channel == JMH_CHANNEL_ALL) {
        return log->dropped_durable;
    }
    return channel < log->lane_count ? log->lanes[channel].dropped_durable : 0;
}

uint64_t jmh_log_dropped_memory(const struct jmh_log *log, uint32_t channel)
{
    if (channel == JMH_CHANNEL_ALL) {
        return log->dropped_memory;
    }
    return channel < log->lane_count ? log->lanes[channel].dropped_memory : 0;
}
