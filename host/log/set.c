/* Subscription sets, interned. [loop] */
#include "host/log/set.h"

#include "host/util/hash.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 1024

/* The sets that hold one channel. */
struct holders {
    struct jmh_set **sets;
    size_t count, cap;
};

struct jmh_sets {
    struct jmh_set *buckets[BUCKETS];
    struct holders *by_channel; /* by channel number; [EVERYONE] lists all sets */
    size_t channel_count;
    struct holders of_all; /* sets with the subscription "*" */
    struct jmh_set_list dirty;
    uint64_t last_number;
};

struct jmh_sets *jmh_sets_new(void)
{
    struct jmh_sets *sets = calloc(1, sizeof *sets);
    if (sets != NULL) {
        TAILQ_INIT(&sets->dirty);
    }
    return sets;
}

static void set_free(struct jmh_set *set)
{
    for (uint32_t i = 0; i < set->count; i++) {
        free((void *)(uintptr_t)set->subs[i].types);
    }
    free(set);
}

void jmh_sets_free(struct jmh_sets *sets)
{
    if (sets == NULL) {
        return;
    }
    for (size_t i = 0; i < BUCKETS; i++) {
        while (sets->buckets[i] != NULL) {
            struct jmh_set *set = sets->buckets[i];
            sets->buckets[i] = set->next_in_bucket;
            set_free(set);
        }
    }
    for (size_t i = 0; i < sets->channel_count; i++) {
        free(sets->by_channel[i].sets);
    }
    free(sets->by_channel);
    free(sets->of_all.sets);
    free(sets);
}

static struct holders *holders_of(struct jmh_sets *sets, uint32_t channel)
{
    if (channel == JMH_CHANNEL_ALL) {
        return &sets->of_all;
    }
    if (channel >= sets->channel_count) {
        size_t count = (size_t)channel + 16;
        struct holders *grown = realloc(sets->by_channel, count * sizeof *grown);
        if (grown == NULL) {
            return NULL;
        }
        memset(grown + sets->channel_count, 0, (count - sets->channel_count) * sizeof *grown);
        sets->by_channel = grown;
        sets->channel_count = count;
    }
    return &sets->by_channel[channel];
}

static bool hold(struct jmh_sets *sets, uint32_t channel, struct jmh_set *set)
{
    struct holders *holders = holders_of(sets, channel);
    if (holders == NULL) {
        return false;
    }
    if (holders->count == holders->cap) {
        size_t cap = holders->cap > 0 ? holders->cap * 2 : 4;
        struct jmh_set **grown = realloc(holders->sets, cap * sizeof *grown);
        if (grown == NULL) {
            return false;
        }
        holders->sets = grown;
        holders->cap = cap;
    }
    holders->sets[holders->count++] = set;
    return true;
}

static void unhold(struct jmh_sets *sets, uint32_t channel, const struct jmh_set *set)
{
    struct holders *holders = holders_of(sets, channel);
    for (size_t i = 0; holders != NULL && i < holders->count; i++) {
        if (holders->sets[i] == set) {
            holders->sets[i] = holders->sets[--holders->count];
            return;
        }
    }
}

static size_t types_count(const uint32_t *types)
{
    size_t count = 0;
    while (types != NULL && types[count] != 0) {
        count++;
    }
    return count;
}

static bool same_types(const uint32_t *a, const uint32_t *b)
{
    size_t count = types_count(a);
    return (a == NULL) == (b == NULL) && count == types_count(b) &&
           (count == 0 || memcmp(a, b, count * sizeof *a) == 0);
}

static bool same_subs(const struct jmh_set *set, const struct jmh_sub *subs, uint32_t count)
{
    if (set->count != count) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (set->subs[i].channel != subs[i].channel ||
            !same_types(set->subs[i].types, subs[i].types)) {
            return false;
        }
    }
    return true;
}

static int by_channel(const void *a, const void *b)
{
    uint32_t left = ((const struct jmh_sub *)a)->channel;
    uint32_t right = ((const struct jmh_sub *)b)->channel;
    return (left > right) - (left < right);
}

static uint64_t hash_subs(const struct jmh_sub *subs, uint32_t count)
{
    uint64_t hash = count;
    for (uint32_t i = 0; i < count; i++) {
        hash = hash * 31 + jmh_hash(&subs[i].channel, sizeof subs[i].channel);
        hash = hash * 31 + jmh_hash(subs[i].types, types_count(subs[i].types) * sizeof(uint32_t));
    }
    return hash;
}

static struct jmh_set *set_new(const struct jmh_sub *sorted, uint32_t count, uint64_t hash)
{
    struct jmh_set *set = calloc(1, sizeof *set + count * sizeof set->subs[0]);
    if (set == NULL) {
        return NULL;
    }
    set->hash = hash;
    TAILQ_INIT(&set->clients);
    for (uint32_t i = 0; i < count; i++) {
        set->subs[i].channel = sorted[i].channel;
        set->count++;
        if (sorted[i].types != NULL) {
            size_t bytes = (types_count(sorted[i].types) + 1) * sizeof(uint32_t);
            uint32_t *types = malloc(bytes);
            if (types == NULL) {
                set_free(set);
                return NULL;
            }
            memcpy(types, sorted[i].types, bytes);
            set->subs[i].types = types;
        }
    }
    return set;
}

