/* Turns: what is made true together, what is taken back, and in which order it leaves. */
#include "host/turn.h"

#include "host/util/json.h"
#include "host/util/span.h"
#include "host/util/trace.h"

#include <junmai/ext/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FIRST_SEQ 5000

/* A store that notes what it is asked and fails where it is told to. */
static struct {
    int commits, rollbacks, appended, blocks;
    uint64_t last_appended;
    char last_channel[16], last_type[16], last_body[256];
    uint64_t next_block;
    bool dirty, call_kept;
    jm_status on_commit, on_append, on_reserve, on_end_call;
} store;

void jmh_store_begin_call(struct jmh_store *unused)
{
    (void)unused;
    store.call_kept = false;
}

jm_status jmh_store_end_call(struct jmh_store *unused, bool ok)
{
    (void)unused;
    store.call_kept = ok && store.on_end_call == JM_OK;
    return ok ? store.on_end_call : JM_OK;
}

bool jmh_store_is_dirty(const struct jmh_store *unused)
{
    (void)unused;
    return store.dirty;
}

static jm_status result(jm_status status, struct jmh_err *err)
{
    return status == JM_OK ? JM_OK : jmh_err_set(err, status, "the disk is full");
}

jm_status jmh_store_commit(struct jmh_store *unused, struct jmh_err *err)
{
    (void)unused;
    store.commits++;
    store.dirty = false;
    return result(store.on_commit, err);
}

void jmh_store_rollback(struct jmh_store *unused)
{
    (void)unused;
    store.rollbacks++;
    store.dirty = false;
}

jm_status jmh_store_append(struct jmh_store *unused, const struct jmh_stored_event *event,
                           struct jmh_err *err)
{
    (void)unused;
    store.dirty = true;
    store.appended++;
    store.last_appended = event->seq;
    (void)snprintf(store.last_channel, sizeof store.last_channel, "%.*s", JMH_ARG(event->channel));
    (void)snprintf(store.last_type, sizeof store.last_type, "%.*s", JMH_ARG(event->type));
    (void)snprintf(store.last_body, sizeof store.last_body, "%.*s", JMH_ARG(event->body));
    return result(store.on_append, err);
}

jm_status jmh_store_reserve_seq(struct jmh_store *unused, uint64_t *first_out, struct jmh_err *err)
{
    (void)unused;
    if (store.on_reserve == JM_OK) {
        *first_out = store.next_block;
        store.next_block += JMH_SEQ_BLOCK;
        store.blocks++;
    }
    return result(store.on_reserve, err);
}

static struct {
    struct jmh_log *log;
    struct jmh_sets *sets;
    struct jmh_names *channels, *types;
    struct jmh_turn *turn;
    struct jmh_err err;
    int pending;
    char told[64]; /* by the effects, in order */
} it;

static struct jmh_field fields[] = {
    {"id", JM_FIELD_TEXT, "which"},
    {"n", JM_FIELD_INT | JM_FIELD_OPTIONAL, "number"},
};
#define TYPE(type_name, kept, key)                                                    \
    {                                                                                 \
        .name = type_name, .channel = "jobs", .retention = kept, .conflate_key = key, \
        .fields = fields, .field_count = 2                                            \
    }
static const struct jmh_event_type durable = TYPE("made", JM_RETAIN_DURABLE, NULL);
static const struct jmh_event_type memory = TYPE("seen", JM_RETAIN_MEMORY, NULL);
static const struct jmh_event_type progress = TYPE("progress", JM_RETAIN_MEMORY, "id");
static const struct jmh_event_type passing = TYPE("passing", JM_RETAIN_NONE, NULL);

static void on_pending(void *user, size_t bytes)
{
    (void)user;
    (void)bytes;
    it.pending++;
}

