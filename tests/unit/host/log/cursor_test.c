/* Cursors, one rule a test; cursor_model_test.c mixes them all. */
#include "world.h"

#include "fake_store.h"

#include "host/log/backlog.h"

#include <stdio.h>

#define D JMH_ENTRY_DURABLE
#define NOW JMH_SINCE_NOW

static struct world world;

static int setup(void **state)
{
    (void)state;
    world_open(&world, 1, 1 << 16, 64);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_close(&world);
    return 0;
}

static void expect(struct jmh_cursor *cursor, const uint64_t *seqs)
{
    world_expect(&world, cursor, seqs);
}
#define EXPECT(cursor, ...) expect(cursor, (const uint64_t[]){__VA_ARGS__, 0})
#define EXPECT_NOTHING(cursor) expect(cursor, (const uint64_t[]){0})

static void publish(const char *channel, uint32_t flags, unsigned times)
{
    for (unsigned i = 0; i < times; i++) {
        (void)world_publish(&world, channel, "t", flags, "", 1);
    }
}

static void end(struct jmh_cursor *cursor)
{
    jmh_cursor_fini(world.sets, cursor);
}

static void hears_what_comes_from_now_on(void **state)
{
    (void)state;
    publish("jobs", D, 2);
    struct jmh_cursor cursor = world_cursor(&world);
    publish("", 0, 1); /* 3: everyone hears it without a subscription */
    publish("jobs", 0, 1);
    EXPECT(&cursor, 3);
    world_join(&world, &cursor, "jobs", NULL, NOW);
    publish("photos", 0, 1);
    publish("jobs", 0, 1); /* 6 */
    publish("", D, 1);
    EXPECT(&cursor, 6, 7);
    world_leave(&world, &cursor, "jobs");
    publish("jobs", D, 1);
    EXPECT_NOTHING(&cursor);
    end(&cursor);
}

/* What was published before the subscription, but not read yet, was before it all the same. */
static void joins_where_the_log_is_not_where_it_reads(void **state)
{
    (void)state;
    struct jmh_cursor cursor = world_cursor(&world);
    world_join(&world, &cursor, "jobs", NULL, NOW);
    publish("jobs", 0, 2);
    publish("photos", 0, 2);
    world_join(&world, &cursor, "photos", NULL, NOW);
    publish("photos", 0, 1);
    publish("jobs", 0, 1);
    EXPECT(&cursor, 1, 2, 5, 6);
    assert_null(cursor.backlog);
    end(&cursor);
}

static void replays_before_it_goes_on(void **state)
{
    struct received received;
    (void)state;
    publish("jobs", D, 200); /* most of them in the store alone */
    struct jmh_cursor cursor = world_cursor(&world);
    world_join(&world, &cursor, "jobs", NULL, 100);
    publish("jobs", D, 1);
    uint64_t next = 101;
    do {
        assert_int_equal(world_read(&world, &cursor, JMH_FORM_WS, 300, &received), JM_OK);
        for (size_t i = 0; i < received.count; i++) {
            assert_int_equal(received.seqs[i], next++);
        }
    } while (received.more);
    assert_int_equal(next, 202);
    assert_null(cursor.backlog);
    end(&cursor);
}

static void moves_a_held_channel_alone(void **state)
{
    (void)state;
    struct jmh_cursor cursor = world_cursor(&world);
    world_join(&world, &cursor, "jobs", NULL, NOW);
    world_join(&world, &cursor, "photos", NULL, NOW);
    publish("jobs", D, 2);
    publish("photos", D, 2);
    EXPECT(&cursor, 1, 2, 3, 4);
    world_join(&world, &cursor, "jobs", NULL, 1);
    publish("photos", D, 1);
    EXPECT(&cursor, 2, 5);
    /* forward, over what it has not read */
    publish("jobs", D, 3);
    world_join(&world, &cursor, "jobs", NULL, 7);
    EXPECT(&cursor, 8);
    end(&cursor);
}

static void filters_types(void **state)
{
    (void)state;
    const uint32_t only_t[] = {world_type(&world, "t"), 0};
    struct jmh_cursor cursor = world_cursor(&world);
    (void)world_publish(&world, "jobs", "u", D, "", 1);
    publish("jobs", D, 1);
    world_join(&world, &cursor, "jobs", only_t, 0);
    (void)world_publish(&world, "jobs", "u", D, "", 1);
    publish("jobs", D, 1);
    publish("", D, 1);
    EXPECT(&cursor, 2, 4, 5);
    end(&cursor);
}

