/* Judging what a host has said: see ledger.h. */
#include "ledger.h"

#include "check.h"

#include <stdlib.h>

/* Room for one more. */
static void *grown(void *items, size_t count, size_t *capacity, size_t item_bytes)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity > 0 ? *capacity * 2 : 64;
    items = realloc(items, *capacity * item_bytes);
    if (!items)
        abort();
    return items;
}

void ledger_add(struct ledger *ledger, const struct entry *entry)
{
    ledger->entries =
        grown(ledger->entries, ledger->count, &ledger->capacity, sizeof *ledger->entries);
    if (ledger->count > 0 && ledger->entries[ledger->count - 1].seq >= entry->seq)
        fail_msg("the number %lld came after %lld", (long long)entry->seq,
                 (long long)ledger->entries[ledger->count - 1].seq);
    ledger->entries[ledger->count++] = *entry;
}

void ledger_fini(struct ledger *ledger)
{
    free(ledger->entries);
    *ledger = (struct ledger){0};
}

void hearing_add(struct hearing *hearing, const struct entry *entry)
{
    hearing->heard = grown(hearing->heard, hearing->heard_count, &hearing->heard_capacity,
                           sizeof *hearing->heard);
    hearing->heard[hearing->heard_count++] = *entry;
}

void hearing_add_missed(struct hearing *hearing, struct range range)
{
    size_t capacity = hearing->missed_count;
    hearing->missed =
        grown(hearing->missed, hearing->missed_count, &capacity, sizeof *hearing->missed);
    hearing->missed[hearing->missed_count++] = range;
}

void hearing_fini(struct hearing *hearing)
{
    free(hearing->heard);
    free(hearing->missed);
    *hearing = (struct hearing){0};
}

static bool covers(struct range range, json_int_t seq)
{
    return seq >= range.from && seq <= range.to;
}

static bool was_told(const struct hearing *hearing, json_int_t seq)
{
    for (size_t i = 0; i < hearing->missed_count; i++) {
        if (covers(hearing->missed[i], seq))
            return true;
    }
    return false;
}

static void judge_missing(const struct hearing *hearing, const struct claim *claim,
                          const struct entry *entry)
{
    if (was_told(hearing, entry->seq))
        return;
    if (claim->recovered)
        fail_msg("a lie: resumed behind %lld and recovered, but event %lld of channel %u (n %d) "
                 "is missing",
                 (long long)claim->since, (long long)entry->seq, entry->channel, entry->n);
    if (!covers(claim->missed, entry->seq))
        fail_msg("a lie: resumed behind %lld, event %lld of channel %u is missing, but only %lld "
                 "to %lld was told",
                 (long long)claim->since, (long long)entry->seq, entry->channel,
                 (long long)claim->missed.from, (long long)claim->missed.to);
}

/* The heard events of one channel must be a part of the ledger in its order; how many that count
 * are missing. */
static size_t judge_channel(const struct ledger *ledger, const struct hearing *hearing,
                            const struct claim *claim, unsigned channel)
{
    size_t at = 0;
    size_t missing = 0;
    for (size_t i = 0; i < ledger->count; i++) {
        const struct entry *entry = &ledger->entries[i];
        if (entry->channel != channel || entry->seq <= claim->since || entry->seq > hearing->upto)
            continue;
        while (at < hearing->heard_count && hearing->heard[at].channel != channel)
            at++;
        if (at < hearing->heard_count && hearing->heard[at].seq == entry->seq) {
            assert_int_equal(hearing->heard[at].n, entry->n);
            at++;
        } else if (hearing->complete && entry->kept != KEPT_LOOSE) {
            judge_missing(hearing, claim, entry);
            missing++;
        }
    }
    while (at < hearing->heard_count && hearing->heard[at].channel != channel)
        at++;
    if (at < hearing->heard_count)
        fail_msg("event %lld of channel %u came out of order, twice, or was never published",
                 (long long)hearing->heard[at].seq, channel);
    return missing;
}

/* What lived in memory in an earlier run is gone, so that nobody can know whether any was missed. */
static bool may_not_know(const struct ledger *ledger, const struct claim *claim)
{
    return (claim->channels & ledger->with_memory) != 0 && claim->since < ledger->run_start;
}

void ledger_judge(const struct ledger *ledger, const struct hearing *hearing)
{
    for (size_t i = 0; i < hearing->claim_count; i++) {
        const struct claim *claim = &hearing->claims[i];
        size_t missing = 0;
        for (unsigned channel = 0; channel < LEDGER_CHANNELS; channel++) {
            if ((claim->channels & 1u << channel) != 0)
                missing += judge_channel(ledger, hearing, claim, channel);
        }
        if (hearing->whole && !claim->recovered && missing == 0 && !may_not_know(ledger, claim))
            fail_msg("a needless alarm: resumed behind %lld, nothing is missing, but recovered is "
                     "false (%lld to %lld)",
                     (long long)claim->since, (long long)claim->missed.from,
                     (long long)claim->missed.to);
    }
}