static int setup(void **state)
{
    (void)state;
    memset(&store, 0, sizeof store);
    memset(&it, 0, sizeof it);
    store.next_block = FIRST_SEQ + JMH_SEQ_BLOCK;
    it.log = jmh_log_new(FIRST_SEQ, 1 << 20, 64);
    it.sets = jmh_sets_new();
    it.channels = jmh_names_new(8);
    it.types = jmh_names_new(8);
    it.turn = jmh_turn_new(NULL, it.log, it.sets, it.channels, it.types);
    jmh_turn_on_pending(it.turn, on_pending, NULL);
    jmh_trace_level(JM_LOG_ERROR + 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    jmh_turn_free(it.turn);
    jmh_sets_free(it.sets);
    jmh_log_free(it.log);
    jmh_names_free(it.channels);
    jmh_names_free(it.types);
    return 0;
}

static jm_status publish_text(const struct jmh_event_type *type, const char *channel,
                              const char *text)
{
    return jmh_turn_publish(it.turn, type, jmh_span(channel), jmh_span(text), &it.err);
}

static void publish(const struct jmh_event_type *type, const char *id)
{
    char text[64];
    (void)snprintf(text, sizeof text, "{\"id\":\"%s\"}", id);
    assert_int_equal(publish_text(type, NULL, text), JM_OK);
}

static jm_status inject(const char *type, const char *channel, const char *text, bool is_durable)
{
    struct jmh_json_value value;
    assert_true(jmh_json_parse(jmh_span(text), &value));
    return jmh_turn_inject(it.turn, jmh_span(type), jmh_span(channel), value, is_durable, &it.err);
}

static uint64_t head(void)
{
    return jmh_log_head(it.log);
}

/* A member of an event in the log, as text. */
static const char *member(uint64_t seq, const char *name)
{
    static char text[64];
    const struct jmh_entry *entry = jmh_log_get(it.log, seq);
    struct jmh_json_value event, value;
    assert_non_null(entry);
    jm_span body = {(const char *)entry->frame + entry->head_bytes,
                    entry->frame_bytes - entry->head_bytes};
    assert_true(jmh_json_parse(body, &event));
    assert_true(jmh_json_get(event, name, &value));
    (void)snprintf(text, sizeof text, "%.*s", JMH_ARG(value.text));
    return text;
}

static void tell(void *user, jm_status committed)
{
    size_t len = strlen(it.told);
    (void)snprintf(it.told + len, sizeof it.told - len, "%s%d ", (const char *)user, committed);
}

static void after(const char *name)
{
    assert_true(jmh_turn_after(it.turn, tell, (void *)(uintptr_t)name));
}

static void leaves_in_order_and_numbered(void **state)
{
    (void)state;
    assert_true(jmh_turn_is_empty(it.turn));
    publish(&durable, "a");
    publish(&memory, "b");
    assert_int_equal(inject("Any type", "photos", "{\"id\":\"c\",\"seq\":1}", false), JM_OK);
    assert_int_equal(inject("note", NULL, "{\"id\":\"d\"}", true), JM_OK);
    publish(&progress, "e");
    publish(&passing, "f");
    assert_true(it.pending >= 6);
    assert_int_equal(head(), FIRST_SEQ - 1);
    jmh_turn_end(it.turn);
    assert_int_equal(head(), FIRST_SEQ + 5);
    static const struct {
        const char *id, *type;
        uint32_t flags;
    } expected[] = {
        {"\"a\"", "\"made\"", JMH_ENTRY_DURABLE},
        {"\"b\"", "\"seen\"", 0},
        {"\"c\"", "\"Any type\"", JMH_ENTRY_INJECTED},
        {"\"d\"", "\"note\"", JMH_ENTRY_INJECTED | JMH_ENTRY_DURABLE},
        {"\"e\"", "\"progress\"", JMH_ENTRY_CONFLATED},
        {"\"f\"", "\"passing\"", JMH_ENTRY_INJECTED},
    };
    for (uint64_t i = 0; i < 6; i++) {
        char seq[24];
        (void)snprintf(seq, sizeof seq, "%llu", (unsigned long long)(FIRST_SEQ + i));
        assert_string_equal(member(FIRST_SEQ + i, "id"), expected[i].id);
        assert_string_equal(member(FIRST_SEQ + i, "type"), expected[i].type);
        assert_string_equal(member(FIRST_SEQ + i, "seq"), seq);
        assert_int_equal(jmh_log_get(it.log, FIRST_SEQ + i)->flags, expected[i].flags);
    }
    assert_int_equal(jmh_log_get(it.log, FIRST_SEQ + 3)->channel, JMH_CHANNEL_EVERYONE);
    assert_true(jmh_turn_is_empty(it.turn));
    assert_int_equal(jmh_turn_stats(it.turn).events, 6);
}

static void stores_what_is_durable_as_it_is_sent(void **state)
{
    (void)state;
    publish(&memory, "a");
    jmh_turn_begin_call(it.turn);
    publish(&durable, "lost");
    assert_int_equal(jmh_turn_end_call(it.turn, JM_EINVAL), JM_EINVAL);
    assert_false(jmh_turn_writes(it.turn));
    publish(&durable, "b");
    assert_true(jmh_turn_writes(it.turn));
    jmh_turn_end(it.turn);
    assert_true(store.appended == 1 && store.commits == 1);
    assert_int_equal(store.last_appended, FIRST_SEQ + 1);
    assert_string_equal(store.last_channel, "jobs");
    assert_string_equal(store.last_type, "made");
    const struct jmh_entry *entry = jmh_log_get(it.log, FIRST_SEQ + 1);
    assert_true(jmh_span_is((jm_span){(const char *)entry->frame + entry->head_bytes,
                                      entry->frame_bytes - entry->head_bytes},
                            store.last_body));
    /* what lives in memory costs no commit */
    publish(&memory, "c");
    publish(&progress, "c");
    assert_false(jmh_turn_writes(it.turn));
    jmh_turn_end(it.turn);
    assert_int_equal(store.commits, 1);
}

static void takes_back_what_failed_and_no_more(void **state)
{
    (void)state;
    jmh_turn_begin_call(it.turn);
    publish(&durable, "kept");
    after("first:");
    assert_int_equal(jmh_turn_end_call(it.turn, JM_OK), JM_OK);
    assert_true(store.call_kept);

    jmh_turn_begin_call(it.turn);
    publish(&durable, "lost");
    publish(&memory, "lost");
    after("second:");
    assert_int_equal(jmh_turn_end_call(it.turn, JM_EINVAL), JM_EINVAL);
    assert_false(store.call_kept);

    /* an inner call joins the outer one, however it ends */
    jmh_turn_begin_call(it.turn);
    publish(&memory, "outer");
    jmh_turn_begin_call(it.turn);
    publish(&memory, "inner");
    assert_int_equal(jmh_turn_end_call(it.turn, JM_EBUSY), JM_EBUSY);
    assert_int_equal(jmh_turn_end_call(it.turn, 7), 7);

    jmh_turn_end(it.turn);
    assert_int_equal(head(), FIRST_SEQ + 2);
    assert_string_equal(member(FIRST_SEQ, "id"), "\"kept\"");
    assert_string_equal(member(FIRST_SEQ + 1, "id"), "\"outer\"");
    assert_string_equal(member(FIRST_SEQ + 2, "id"), "\"inner\"");
    assert_string_equal(it.told, "first:0 second:0 ");
}

/* Writes that the store cannot keep take their events along. */
static void fails_a_call_that_the_store_takes_back(void **state)
{
    (void)state;
    store.on_end_call = JM_EEXIST;
    jmh_turn_begin_call(it.turn);
    publish(&durable, "lost");
    assert_int_equal(jmh_turn_end_call(it.turn, JM_OK), JM_EEXIST);
    jmh_turn_end(it.turn);
    assert_int_equal(head(), FIRST_SEQ - 1);
    assert_int_equal(store.appended, 0);
}

static void assert_turn_fails(jm_status status)
{
    char expected[32];
    publish(&memory, "a");
    publish(&durable, "b");
    after("x:");
    jmh_turn_end(it.turn);
    (void)snprintf(expected, sizeof expected, "x:%d ", status);
    assert_string_equal(it.told, expected);
    assert_int_equal(head(), FIRST_SEQ - 1);
    assert_true(TAILQ_EMPTY(jmh_sets_dirty(it.sets)));
    assert_int_equal(jmh_turn_stats(it.turn).failed, 1);
    assert_true(jmh_turn_is_empty(it.turn));
    store.on_commit = store.on_append = JM_OK;
    publish(&durable, "c"); /* the next turn is as if nothing had been */
    jmh_turn_end(it.turn);
    assert_int_equal(head(), FIRST_SEQ);
    assert_string_equal(member(FIRST_SEQ, "id"), "\"c\"");
}

static void tells_everybody_when_the_commit_fails(void **state)
{
    (void)state;
    store.on_commit = JM_ENOSPC;
    assert_turn_fails(JM_ENOSPC);
    assert_int_equal(store.commits, 2);
}

static void tells_everybody_when_an_event_cannot_be_stored(void **state)
{
    (void)state;
    store.on_append = JM_EIO;
    assert_turn_fails(JM_EIO);
    assert_int_equal(store.rollbacks, 1);
}

static int chained;

static void go_on(void *user, jm_status committed)
{
    (void)user;
    assert_int_equal(committed, JM_OK);
    if (++chained < 3) {
        publish(&memory, "next");
        assert_true(jmh_turn_after(it.turn, go_on, NULL));
    }
}

static void effects_may_begin_the_next_turn(void **state)
{
    (void)state;
    chained = 0;
    for (int i = 0; i < 100; i++) {
        after("");
    }
    assert_true(jmh_turn_after(it.turn, go_on, NULL));
    for (int turns = 1; turns <= 3; turns++) {
        assert_false(jmh_turn_is_empty(it.turn));
        jmh_turn_end(it.turn);
        assert_int_equal(chained, turns);
    }
    assert_true(jmh_turn_is_empty(it.turn));
    assert_int_equal(head(), FIRST_SEQ + 1);
}

static void wakes_who_listens(void **state)
{
    (void)state;
    const struct jmh_sub sub = {.channel = jmh_names_intern(it.channels, jmh_span("jobs"))};
    struct jmh_set *set = jmh_sets_get(it.sets, &sub, 1);
    set->clients.tqh_first = (struct jmh_client *)(uintptr_t)&sub; /* somebody */
    publish(&memory, "a");
    assert_true(TAILQ_EMPTY(jmh_sets_dirty(it.sets)));
    jmh_turn_end(it.turn);
    assert_ptr_equal(TAILQ_FIRST(jmh_sets_dirty(it.sets)), set);
}

static void refuses_what_is_not_declared(void **state)
{
    char *large = malloc((1 << 20) + 64);
    (void)state;
    assert_int_equal(publish_text(&memory, NULL, "{"), JM_EINVAL);
    assert_int_equal(publish_text(&memory, NULL, "{\"id\":1}"), JM_EINVAL);
    assert_non_null(strstr(it.err.text, "'id'"));
    assert_int_equal(publish_text(&memory, NULL, "{\"id\":\"a\",\"x\":1}"), JM_EINVAL);
    assert_int_equal(publish_text(&memory, "No Name", "{\"id\":\"a\"}"), JM_EINVAL);
    assert_non_null(strstr(it.err.text, "'No Name'"));
    assert_int_equal(inject("t", "jobs", "[]", false), JM_EINVAL);
    int len = sprintf(large, "{\"id\":\"%0*d\"}", 1 << 20, 0);
    assert_int_equal(jmh_turn_publish(it.turn, &memory, (jm_span){NULL, 0},
                                      (jm_span){large, (size_t)len}, &it.err),
                     JM_EINVAL);
    /* within the bound, but more than half of this log */
    len = sprintf(large, "{\"id\":\"%0*d\"}", 600000, 0);
    assert_int_equal(jmh_turn_publish(it.turn, &durable, (jm_span){NULL, 0},
                                      (jm_span){large, (size_t)len}, &it.err),
                     JM_EINVAL);
    assert_non_null(strstr(it.err.text, "log.ring_mib"));
    free(large);
    assert_true(jmh_turn_is_empty(it.turn));
    publish(&durable, "a");
    jmh_turn_end(it.turn);
    assert_true(head() == FIRST_SEQ && store.last_appended == FIRST_SEQ);
    for (int i = 0; i < 8; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "n%d", i);
        (void)jmh_names_intern(it.channels, jmh_span(name));
    }
    assert_int_equal(publish_text(&memory, "one.more", "{\"id\":\"a\"}"), JM_ENOMEM);
}

