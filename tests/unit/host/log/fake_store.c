/* The store that the tests of the log read from; see fake_store.h. */
#include "fake_store.h"

#include "host/util/span.h"

#include <stdlib.h>
#include <string.h>

#define EVENTS_MAX 20000
#define CHANNELS_MAX 16

struct row {
    uint64_t seq;
    char channel[16], type[16];
    char *body;
};

static struct row rows[EVENTS_MAX];
static size_t row_count, first_row;
static struct {
    char channel[16];
    uint64_t seq;
} trimmed[CHANNELS_MAX];
static size_t trimmed_count;
static int failing_after = -1;
static unsigned reads;

void fake_store_reset(void)
{
    for (size_t i = 0; i < row_count; i++) {
        free(rows[i].body);
    }
    row_count = first_row = trimmed_count = 0;
    failing_after = -1;
    reads = 0;
}

void fake_store_add(uint64_t seq, const char *channel, const char *type, const char *body)
{
    if (row_count == EVENTS_MAX) {
        abort();
    }
    struct row *row = &rows[row_count++];
    row->seq = seq;
    (void)strncpy(row->channel, channel, sizeof row->channel - 1);
    (void)strncpy(row->type, type, sizeof row->type - 1);
    row->body = strdup(body);
}

static void note_trimmed(const struct row *row)
{
    size_t i = 0;
    while (i < trimmed_count && strcmp(trimmed[i].channel, row->channel) != 0) {
        i++;
    }
    if (i == trimmed_count) {
        memcpy(trimmed[trimmed_count++].channel, row->channel, sizeof row->channel);
    }
    trimmed[i].seq = row->seq;
}

void fake_store_trim(uint64_t upto)
{
    while (first_row < row_count && rows[first_row].seq <= upto) {
        note_trimmed(&rows[first_row++]);
    }
}

bool fake_store_has(uint64_t seq)
{
    return first_row < row_count && seq >= rows[first_row].seq;
}

void fake_store_fail_after(int events)
{
    failing_after = events;
}

unsigned fake_store_reads(void)
{
    return reads;
}

static bool is_asked(const struct row *row, const char *const *channels, size_t count)
{
    bool asked = count == 0 || row->channel[0] == '\0';
    for (size_t i = 0; i < count && !asked; i++) {
        asked = strcmp(row->channel, channels[i]) == 0;
    }
    return asked;
}

jm_status jmh_store_replay(struct jmh_store *store, const char *const *channels, size_t count,
                           uint64_t after, uint64_t upto,
                           bool (*fn)(void *user, const struct jmh_stored_event *event), void *user,
                           struct jmh_err *err)
{
    int handed_out = 0;
    (void)store;
    reads++;
    for (size_t i = first_row; i < row_count; i++) {
        const struct row *row = &rows[i];
        if (row->seq <= after || row->seq > upto || !is_asked(row, channels, count)) {
            continue;
        }
        if (handed_out++ == failing_after) {
            return jmh_err_set(err, JM_EIO, "the disk is gone");
        }
        const struct jmh_stored_event event = {.seq = row->seq,
                                               .channel = jmh_span(row->channel),
                                               .type = jmh_span(row->type),
                                               .body = jmh_span(row->body)};
        if (!fn(user, &event)) {
            return JM_OK;
        }
    }
    return failing_after == 0 ? jmh_err_set(err, JM_EIO, "the disk is gone") : JM_OK;
}

uint64_t jmh_store_trimmed(const struct jmh_store *store, const char *channel)
{
    uint64_t highest = 0;
    (void)store;
    for (size_t i = 0; i < trimmed_count; i++) {
        bool counts = channel[0] == '\0' || trimmed[i].channel[0] == '\0' ||
                      strcmp(trimmed[i].channel, channel) == 0;
        highest = counts && trimmed[i].seq > highest ? trimmed[i].seq : highest;
    }
    return highest;
}