static void forget(struct jmh_sets *sets, struct jmh_set *set)
{
    unhold(sets, JMH_CHANNEL_EVERYONE, set);
    for (uint32_t i = 0; i < set->count; i++) {
        unhold(sets, set->subs[i].channel, set);
    }
    struct jmh_set **at = &sets->buckets[set->hash % BUCKETS];
    while (*at != NULL && *at != set) {
        at = &(*at)->next_in_bucket;
    }
    if (*at != NULL) {
        *at = set->next_in_bucket;
    }
    if (set->dirty) {
        TAILQ_REMOVE(&sets->dirty, set, in_dirty);
    }
    set_free(set);
}

static struct jmh_set *adopt(struct jmh_sets *sets, struct jmh_set *set)
{
    bool held = hold(sets, JMH_CHANNEL_EVERYONE, set);
    for (uint32_t i = 0; held && i < set->count; i++) {
        held = hold(sets, set->subs[i].channel, set);
    }
    if (!held) {
        forget(sets, set);
        return NULL;
    }
    set->next_in_bucket = sets->buckets[set->hash % BUCKETS];
    sets->buckets[set->hash % BUCKETS] = set;
    set->number = ++sets->last_number;
    set->refs = 1;
    return set;
}

struct jmh_set *jmh_sets_get(struct jmh_sets *sets, const struct jmh_sub *subs, uint32_t count)
{
    struct jmh_sub *sorted = malloc((count + 1) * sizeof *sorted);
    if (sorted == NULL) {
        return NULL;
    }
    if (count > 0) {
        memcpy(sorted, subs, count * sizeof *sorted);
        qsort(sorted, count, sizeof *sorted, by_channel);
    }
    uint64_t hash = hash_subs(sorted, count);
    struct jmh_set *set = sets->buckets[hash % BUCKETS];
    while (set != NULL && !(set->hash == hash && same_subs(set, sorted, count))) {
        set = set->next_in_bucket;
    }
    if (set != NULL) {
        set->refs++;
    } else {
        set = set_new(sorted, count, hash);
        set = set != NULL ? adopt(sets, set) : NULL;
    }
    free(sorted);
    return set;
}

void jmh_sets_drop(struct jmh_sets *sets, struct jmh_set *set)
{
    if (set != NULL && --set->refs == 0) {
        forget(sets, set);
    }
}

const struct jmh_sub *jmh_set_find(const struct jmh_set *set, uint32_t channel)
{
    struct jmh_sub key = {.channel = channel};
    return bsearch(&key, set->subs, set->count, sizeof key, by_channel);
}

bool jmh_sub_wants(const struct jmh_sub *sub, uint32_t type)
{
    if (sub->types == NULL) {
        return true;
    }
    for (const uint32_t *at = sub->types; *at != 0; at++) {
        if (*at == type) {
            return true;
        }
    }
    return false;
}

bool jmh_set_wants(const struct jmh_set *set, const struct jmh_entry *entry)
{
    if (entry->channel == JMH_CHANNEL_EVERYONE) {
        return true;
    }
    const struct jmh_sub *sub = jmh_set_find(set, entry->channel);
    const struct jmh_sub *all = jmh_set_find(set, JMH_CHANNEL_ALL);
    bool is_private = (entry->flags & JMH_ENTRY_PRIVATE) != 0;
    return (sub != NULL && jmh_sub_wants(sub, entry->type)) ||
           (all != NULL && !is_private && jmh_sub_wants(all, entry->type));
}

static void mark(struct jmh_sets *sets, const struct holders *holders)
{
    for (size_t i = 0; i < holders->count; i++) {
        struct jmh_set *set = holders->sets[i];
        if (!set->dirty && !TAILQ_EMPTY(&set->clients)) {
            set->dirty = true;
            TAILQ_INSERT_TAIL(&sets->dirty, set, in_dirty);
        }
    }
}

void jmh_sets_wake(struct jmh_sets *sets, uint32_t channel)
{
    if (channel < sets->channel_count) {
        mark(sets, &sets->by_channel[channel]);
    }
    mark(sets, &sets->of_all);
}

struct jmh_set_list *jmh_sets_dirty(struct jmh_sets *sets)
{
    return &sets->dirty;
}

static bool has_clients(const struct holders *holders)
{
    for (size_t i = 0; i < holders->count; i++) {
        if (!TAILQ_EMPTY(&holders->sets[i]->clients)) {
            return true;
        }
    }
    return false;
}

size_t jmh_sets_channels(const struct jmh_sets *sets, uint32_t *channels_out, size_t cap)
{
    size_t count = 0;
    for (size_t i = 1; i < sets->channel_count; i++) {
        if (has_clients(&sets->by_channel[i])) {
            if (count < cap) {
                channels_out[count] = (uint32_t)i;
            }
            count++;
        }
    }
    return count;
}
