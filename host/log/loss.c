/* What is lost, and who has been told. [loop] */
#include "host/log/loss.h"

#include "host/log/backlog.h"
#include "host/store/store.h"

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* The highest durable event of a channel that retention has removed and the ring does not hold either.
 * Those for everyone belong to each channel. Retention removes from the front, so that the store's
 * answer to "any channel" is as good for those for everyone. */
static uint64_t removed(const struct jmh_sources *sources, uint32_t channel)
{
    const struct jmh_log *log = sources->log;
    const char *name = channel == JMH_CHANNEL_ALL ? "" : jmh_names_text(sources->channels, channel);
    uint64_t dropped = later(jmh_log_dropped_durable(log, channel),
                             jmh_log_dropped_durable(log, JMH_CHANNEL_EVERYONE));
    dropped = later(dropped, jmh_log_run_start(log) - 1);
    return earlier(jmh_store_trimmed(sources->store, name), dropped);
}

uint64_t jmh_loss_of(const struct jmh_sources *sources, uint32_t channel)
{
    return later(jmh_log_dropped_memory(sources->log, channel), removed(sources, channel));
}

/* What is lost behind `from`, up to `to`. */
static void add(struct jmh_run *run, uint64_t from, uint64_t to)
{
    if (to > from) {
        bool is_first = run->missed_to == 0 || from + 1 < run->missed_from;
        run->missed_from = is_first ? from + 1 : run->missed_from;
        run->missed_to = later(to, run->missed_to);
    }
}

void jmh_loss_in_replay(const struct jmh_backlog *backlog, const struct jmh_sources *sources,
                        struct jmh_run *run)
{
    for (uint32_t i = 0; i < backlog->count; i++) {
        const struct jmh_backlog_item *item = &backlog->items[i];
        uint64_t from = later(later(item->since, item->told), backlog->replayed);
        add(run, from, earlier(jmh_loss_of(sources, item->channel), item->floor));
    }
}

void jmh_loss_in_replay_told(struct jmh_backlog *backlog, const struct jmh_sources *sources)
{
    for (uint32_t i = 0; i < backlog->count; i++) {
        struct jmh_backlog_item *item = &backlog->items[i];
        item->told = later(item->told, jmh_loss_of(sources, item->channel));
    }
}

/* What is lost of a channel since the cursor passed, or joined it. The range begins where the cursor
 * is, whatever the channel: what is told once up to some place is told of all channels. */
static void add_live(const struct jmh_cursor *cursor, const struct jmh_sources *sources,
                     uint32_t channel, struct jmh_run *run)
{
    const struct jmh_backlog *backlog = cursor->backlog;
    uint64_t from = later(cursor->pos, backlog != NULL ? backlog->told : 0);
    uint64_t lost = jmh_loss_of(sources, channel);
    if (lost > jmh_backlog_floor(backlog, channel)) {
        add(run, from, lost);
    }
}

void jmh_loss_in_live(const struct jmh_cursor *cursor, const struct jmh_sources *sources,
                      struct jmh_run *run)
{
    if (cursor->pos >= jmh_log_tail(sources->log) - 1) {
        return; /* all that is behind it is in the ring */
    }
    add_live(cursor, sources, JMH_CHANNEL_EVERYONE, run);
    for (uint32_t i = 0; i < cursor->set->count; i++) {
        add_live(cursor, sources, cursor->set->subs[i].channel, run);
    }
}

void jmh_loss_in_live_told(struct jmh_cursor *cursor, const struct jmh_run *run)
{
    struct jmh_backlog *backlog = run->missed_to != 0 ? jmh_backlog_need(cursor) : NULL;
    if (backlog != NULL) { /* without memory it is told again */
        backlog->told = run->missed_to;
    }
}
