/* What the tests of cursors share; see world.h. */
#include "world.h"

#include "fake_store.h"

#include "host/util/json.h"
#include "host/util/span.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void world_open(struct world *world, uint64_t first_seq, size_t bytes, uint32_t entries)
{
    fake_store_reset();
    world->first_seq = first_seq;
    world->log = jmh_log_new(first_seq, bytes, entries);
    world->sets = jmh_sets_new();
    world->channels = jmh_names_new(64);
    world->types = jmh_names_new(64);
    world->reader = jmh_reader_new(world->log, NULL, world->channels, world->types, WORLD_EPOCH);
    assert_non_null(world->reader);
}

void world_close(struct world *world)
{
    jmh_reader_free(world->reader);
    jmh_sets_free(world->sets);
    jmh_log_free(world->log);
    jmh_names_free(world->channels);
    jmh_names_free(world->types);
    fake_store_reset();
}

uint32_t world_channel(struct world *world, const char *name)
{
    if (name[0] == '\0') {
        return JMH_CHANNEL_EVERYONE;
    }
    return strcmp(name, "*") == 0 ? JMH_CHANNEL_ALL
                                  : jmh_names_intern(world->channels, jmh_span(name));
}

uint32_t world_type(struct world *world, const char *name)
{
    return jmh_names_intern(world->types, jmh_span(name));
}

uint64_t world_publish(struct world *world, const char *channel, const char *type, uint32_t flags,
                       const char *key, size_t pad)
{
    char *body = malloc(pad + 64);
    uint64_t seq = jmh_log_head(world->log) + 1;
    assert_non_null(body);
    int len = snprintf(body, pad + 64, "{\"seq\":%llu,\"pad\":\"%0*d\"}", (unsigned long long)seq,
                       (int)pad, 0);
    const struct jmh_event event = {.channel = world_channel(world, channel),
                                    .type = world_type(world, type),
                                    .flags = flags,
                                    .conflate_key = jmh_span(key),
                                    .body = {body, (size_t)len}};
    assert_true(seq - world->first_seq < WORLD_EVENTS);
    world->pads[seq - world->first_seq] = pad;
    assert_int_equal(jmh_log_admit(world->log, event.channel, event.body.len), JM_OK);
    assert_int_equal(jmh_log_append(world->log, &event), seq);
    if ((flags & JMH_ENTRY_DURABLE) != 0) {
        fake_store_add(seq, channel, type, body);
    }
    free(body);
    return seq;
}

/* One event: is it as it was published? */
static uint64_t check_body(struct world *world, jm_span body)
{
    struct jmh_json_value event, value;
    int64_t seq = 0;
    assert_true(jmh_json_parse(body, &event));
    assert_true(jmh_json_get(event, "seq", &value) && jmh_json_int(value, &seq));
    assert_true(seq >= (int64_t)world->first_seq);
    assert_true(jmh_json_get(event, "pad", &value));
    size_t pad = world->pads[(uint64_t)seq - world->first_seq];
    assert_int_equal(value.text.len, (pad > 0 ? pad : 1) + 2);
    return (uint64_t)seq;
}

static void take(struct received *received, uint64_t seq)
{
    assert_true(received->count < sizeof received->seqs / sizeof received->seqs[0]);
    received->seqs[received->count++] = seq;
}

static void take_frames(struct world *world, const struct jmh_run *run, struct received *received)
{
    for (size_t at = 0; at < run->len;) {
        const uint8_t *frame = run->bytes + at;
        size_t head = frame[1] == 127 ? 10 : frame[1] == 126 ? 4 : 2;
        size_t len = head == 2 ? frame[1] : 0;
        for (size_t i = 2; i < head; i++) {
            len = len << 8 | frame[i];
        }
        assert_int_equal(frame[0], 0x81);
        assert_true(at + head + len <= run->len);
        take(received, check_body(world, (jm_span){(const char *)frame + head, len}));
        at += head + len;
    }
}

