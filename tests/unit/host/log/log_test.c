/* The ring log, against a list that keeps everything. */
#include "host/log/log.h"

#include "host/util/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FIRST_SEQ 1000
#define ARENA_BYTES 8192
#define ENTRIES 64
#define CHANNELS 6
#define STEPS 6000

/* What was appended. */
struct fact {
    uint32_t channel, type, flags;
    unsigned key;
    size_t len;
    char fill;
    bool superseded;
};

static struct fact facts[STEPS];
static uint64_t fact_count;

static struct fact *fact_of(uint64_t seq)
{
    return &facts[seq - FIRST_SEQ];
}

/* Small bodies, bodies around the limits of a frame header, and some that push many others out. */
static size_t random_len(void)
{
    switch (random() % 12) {
    case 0:
        return 124 + (size_t)random() % 4;
    case 1:
        return (size_t)random() % (ARENA_BYTES / 2 - 4);
    default:
        return 2 + (size_t)random() % 90;
    }
}

static uint32_t random_flags(void)
{
    static const uint32_t kinds[] = {JMH_ENTRY_DURABLE, 0, JMH_ENTRY_CONFLATED, JMH_ENTRY_INJECTED,
                                     JMH_ENTRY_DURABLE | JMH_ENTRY_INJECTED};
    return kinds[random() % 5] | (random() % 8 == 0 ? JMH_ENTRY_PRIVATE : 0);
}

static void supersede(const struct fact *fact)
{
    for (uint64_t i = 0; i < fact_count; i++) {
        struct fact *old = &facts[i];
        if ((old->flags & JMH_ENTRY_CONFLATED) != 0 && old->channel == fact->channel &&
            old->type == fact->type && old->key == fact->key) {
            old->superseded = true;
        }
    }
}

static void append_random(struct jmh_log *log)
{
    static char body[ARENA_BYTES];
    char key[16];
    struct fact fact = {.channel = (uint32_t)random() % CHANNELS,
                        .type = (uint32_t)random() % 3,
                        .flags = random_flags(),
                        .key = (unsigned)random() % 4,
                        .len = random_len(),
                        .fill = (char)('a' + random() % 26)};
    (void)snprintf(key, sizeof key, "\"%u\"", fact.key);
    memset(body, fact.fill, fact.len);
    const struct jmh_event event = {.channel = fact.channel,
                                    .type = fact.type,
                                    .flags = fact.flags,
                                    .conflate_key = jmh_span(key),
                                    .body = {body, fact.len}};
    assert_int_equal(jmh_log_admit(log, fact.channel, fact.len), JM_OK);
    if ((fact.flags & JMH_ENTRY_CONFLATED) != 0) {
        supersede(&fact);
    }
    facts[fact_count++] = fact;
    assert_int_equal(jmh_log_append(log, &event), FIRST_SEQ + fact_count - 1);
    assert_int_equal(jmh_log_head(log), FIRST_SEQ + fact_count - 1);
}

static size_t frame_bytes(size_t body)
{
    return body + (body < 126 ? 2 : body < 65536 ? 4 : 10);
}

static void check_entry(const struct jmh_log *log, uint64_t seq)
{
    const struct fact *fact = fact_of(seq);
    const struct jmh_entry *entry = jmh_log_get(log, seq);
    assert_non_null(entry);
    assert_true(entry->seq == seq && entry->channel == fact->channel && entry->type == fact->type);
    assert_int_equal(entry->frame_bytes, frame_bytes(fact->len));
    assert_int_equal(entry->frame_bytes - entry->head_bytes, fact->len);
    assert_int_equal(entry->frame[0], 0x81);
    for (size_t i = entry->head_bytes; i < entry->frame_bytes; i++) {
        assert_int_equal(entry->frame[i], fact->fill);
    }
}

/* What the ring still has: no more than it can hold, and no less than it must. */
static void check_retained(const struct jmh_log *log)
{
    uint64_t tail = jmh_log_tail(log);
    uint64_t head = jmh_log_head(log);
    size_t bytes = 0;
    assert_true(head - tail < ENTRIES);
    assert_null(jmh_log_get(log, tail - 1));
    assert_null(jmh_log_get(log, head + 1));
    for (uint64_t seq = tail; seq <= head; seq++) {
        check_entry(log, seq);
        bytes += frame_bytes(fact_of(seq)->len);
    }
    assert_true(bytes <= ARENA_BYTES);
    if (tail > FIRST_SEQ && head - tail + 1 < ENTRIES) {
        /* room lost at the end of the arena is less than half of it: the largest event */
        assert_true(bytes + frame_bytes(fact_of(tail - 1)->len) > ARENA_BYTES / 2);
    }
}