/* The numbers of a block are used up before the next one is reserved, and no number is left out. */
static void reserves_numbers_in_blocks(void **state)
{
    (void)state;
    const uint64_t per_turn = 4096;
    for (uint64_t done = 0; done < JMH_SEQ_BLOCK; done += per_turn) {
        for (uint64_t i = 0; i < per_turn; i++) {
            publish(&memory, "a");
        }
        jmh_turn_end(it.turn);
    }
    assert_int_equal(head(), FIRST_SEQ + JMH_SEQ_BLOCK - 1);
    assert_int_equal(store.blocks, 0);
    store.on_reserve = JM_ENOSPC;
    publish(&memory, "a");
    after("x:");
    jmh_turn_end(it.turn);
    assert_string_equal(it.told, "x:-10 ");
    assert_int_equal(head(), FIRST_SEQ + JMH_SEQ_BLOCK - 1);
    store.on_reserve = JM_OK;
    publish(&memory, "a");
    publish(&memory, "a");
    jmh_turn_end(it.turn);
    assert_int_equal(head(), FIRST_SEQ + JMH_SEQ_BLOCK + 1);
    assert_int_equal(store.blocks, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(leaves_in_order_and_numbered),
        TEST(stores_what_is_durable_as_it_is_sent),
        TEST(takes_back_what_failed_and_no_more),
        TEST(fails_a_call_that_the_store_takes_back),
        TEST(tells_everybody_when_the_commit_fails),
        TEST(tells_everybody_when_an_event_cannot_be_stored),
        TEST(effects_may_begin_the_next_turn),
        TEST(wakes_who_listens),
        TEST(refuses_what_is_not_declared),
        TEST(reserves_numbers_in_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
