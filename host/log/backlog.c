/* Replays and floors of a cursor. [loop] */
#include "host/log/backlog.h"

#include <stdlib.h>
#include <string.h>

static struct jmh_backlog_item *find(const struct jmh_backlog *backlog, uint32_t channel)
{
    for (uint32_t i = 0; i < backlog->count; i++) {
        if (backlog->items[i].channel == channel) {
            return (struct jmh_backlog_item *)(uintptr_t)&backlog->items[i];
        }
    }
    return NULL;
}

/* Items are few (64 subscriptions at most), so that each join grows the list by one. */
static struct jmh_backlog *grow(struct jmh_cursor *cursor, uint32_t more)
{
    struct jmh_backlog *old = cursor->backlog;
    uint32_t count = old != NULL ? old->count : 0;
    struct jmh_backlog *grown =
        realloc(old, sizeof *grown + (count + more) * sizeof grown->items[0]);
    if (grown == NULL) {
        return NULL;
    }
    if (old == NULL) {
        memset(grown, 0, sizeof *grown);
    }
    cursor->backlog = grown;
    return grown;
}

struct jmh_backlog *jmh_backlog_need(struct jmh_cursor *cursor)
{
    return cursor->backlog != NULL ? cursor->backlog : grow(cursor, 0);
}

/* What the items of earlier joins still have to replay: from where the replay is, or nothing. */
static void carry_on(struct jmh_backlog *backlog)
{
    bool replaying = jmh_backlog_replaying(backlog);
    for (uint32_t i = 0; i < backlog->count; i++) {
        struct jmh_backlog_item *item = &backlog->items[i];
        if (item->since == JMH_SINCE_NOW) {
            continue;
        }
        if (!replaying) {
            item->since = JMH_SINCE_NOW;
        } else if (item->since < backlog->replayed) {
            item->since = backlog->replayed;
        }
    }
}

/* The replay begins behind the earliest place that an item asks for. */
static void begin_replay(struct jmh_backlog *backlog, uint64_t head)
{
    backlog->replayed = head;
    for (uint32_t i = 0; i < backlog->count; i++) {
        uint64_t since = backlog->items[i].since;
        backlog->replayed = since < backlog->replayed ? since : backlog->replayed;
    }
    backlog->until = head;
}

jm_status jmh_backlog_join(struct jmh_cursor *cursor, const struct jmh_join *joins, uint32_t count,
                           uint64_t head)
{
    bool resumes = false;
    for (uint32_t i = 0; i < count; i++) {
        resumes = resumes || joins[i].since != JMH_SINCE_NOW;
    }
    if (!resumes && cursor->pos >= head) {
        return JM_OK;
    }
    struct jmh_backlog *backlog = grow(cursor, count);
    if (backlog == NULL) {
        return JM_ENOMEM;
    }
    if (resumes) {
        carry_on(backlog);
    }
    for (uint32_t i = 0; i < count; i++) {
        struct jmh_backlog_item *item = find(backlog, joins[i].channel);
        if (item == NULL) {
            item = &backlog->items[backlog->count++];
        }
        *item = (struct jmh_backlog_item){joins[i].channel, joins[i].since, head};
    }
    if (resumes) {
        begin_replay(backlog, head);
    }
    return JM_OK;
}

bool jmh_backlog_replaying(const struct jmh_backlog *backlog)
{
    return backlog != NULL && backlog->replayed < backlog->until;
}

static bool item_replays(const struct jmh_backlog_item *item, uint64_t seq)
{
    return item != NULL && item->since != JMH_SINCE_NOW && seq > item->since && seq <= item->floor;
}

bool jmh_backlog_replays(const struct jmh_backlog *backlog, uint32_t channel, uint64_t seq)
{
    return item_replays(find(backlog, channel), seq) ||
           item_replays(find(backlog, JMH_CHANNEL_ALL), seq);
}

/* A "*" without a place to resume at does not touch what the cursor listened to before. */
static bool all_covers(const struct jmh_backlog_item *all, const struct jmh_set *set,
                       uint32_t channel)
{
    return all->since != JMH_SINCE_NOW ||
           (channel != JMH_CHANNEL_EVERYONE && jmh_set_find(set, channel) == NULL);
}

bool jmh_backlog_holds(const struct jmh_cursor *cursor, uint32_t channel, uint64_t seq)
{
    const struct jmh_backlog_item *item = find(cursor->backlog, channel);
    const struct jmh_backlog_item *all = find(cursor->backlog, JMH_CHANNEL_ALL);
    return (item != NULL && seq <= item->floor) ||
           (all != NULL && seq <= all->floor && all_covers(all, cursor->set, channel));
}

void jmh_backlog_settle(struct jmh_cursor *cursor)
{
    struct jmh_backlog *backlog = cursor->backlog;
    if (backlog == NULL || jmh_backlog_replaying(backlog) || backlog->told > cursor->pos) {
        return;
    }
    for (uint32_t i = 0; i < backlog->count; i++) {
        if (backlog->items[i].floor > cursor->pos) {
            return;
        }
    }
    free(backlog);
    cursor->backlog = NULL;
}