static void check_next(const struct jmh_log *log, uint32_t channel, uint64_t after)
{
    uint64_t expected = 0;
    for (uint64_t seq = jmh_log_tail(log); seq <= jmh_log_head(log) && expected == 0; seq++) {
        const struct fact *fact = fact_of(seq);
        bool is_on = channel == JMH_CHANNEL_ALL || fact->channel == channel;
        expected = seq > after && is_on && !fact->superseded ? seq : 0;
    }
    const struct jmh_entry *entry = jmh_log_next(log, channel, after);
    assert_int_equal(entry != NULL ? entry->seq : 0, expected);
}

static void check_dropped(const struct jmh_log *log, uint32_t channel)
{
    uint64_t durable = 0, memory = 0;
    for (uint64_t seq = FIRST_SEQ; seq < jmh_log_tail(log); seq++) {
        const struct fact *fact = fact_of(seq);
        bool is_on = channel == JMH_CHANNEL_ALL ? (fact->flags & JMH_ENTRY_PRIVATE) == 0
                                                : fact->channel == channel;
        if (is_on && (fact->flags & JMH_ENTRY_DURABLE) != 0) {
            durable = seq;
        } else if (is_on && (fact->flags & ~JMH_ENTRY_PRIVATE) == 0) {
            memory = seq;
        }
    }
    assert_int_equal(jmh_log_dropped_durable(log, channel), durable);
    assert_int_equal(jmh_log_dropped_memory(log, channel), memory);
}

static void agrees_with_a_plain_list(void **state)
{
    struct jmh_log *log = jmh_log_new(FIRST_SEQ, ARENA_BYTES, ENTRIES);
    (void)state;
    srandom(2);
    assert_int_equal(jmh_log_head(log), FIRST_SEQ - 1);
    assert_int_equal(jmh_log_run_start(log), FIRST_SEQ);
    assert_null(jmh_log_next(log, JMH_CHANNEL_ALL, 0));
    for (int step = 0; step < STEPS; step++) {
        append_random(log);
        check_retained(log);
        for (uint32_t channel = 0; channel <= CHANNELS; channel++) {
            uint32_t asked = channel < CHANNELS ? channel : JMH_CHANNEL_ALL;
            uint64_t window = jmh_log_head(log) - jmh_log_tail(log) + 4;
            check_next(log, asked, jmh_log_tail(log) - 2 + (uint64_t)random() % window);
            check_next(log, asked, 0);
            if (step % 16 == 0) {
                check_dropped(log, asked);
            }
        }
    }
    assert_null(jmh_log_next(log, CHANNELS + 100, 0));
    jmh_log_free(log);
    jmh_log_free(NULL);
}

static void writes_frame_headers(void **state)
{
    static const struct {
        size_t len;
        uint32_t head_bytes;
        uint8_t head[10];
    } cases[] = {
        {2, 2, {0x81, 2}},
        {125, 2, {0x81, 125}},
        {126, 4, {0x81, 126, 0, 126}},
        {65535, 4, {0x81, 126, 0xff, 0xff}},
        {65536, 10, {0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0}},
    };
    static char body[65536];
    struct jmh_log *log = jmh_log_new(1, 1 << 18, 16);
    (void)state;
    memset(body, 'x', sizeof body);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct jmh_event event = {.channel = 1, .body = {body, cases[i].len}};
        assert_int_equal(jmh_log_admit(log, 1, cases[i].len), JM_OK);
        const struct jmh_entry *entry = jmh_log_get(log, jmh_log_append(log, &event));
        assert_int_equal(entry->head_bytes, cases[i].head_bytes);
        assert_memory_equal(entry->frame, cases[i].head, cases[i].head_bytes);
        assert_int_equal(entry->frame_bytes, cases[i].head_bytes + cases[i].len);
    }
    jmh_log_free(log);
}

static void refuses_what_would_not_fit(void **state)
{
    static char body[ARENA_BYTES];
    struct jmh_log *log = jmh_log_new(1, ARENA_BYTES, 16);
    (void)state;
    memset(body, 'x', sizeof body);
    const struct jmh_event large = {.channel = 1, .body = {body, ARENA_BYTES / 2 - 3}};
    const struct jmh_event largest = {.channel = 1, .body = {body, ARENA_BYTES / 2 - 4}};
    assert_int_equal(jmh_log_admit(log, 1, large.body.len), JM_EINVAL);
    assert_int_equal(jmh_log_append(log, &large), 0);
    assert_int_equal(jmh_log_admit(log, 1, largest.body.len), JM_OK);
    assert_int_equal(jmh_log_append(log, &largest), 1);
    assert_int_equal(jmh_log_head(log), 1);
    jmh_log_free(log);
}