static void take_sse(struct world *world, const struct jmh_run *run, struct received *received)
{
    static const char prefix[] = "id: " WORLD_EPOCH ":";
    const char *at = run->len > 0 ? (const char *)run->bytes : "";
    const char *end = at + run->len;
    while (at < end) {
        char *rest;
        assert_memory_equal(at, prefix, sizeof prefix - 1);
        uint64_t id = strtoull(at + sizeof prefix - 1, &rest, 10);
        assert_memory_equal(rest, "\ndata: ", 7);
        const char *body = rest + 7;
        const char *line = memchr(body, '\n', (size_t)(end - body));
        assert_true(line != NULL && line + 1 < end && line[1] == '\n');
        assert_int_equal(check_body(world, (jm_span){body, (size_t)(line - body)}), id);
        take(received, id);
        at = line + 2;
    }
}

struct taking {
    struct world *world;
    struct received *received;
};

static bool take_json(void *user, uint64_t seq, jm_span body)
{
    struct taking *taking = user;
    assert_int_equal(check_body(taking->world, body), seq);
    take(taking->received, seq);
    return true;
}

jm_status world_read(struct world *world, struct jmh_cursor *cursor, enum jmh_form form,
                     size_t max_bytes, struct received *received_out)
{
    struct jmh_run run;
    struct jmh_err err;
    struct taking taking = {world, received_out};
    received_out->count = 0;
    jm_status status =
        jmh_cursor_read(world->reader, cursor, form, max_bytes, take_json, &taking, &run, &err);
    received_out->missed_from = run.missed_from;
    received_out->missed_to = run.missed_to;
    received_out->more = run.more;
    received_out->bytes = run.bytes;
    if (status != JM_OK) {
        received_out->count = 0;
        return status;
    }
    if (form == JMH_FORM_WS) {
        take_frames(world, &run, received_out);
    } else if (form == JMH_FORM_SSE) {
        take_sse(world, &run, received_out);
    }
    assert_int_equal(run.events, received_out->count);
    return JM_OK;
}

void world_expect(struct world *world, struct jmh_cursor *cursor, const uint64_t *seqs)
{
    struct received received = {.more = true};
    size_t at = 0;
    while (received.more) {
        assert_int_equal(world_read(world, cursor, JMH_FORM_WS, 65536, &received), JM_OK);
        for (size_t i = 0; i < received.count; i++) {
            assert_int_equal(received.seqs[i], seqs[at]);
            at++;
        }
    }
    assert_int_equal(seqs[at], 0);
    assert_false(jmh_cursor_pending(world->reader, cursor));
}

struct jmh_cursor world_cursor(struct world *world)
{
    return (struct jmh_cursor){.set = jmh_sets_get(world->sets, NULL, 0),
                               .pos = jmh_log_head(world->log)};
}

void world_join(struct world *world, struct jmh_cursor *cursor, const char *channel,
                const uint32_t *types, uint64_t since)
{
    const struct jmh_join join = {world_channel(world, channel), since};
    struct jmh_sub subs[32];
    uint32_t count = 0;
    bool is_held = false;
    for (uint32_t i = 0; i < cursor->set->count; i++) {
        subs[count] = cursor->set->subs[i];
        if (subs[count].channel == join.channel) {
            subs[count].types = types;
            is_held = true;
        }
        count++;
    }
    if (!is_held) {
        subs[count++] = (struct jmh_sub){join.channel, types};
    }
    struct jmh_set *set = jmh_sets_get(world->sets, subs, count);
    assert_int_equal(jmh_cursor_subscribe(world->reader, world->sets, cursor, set, &join, 1),
                     JM_OK);
}

void world_leave(struct world *world, struct jmh_cursor *cursor, const char *channel)
{
    struct jmh_sub subs[32];
    uint32_t count = 0;
    for (uint32_t i = 0; i < cursor->set->count; i++) {
        if (cursor->set->subs[i].channel != world_channel(world, channel)) {
            subs[count++] = cursor->set->subs[i];
        }
    }
    struct jmh_set *set = jmh_sets_get(world->sets, subs, count);
    assert_int_equal(jmh_cursor_subscribe(world->reader, world->sets, cursor, set, NULL, 0), JM_OK);
}
