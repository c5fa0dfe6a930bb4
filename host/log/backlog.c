/* Replays and floors of a cursor. [loop] */
#include "host/log/backlog.h"

#include <stdlib.h>
#include <string.h>

static struct jmh_backlog_item *find(const struct jmh_backlog *backlog, uint32_t channel)
{
    for (uint32_t i = 0; backlog != NULL && i < backlog->count; i++) {
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
            item->since = item->floor;
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
        const struct jmh_backlog_item *item = &backlog->items[i];
        if (item->since < item->floor && item->since < backlog->replayed) {
            backlog->replayed = item->since;
        }
    }
    backlog->until = head;
}

jm_status jmh_backlog_join(struct jmh_cursor *cursor, const struct jmh_join *joins, uint32_t count,
                           const struct jmh_sources *sources)
{
    const uint64_t head = jmh_log_head(sources->log);
    bool resumes = false;
    for (uint32_t i = 0; i < count; i++) {
        resumes = resumes || joins[i].since != JMH_SINCE_NOW;
    }
    if (count == 0 || (!resumes && cursor->backlog == NULL && cursor->pos >= head)) {
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
        *item = (struct jmh_backlog_item){joins[i].channel, joins[i].since, head,
                                          jmh_loss_of(sources, joins[i].channel)};
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

uint64_t jmh_backlog_floor(const struct jmh_backlog *backlog, uint32_t channel)
{
    const struct jmh_backlog_item *item = find(backlog, channel);
    return item != NULL ? item->floor : 0;
}

/* Whether it is the subscription to `channel` (or to "*") that wants an entry. */
static bool is_by(const struct jmh_set *set, uint32_t channel, const struct jmh_entry *entry)
{
    const struct jmh_sub *sub = jmh_set_find(set, channel);
    bool is_hidden = channel == JMH_CHANNEL_ALL && (entry->flags & JMH_ENTRY_PRIVATE) != 0;
    return entry->channel == JMH_CHANNEL_EVERYONE ||
           (sub != NULL && !is_hidden && jmh_sub_wants(sub, entry->type));
}

/* Why an entry is not live by the subscription to `channel`: its item; NULL where it is live. */
static const struct jmh_backlog_item *cover(const struct jmh_cursor *cursor, uint32_t channel,
                                            const struct jmh_entry *entry)
{
    const struct jmh_backlog_item *item = find(cursor->backlog, channel);
    return item != NULL && entry->seq <= item->floor && is_by(cursor->set, channel, entry) ? item
                                                                                           : NULL;
}

bool jmh_backlog_replays(const struct jmh_cursor *cursor, const struct jmh_entry *entry)
{
    const struct jmh_backlog_item *own = cover(cursor, entry->channel, entry);
    const struct jmh_backlog_item *all = cover(cursor, JMH_CHANNEL_ALL, entry);
    return (own != NULL && entry->seq > own->since) || (all != NULL && entry->seq > all->since);
}

/* What a replay brings is not live. Else one subscription to which it is live is enough: a channel
 * that is joined does not take away what "*" listened to before, nor the other way round. */
bool jmh_backlog_holds(const struct jmh_cursor *cursor, const struct jmh_entry *entry)
{
    const struct jmh_backlog_item *own = cover(cursor, entry->channel, entry);
    const struct jmh_backlog_item *all = cover(cursor, JMH_CHANNEL_ALL, entry);
    if ((own != NULL && own->since != JMH_SINCE_NOW) ||
        (all != NULL && all->since != JMH_SINCE_NOW)) {
        return true;
    }
    bool live_by_own = own == NULL && is_by(cursor->set, entry->channel, entry);
    bool live_by_all = all == NULL && is_by(cursor->set, JMH_CHANNEL_ALL, entry);
    return !live_by_own && !live_by_all;
}

void jmh_backlog_prune(struct jmh_cursor *cursor)
{
    struct jmh_backlog *backlog = cursor->backlog;
    uint32_t kept = 0;
    for (uint32_t i = 0; backlog != NULL && i < backlog->count; i++) {
        uint32_t channel = backlog->items[i].channel;
        if (channel == JMH_CHANNEL_EVERYONE || jmh_set_find(cursor->set, channel) != NULL) {
            backlog->items[kept++] = backlog->items[i];
        }
    }
    if (backlog != NULL) {
        backlog->count = kept;
    }
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