static uint64_t append_progress(struct jmh_log *log, uint32_t channel, uint32_t type,
                                const char *key)
{
    const struct jmh_event event = {.channel = channel,
                                    .type = type,
                                    .flags = JMH_ENTRY_CONFLATED,
                                    .conflate_key = jmh_span(key),
                                    .body = jmh_span("{}")};
    assert_int_equal(jmh_log_admit(log, channel, event.body.len), JM_OK);
    return jmh_log_append(log, &event);
}

/* A key is one of its type on its channel. */
static void supersedes_only_its_own_kind(void **state)
{
    struct jmh_log *log = jmh_log_new(1, ARENA_BYTES, 64);
    (void)state;
    assert_int_equal(append_progress(log, 1, 1, "\"a\""), 1);
    assert_int_equal(append_progress(log, 1, 1, "\"b\""), 2);
    assert_int_equal(append_progress(log, 1, 2, "\"a\""), 3);
    assert_int_equal(append_progress(log, 2, 1, "\"a\""), 4);
    assert_int_equal(append_progress(log, 1, 1, "\"a\""), 5);
    const uint64_t left[] = {2, 3, 5};
    uint64_t after = 0;
    for (size_t i = 0; i < 3; i++) {
        const struct jmh_entry *entry = jmh_log_next(log, 1, after);
        assert_non_null(entry);
        assert_int_equal(entry->seq, left[i]);
        after = entry->seq;
    }
    assert_null(jmh_log_next(log, 1, after));
    assert_int_equal(jmh_log_next(log, 2, 0)->seq, 4);
    jmh_log_free(log);
}

/* Ten thousand updates of a few things, then other channels push them out. */
static void keeps_the_newest_of_many(void **state)
{
    struct jmh_log *log = jmh_log_new(1, 1 << 20, 16384);
    uint64_t after = 0;
    (void)state;
    for (int i = 0; i < 10000; i++) {
        (void)append_progress(log, 1, 1, i % 3 == 0 ? "1" : i % 3 == 1 ? "2" : "3");
    }
    for (uint64_t seq = 9998; seq <= 10000; seq++) {
        const struct jmh_entry *entry = jmh_log_next(log, 1, after);
        assert_int_equal(entry->seq, seq);
        after = seq;
    }
    assert_null(jmh_log_next(log, 1, after));
    for (int i = 0; i < 20000; i++) {
        (void)append_progress(log, 2, 1, "1");
    }
    assert_null(jmh_log_next(log, 1, 0));
    assert_int_equal(append_progress(log, 1, 1, "1"), 30001);
    assert_int_equal(jmh_log_next(log, 1, 0)->seq, 30001);
    jmh_log_free(log);
}

/* The compressed frame is made once, and goes with its entry. */
static void frames_have_a_twin(void **state)
{
    char body[1200];
    struct jmh_log *log = jmh_log_new(FIRST_SEQ, ARENA_BYTES, ENTRIES);
    (void)state;
    assert_non_null(log);
    memset(body, 'x', sizeof body);
    const struct jmh_event large = {.channel = 1, .type = 1, .body = {body, sizeof body}};
    const struct jmh_event small = {.channel = 1, .type = 1, .body = {body, 200}};
    uint64_t of_large = jmh_log_append(log, &large);
    uint64_t of_small = jmh_log_append(log, &small);
    jm_span twin = jmh_log_compressed(log, jmh_log_get(log, of_large));
    assert_int_equal((uint8_t)twin.ptr[0], 0xc1);
    assert_true(twin.len < 100 && twin.len == 2 + (size_t)twin.ptr[1]);
    assert_ptr_equal(jmh_log_compressed(log, jmh_log_get(log, of_large)).ptr, twin.ptr);
    jm_span plain = jmh_log_compressed(log, jmh_log_get(log, of_small));
    assert_ptr_equal(plain.ptr, jmh_log_get(log, of_small)->frame);

    /* What cannot be made smaller stays as it is. */
    for (size_t i = 0; i < sizeof body; i++) {
        body[i] = (char)random();
    }
    uint64_t of_noise = jmh_log_append(log, &large);
    plain = jmh_log_compressed(log, jmh_log_get(log, of_noise));
    assert_ptr_equal(plain.ptr, jmh_log_get(log, of_noise)->frame);
    for (int i = 0; i < 20; i++) { /* pushes them out; the last ones are the log's to free */
        memset(body, 'a' + i, sizeof body);
        (void)jmh_log_compressed(log, jmh_log_get(log, jmh_log_append(log, &large)));
    }
    assert_null(jmh_log_get(log, of_large));
    jmh_log_free(log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_have_a_twin),
        cmocka_unit_test(agrees_with_a_plain_list),
        cmocka_unit_test(writes_frame_headers),
        cmocka_unit_test(refuses_what_would_not_fit),
        cmocka_unit_test(supersedes_only_its_own_kind),
        cmocka_unit_test(keeps_the_newest_of_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