static void all_hears_all_but_private_channels(void **state)
{
    (void)state;
    struct jmh_cursor all = world_cursor(&world);
    struct jmh_cursor own = world_cursor(&world);
    world_join(&world, &all, "*", NULL, NOW);
    world_join(&world, &own, "_canary", NULL, NOW);
    publish("jobs", 0, 1);
    (void)world_publish(&world, "_canary", "t", JMH_ENTRY_PRIVATE, "", 1);
    publish("photos", D, 1);
    EXPECT(&all, 1, 3);
    EXPECT(&own, 2);
    end(&all);
    end(&own);
}

/* A channel that is joined must not take away what "*" had a right to. */
static void keeps_what_all_listened_to(void **state)
{
    (void)state;
    struct jmh_cursor cursor = world_cursor(&world);
    world_join(&world, &cursor, "*", NULL, NOW);
    publish("jobs", 0, 2);
    world_join(&world, &cursor, "jobs", NULL, NOW);
    publish("jobs", 0, 1);
    EXPECT(&cursor, 1, 2, 3);
    end(&cursor);
}

/* Nor does "*", joined later, what a channel had. */
static void keeps_what_a_channel_listened_to(void **state)
{
    (void)state;
    struct jmh_cursor cursor = world_cursor(&world);
    world_join(&world, &cursor, "jobs", NULL, NOW);
    publish("jobs", 0, 1);
    publish("photos", 0, 1);
    publish("", 0, 1);
    world_join(&world, &cursor, "*", NULL, NOW);
    publish("photos", 0, 1);
    EXPECT(&cursor, 1, 3, 4);
    end(&cursor);
}

/* A replay of everything that has ended must not be read once more when another begins. */
static void does_not_repeat_a_replay_that_has_ended(void **state)
{
    struct received received;
    (void)state;
    publish("", D, 1);
    publish("jobs", D, 1);
    struct jmh_cursor cursor = world_cursor(&world);
    world_join(&world, &cursor, "jobs", NULL, NOW);
    publish("", D, 1);
    publish("jobs", D, 2);
    world_join(&world, &cursor, "*", NULL, 0);
    assert_int_equal(world_read(&world, &cursor, JMH_FORM_WS, 65536, &received), JM_OK);
    assert_int_equal(received.count, 5);
    world_join(&world, &cursor, "photos", NULL, 4);
    EXPECT_NOTHING(&cursor);
    end(&cursor);
}

/* A subscription that was given up takes what it wanted to resume along. */
static void forgets_the_replay_of_a_channel_that_is_left(void **state)
{
    (void)state;
    publish("jobs", D, 3);
    struct jmh_cursor cursor = world_cursor(&world);
    world_join(&world, &cursor, "jobs", NULL, 0);
    world_leave(&world, &cursor, "jobs");
    assert_int_equal(cursor.backlog->count, 0);
    world_join(&world, &cursor, "jobs", NULL, NOW);
    publish("jobs", D, 1);
    EXPECT(&cursor, 4);
    end(&cursor);
}

/* A place to resume at belongs to the subscription that named it, and to its filter. */
static void resumes_only_what_was_asked(void **state)
{
    (void)state;
    const uint32_t only_t[] = {world_type(&world, "t"), 0};
    const uint32_t only_u[] = {world_type(&world, "u"), 0};
    publish("jobs", D, 1);
    (void)world_publish(&world, "jobs", "u", D, "", 1);
    struct jmh_cursor cursor = world_cursor(&world);
    world_join(&world, &cursor, "jobs", only_u, NOW);
    (void)world_publish(&world, "jobs", "u", D, "", 1);
    world_join(&world, &cursor, "*", only_t, 0);
    publish("photos", D, 1);
    EXPECT(&cursor, 1, 3, 4);
    end(&cursor);
}

static void supersedes_for_those_that_lag(void **state)
{
    (void)state;
    struct jmh_cursor quick = world_cursor(&world);
    world_join(&world, &quick, "jobs", NULL, NOW);
    struct jmh_cursor slow = world_cursor(&world);
    world_join(&world, &slow, "jobs", NULL, NOW);
    for (int i = 0; i < 3; i++) {
        uint64_t seq = world_publish(&world, "jobs", "p", JMH_ENTRY_CONFLATED, "1", 1);
        EXPECT(&quick, seq);
    }
    publish("jobs", 0, 1);
    EXPECT(&slow, 3, 4);
    end(&quick);
    end(&slow);
}

