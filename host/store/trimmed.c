/* Removed positions per channel; see trimmed.h. Owned by the event log, on the loop thread. */
#include "host/store/trimmed.h"

#include "host/util/span.h"

#include <stdlib.h>
#include <string.h>

void jmh_trimmed_fini(struct jmh_trimmed *trimmed)
{
    for (size_t i = 0; i < trimmed->count; i++) {
        free(trimmed->channels[i].name);
    }
    free(trimmed->channels);
    *trimmed = (struct jmh_trimmed){0};
}

static int compare(jm_span a, jm_span b)
{
    const size_t len = a.len < b.len ? a.len : b.len;
    const int order = len > 0 ? memcmp(a.ptr, b.ptr, len) : 0;
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

/* The index where `channel` is, or belongs. */
static size_t place_of(const struct jmh_trimmed *trimmed, jm_span channel)
{
    size_t low = 0;
    size_t high = trimmed->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare(jmh_span(trimmed->channels[middle].name), channel) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool is_at(const struct jmh_trimmed *trimmed, size_t at, jm_span channel)
{
    return at < trimmed->count && jmh_span_is(channel, trimmed->channels[at].name);
}

static bool insert(struct jmh_trimmed *trimmed, size_t at, jm_span channel)
{
    if (trimmed->count == trimmed->cap) {
        const size_t cap = trimmed->cap > 0 ? trimmed->cap * 2 : 16;
        struct jmh_trimmed_channel *channels =
            realloc(trimmed->channels, cap * sizeof *trimmed->channels);
        if (channels == NULL) {
            return false;
        }
        trimmed->channels = channels;
        trimmed->cap = cap;
    }
    char *name = jmh_span_dup(channel);
    if (name == NULL) {
        return false;
    }
    struct jmh_trimmed_channel *here = trimmed->channels + at;
    memmove(here + 1, here, (trimmed->count - at) * sizeof *here);
    *here = (struct jmh_trimmed_channel){.name = name};
    trimmed->count++;
    return true;
}

bool jmh_trimmed_raise(struct jmh_trimmed *trimmed, jm_span channel, uint64_t seq)
{
    const size_t at = place_of(trimmed, channel);
    if (!is_at(trimmed, at, channel) && !insert(trimmed, at, channel)) {
        return false;
    }
    if (seq > trimmed->channels[at].seq) {
        trimmed->channels[at].seq = seq;
    }
    return true;
}

uint64_t jmh_trimmed_of(const struct jmh_trimmed *trimmed, const char *channel)
{
    const size_t at = place_of(trimmed, jmh_span(channel));
    return is_at(trimmed, at, jmh_span(channel)) ? trimmed->channels[at].seq : 0;
}

uint64_t jmh_trimmed_highest(const struct jmh_trimmed *trimmed)
{
    uint64_t highest = 0;
    for (size_t i = 0; i < trimmed->count; i++) {
        if (trimmed->channels[i].seq > highest) {
            highest = trimmed->channels[i].seq;
        }
    }
    return highest;
}

void jmh_trimmed_commit(struct jmh_trimmed *trimmed)
{
    for (size_t i = 0; i < trimmed->count; i++) {
        trimmed->channels[i].committed = trimmed->channels[i].seq;
    }
}

void jmh_trimmed_abort(struct jmh_trimmed *trimmed)
{
    for (size_t i = 0; i < trimmed->count; i++) {
        trimmed->channels[i].seq = trimmed->channels[i].committed;
    }
}
