/* Losses: what is told of them, when, and once; what resuming means. */
#include "world.h"

#include "fake_store.h"

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

static void tells_what_a_lapped_cursor_has_lost(void **state)
{
    struct received received;
    (void)state;
    struct jmh_cursor cursor = world_cursor(&world);
    world_join(&world, &cursor, "jobs", NULL, NOW);
    publish("jobs", D, 2);
    publish("jobs", 0, 2);                  /* 3, 4: lost */
    publish("jobs", JMH_ENTRY_INJECTED, 1); /* no loss */
    publish("jobs", D, 1);
    publish("photos", 0, 100);
    assert_int_equal(world_read(&world, &cursor, JMH_FORM_WS, 1, &received), JM_OK);
    assert_true(received.missed_from == 1 && received.missed_to == 4);
    assert_true(received.count == 1 && received.seqs[0] == 1);
    assert_int_equal(world_read(&world, &cursor, JMH_FORM_WS, 1, &received), JM_OK);
    assert_int_equal(received.missed_to, 0); /* once */
    assert_true(received.count == 1 && received.seqs[0] == 2);
    EXPECT(&cursor, 6);
    assert_null(cursor.backlog);
    end(&cursor);
}

/* What was lost before the subscription is not missed by it. */
static void tells_no_loss_from_before(void **state)
{
    struct received received;
    (void)state;
    struct jmh_cursor cursor = world_cursor(&world);
    world_join(&world, &cursor, "jobs", NULL, NOW);
    publish("photos", 0, 10);
    publish("system", 0, 100);
    world_join(&world, &cursor, "photos", NULL, NOW);
    assert_int_equal(world_read(&world, &cursor, JMH_FORM_WS, 100, &received), JM_OK);
    assert_int_equal(received.missed_to, 0);
    end(&cursor);
}

/* A slow replay is overtaken by the ring: nothing may be lost in silence. */
static void tells_what_is_lost_during_a_replay(void **state)
{
    struct received received;
    (void)state;
    publish("jobs", 0, 40);
    struct jmh_cursor cursor = world_cursor(&world);
    struct jmh_resume resume =
        jmh_reader_judge(world.reader, world_channel(&world, "jobs"), 0, true);
    assert_true(resume.recovered);
    world_join(&world, &cursor, "jobs", NULL, 0);
    assert_int_equal(world_read(&world, &cursor, JMH_FORM_WS, 1, &received), JM_OK);
    assert_true(received.count == 1 && received.missed_to == 0);
    publish("photos", 0, 44); /* the ring of 64 begins at 21 */
    assert_int_equal(jmh_log_tail(world.log), 21);
    assert_int_equal(world_read(&world, &cursor, JMH_FORM_WS, 1, &received), JM_OK);
    assert_true(received.missed_from == 2 && received.missed_to == 20);
    assert_true(received.count == 1 && received.seqs[0] == 21);
    assert_int_equal(world_read(&world, &cursor, JMH_FORM_WS, 1, &received), JM_OK);
    assert_true(received.missed_to == 0 && received.seqs[0] == 22);
    end(&cursor);
}

/* Retention can overtake a cursor as well. */
static void tells_what_retention_has_removed(void **state)
{
    struct received received;
    (void)state;
    struct jmh_cursor cursor = world_cursor(&world);
    world_join(&world, &cursor, "jobs", NULL, NOW);
    publish("jobs", D, 200);
    fake_store_trim(50);
    assert_int_equal(world_read(&world, &cursor, JMH_FORM_WS, 1, &received), JM_OK);
    assert_true(received.missed_from == 1 && received.missed_to == 50);
    assert_true(received.count == 1 && received.seqs[0] == 51);
    end(&cursor);
}