static void gives_the_same_in_every_form(void **state)
{
    struct received ws, sse, json;
    (void)state;
    struct jmh_cursor cursors[3];
    for (size_t i = 0; i < 3; i++) {
        cursors[i] = world_cursor(&world);
        world_join(&world, &cursors[i], "jobs", NULL, NOW);
    }
    for (size_t i = 0; i < 30; i++) {
        (void)world_publish(&world, "jobs", "t", D, "", 1 + i * 7);
    }
    assert_int_equal(world_read(&world, &cursors[0], JMH_FORM_WS, 65536, &ws), JM_OK);
    assert_int_equal(world_read(&world, &cursors[1], JMH_FORM_SSE, 65536, &sse), JM_OK);
    assert_int_equal(world_read(&world, &cursors[2], JMH_FORM_JSON, 65536, &json), JM_OK);
    assert_int_equal(ws.count, 30);
    assert_memory_equal(ws.seqs, sse.seqs, 30 * sizeof ws.seqs[0]);
    assert_memory_equal(ws.seqs, json.seqs, 30 * sizeof ws.seqs[0]);
    for (size_t i = 0; i < 3; i++) {
        end(&cursors[i]);
    }
}

static void bounds_a_run(void **state)
{
    struct received received;
    (void)state;
    struct jmh_cursor cursor = world_cursor(&world);
    world_join(&world, &cursor, "jobs", NULL, NOW);
    for (size_t i = 0; i < 20; i++) {
        (void)world_publish(&world, "jobs", "t", i % 2 == 0 ? D : 0, "", i == 10 ? 5000 : 100);
    }
    uint64_t next = 1;
    do {
        struct jmh_run run;
        struct jmh_err err;
        struct jmh_cursor copy = cursor;
        assert_int_equal(
            jmh_cursor_read(world.reader, &copy, JMH_FORM_WS, 400, NULL, NULL, &run, &err), JM_OK);
        assert_true(run.len <= 400 || run.events == 1);
        assert_int_equal(world_read(&world, &cursor, JMH_FORM_WS, 400, &received), JM_OK);
        assert_true(received.count > 0);
        for (size_t i = 0; i < received.count; i++) {
            assert_int_equal(received.seqs[i], next++);
        }
    } while (received.more);
    assert_int_equal(next, 21);
    end(&cursor);
}

/* Clients of one set at one place share a run; others do not, though the address of the set be the
 * same. */
static void shares_runs_of_one_set_only(void **state)
{
    struct received first, second;
    (void)state;
    struct jmh_cursor a = world_cursor(&world), b = world_cursor(&world);
    struct jmh_cursor c = world_cursor(&world);
    world_join(&world, &a, "jobs", NULL, NOW);
    world_join(&world, &b, "jobs", NULL, NOW);
    world_join(&world, &c, "jobs", NULL, NOW);
    world_join(&world, &c, "photos", NULL, NOW);
    publish("jobs", D, 3);
    publish("photos", D, 2);
    assert_int_equal(world_read(&world, &a, JMH_FORM_WS, 65536, &first), JM_OK);
    assert_int_equal(world_read(&world, &b, JMH_FORM_WS, 65536, &second), JM_OK);
    assert_ptr_equal(first.bytes, second.bytes);
    assert_true(a.pos == 5 && b.pos == 5 && second.count == 3);

    /* the set of "photos" alone is likely to lie where that of "jobs" lay */
    end(&a);
    end(&b);
    world_leave(&world, &c, "jobs");
    EXPECT(&c, 4, 5);
    end(&c);
}

/* Events of a channel that has no number any more are not taken for events to everyone. */
static void survives_a_full_table_of_names(void **state)
{
    struct received received;
    char name[16];
    (void)state;
    world_close(&world);
    world_open(&world, 5000, 1 << 16, 64);
    const uint32_t only_t[] = {world_type(&world, "t"), 0};
    for (unsigned i = 0; i < 64; i++) {
        (void)snprintf(name, sizeof name, "n%u", i);
        (void)world_channel(&world, name);
    }
    world.pads[0] = 1;
    fake_store_add(17, "other", "u", "{\"seq\":5000,\"pad\":\"0\"}");
    fake_store_add(18, "other", "t", "{\"seq\":5000,\"pad\":\"0\"}");
    struct jmh_cursor cursor = world_cursor(&world);
    world_join(&world, &cursor, "*", only_t, 0);
    assert_int_equal(world_read(&world, &cursor, JMH_FORM_WS, 65536, &received), JM_OK);
    assert_int_equal(received.count, 1);
    end(&cursor);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(hears_what_comes_from_now_on),
        TEST(joins_where_the_log_is_not_where_it_reads),
        TEST(replays_before_it_goes_on),
        TEST(moves_a_held_channel_alone),
        TEST(filters_types),
        TEST(all_hears_all_but_private_channels),
        TEST(keeps_what_all_listened_to),
        TEST(keeps_what_a_channel_listened_to),
        TEST(does_not_repeat_a_replay_that_has_ended),
        TEST(forgets_the_replay_of_a_channel_that_is_left),
        TEST(resumes_only_what_was_asked),
        TEST(supersedes_for_those_that_lag),
        TEST(gives_the_same_in_every_form),
        TEST(bounds_a_run),
        TEST(shares_runs_of_one_set_only),
        TEST(survives_a_full_table_of_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
