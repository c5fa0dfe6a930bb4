/* Blocks of sequence numbers: none is ever given twice, whatever becomes of the turn. */
#include "fixture.h"

static uint64_t reserve(struct fixture *fixture)
{
    uint64_t first = 0;
    if (jmh_store_reserve_seq(fixture->store, &first, &fixture->err) != JM_OK) {
        fail_msg("%s", fixture->err.text);
    }
    return first;
}

static int64_t stored(struct fixture *fixture)
{
    return ask(fixture, NULL,
               "SELECT ifnull(max(value), 0) FROM junmai_meta WHERE key = 'next_seq'");
}

static void reserve_one(struct fixture *fixture)
{
    (void)reserve(fixture);
}

static void blocks_follow_each_other(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(reserve(fixture), 1);
    assert_int_equal(reserve(fixture), 1 + JMH_SEQ_BLOCK);
    fixture_reopen(fixture, "first boot");
    assert_int_equal(reserve(fixture), 1 + 2 * JMH_SEQ_BLOCK);
}

static void a_block_outside_a_turn_survives_a_crash(void **state)
{
    struct fixture *fixture = *state;
    fixture_crash(fixture, reserve_one);
    fixture_open(fixture);
    assert_int_equal(reserve(fixture), 1 + JMH_SEQ_BLOCK);
}

static void a_block_in_a_clean_call_is_stored_at_once(void **state)
{
    struct fixture *fixture = *state;
    jmh_store_begin_call(fixture->store);
    const uint64_t first = reserve(fixture);
    assert_false(jmh_store_is_dirty(fixture->store));
    assert_int_equal(stored(fixture), first + JMH_SEQ_BLOCK);
    /* The call has its savepoint afterwards as before. */
    assert_int_equal(append(fixture, 1, "x"), JM_OK);
    assert_int_equal(jmh_store_end_call(fixture->store, false), JM_OK);
    assert_int_equal(jmh_store_commit(fixture->store, &fixture->err), JM_OK);
    assert_int_equal(ask(fixture, NULL, "SELECT count(*) FROM junmai_events"), 0);
}

static void a_block_is_stored_with_its_turn(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(append(fixture, 1, "x"), JM_OK);
    assert_int_equal(reserve(fixture), 1);
    assert_int_equal(stored(fixture), 0);
    assert_int_equal(jmh_store_commit(fixture->store, &fixture->err), JM_OK);
    assert_int_equal(stored(fixture), 1 + JMH_SEQ_BLOCK);
}

static void a_failed_call_does_not_take_it_back(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(append(fixture, 1, "x"), JM_OK);
    jmh_store_begin_call(fixture->store);
    assert_int_equal(append(fixture, 2, "x"), JM_OK);
    assert_int_equal(reserve(fixture), 1);
    assert_int_equal(jmh_store_end_call(fixture->store, false), JM_OK);
    assert_int_equal(jmh_store_commit(fixture->store, &fixture->err), JM_OK);
    assert_int_equal(stored(fixture), 1 + JMH_SEQ_BLOCK);
}

static void a_failed_turn_leaves_it_to_the_next(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(append(fixture, 1, "x"), JM_OK);
    assert_int_equal(reserve(fixture), 1);
    jmh_store_rollback(fixture->store);
    assert_int_equal(stored(fixture), 0);
    /* So the next turn is not over before the block is stored, even if it writes nothing else. */
    assert_true(jmh_store_is_dirty(fixture->store));
    assert_int_equal(jmh_store_commit(fixture->store, &fixture->err), JM_OK);
    assert_false(jmh_store_is_dirty(fixture->store));
    assert_int_equal(stored(fixture), 1 + JMH_SEQ_BLOCK);
    assert_int_equal(reserve(fixture), 1 + JMH_SEQ_BLOCK);
}

static void a_block_is_behind_every_stored_event(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(append(fixture, 5000, "x"), JM_OK);
    assert_int_equal(jmh_store_commit(fixture->store, &fixture->err), JM_OK);
    fixture_reopen(fixture, "first boot");
    assert_int_equal(reserve(fixture), 5001);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(blocks_follow_each_other),
        TEST(a_block_outside_a_turn_survives_a_crash),
        TEST(a_block_in_a_clean_call_is_stored_at_once),
        TEST(a_block_is_stored_with_its_turn),
        TEST(a_failed_call_does_not_take_it_back),
        TEST(a_failed_turn_leaves_it_to_the_next),
        TEST(a_block_is_behind_every_stored_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