static void judges_what_can_be_recovered(void **state)
{
    (void)state;
    uint32_t jobs = world_channel(&world, "jobs");
    publish("jobs", D, 100); /* the ring begins at 37 */
    assert_true(jmh_reader_judge(world.reader, jobs, 0, false).recovered);
    assert_true(jmh_reader_judge(world.reader, jobs, 100, true).recovered);
    assert_false(jmh_reader_judge(world.reader, jobs, 101, true).recovered);
    assert_int_equal(jmh_reader_judge(world.reader, jobs, 101, true).missed_to, 0);

    fake_store_trim(20);
    struct jmh_resume resume = jmh_reader_judge(world.reader, jobs, 10, false);
    assert_true(!resume.recovered && resume.missed_from == 11 && resume.missed_to == 20);
    assert_true(jmh_reader_judge(world.reader, jobs, 20, false).recovered);
    assert_false(jmh_reader_judge(world.reader, JMH_CHANNEL_ALL, 19, false).recovered);
    assert_true(
        jmh_reader_judge(world.reader, world_channel(&world, "photos"), 0, false).recovered);

    /* removed from the store, but in the ring: nothing is missing */
    fake_store_trim(60);
    assert_true(jmh_reader_judge(world.reader, jobs, 36, false).recovered);
    resume = jmh_reader_judge(world.reader, jobs, 30, false);
    assert_true(!resume.recovered && resume.missed_to == 36);

    publish("photos", 0, 1);
    publish("jobs", D, 64);
    assert_true(
        jmh_reader_judge(world.reader, world_channel(&world, "photos"), 101, true).recovered);
    resume = jmh_reader_judge(world.reader, world_channel(&world, "photos"), 99, true);
    assert_true(!resume.recovered && resume.missed_from == 100 && resume.missed_to == 101);
}

/* A run before this one: durable events are there, plain memory events are not. */
static void judges_across_a_restart(void **state)
{
    (void)state;
    world_close(&world);
    world_open(&world, 5000, 1 << 16, 64);
    uint32_t jobs = world_channel(&world, "jobs");
    fake_store_add(17, "jobs", "t", "{\"seq\":5000,\"pad\":\"0\"}");
    world.pads[0] = 1;
    assert_true(jmh_reader_judge(world.reader, jobs, 16, false).recovered);
    struct jmh_resume resume = jmh_reader_judge(world.reader, jobs, 16, true);
    assert_true(!resume.recovered && resume.missed_from == 17 && resume.missed_to == 4999);
    assert_true(jmh_reader_judge(world.reader, jobs, 4999, true).recovered);

    struct received received;
    struct jmh_cursor cursor = world_cursor(&world);
    world_join(&world, &cursor, "jobs", NULL, 16);
    assert_int_equal(world_read(&world, &cursor, JMH_FORM_WS, 100, &received), JM_OK);
    assert_int_equal(received.count, 1);
    end(&cursor);
}

static void a_store_that_fails_costs_nothing(void **state)
{
    struct received received;
    (void)state;
    publish("jobs", D, 100);
    struct jmh_cursor cursor = world_cursor(&world);
    world_join(&world, &cursor, "jobs", NULL, 0);
    fake_store_fail_after(3);
    assert_int_equal(world_read(&world, &cursor, JMH_FORM_WS, 65536, &received), JM_EIO);
    fake_store_fail_after(-1);
    assert_int_equal(world_read(&world, &cursor, JMH_FORM_WS, 65536, &received), JM_OK);
    assert_true(received.count == 100 && received.seqs[0] == 1);

    /* what a replay has brought is not lost because the events behind it cannot be read */
    world_join(&world, &cursor, "jobs", NULL, 98);
    publish("jobs", D, 100);
    fake_store_fail_after(2);
    assert_int_equal(world_read(&world, &cursor, JMH_FORM_WS, 65536, &received), JM_OK);
    assert_true(received.count == 2 && received.seqs[0] == 99 && received.seqs[1] == 100);
    assert_int_equal(world_read(&world, &cursor, JMH_FORM_WS, 65536, &received), JM_EIO);
    fake_store_fail_after(-1);
    assert_int_equal(world_read(&world, &cursor, JMH_FORM_WS, 65536, &received), JM_OK);
    assert_true(received.count == 100 && received.seqs[0] == 101);
    end(&cursor);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tells_what_a_lapped_cursor_has_lost), TEST(tells_no_loss_from_before),
        TEST(tells_what_is_lost_during_a_replay),  TEST(tells_what_retention_has_removed),
        TEST(judges_what_can_be_recovered),        TEST(judges_across_a_restart),
        TEST(a_store_that_fails_costs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
