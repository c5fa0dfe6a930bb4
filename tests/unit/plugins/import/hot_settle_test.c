/* When a file is taken, in virtual time. */
#include "hot_settle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SETTLE 1000u

static const struct hot_sighting whole = {
    .there = true,
    .signature = {.size = 100, .mtime_ns = 1, .ctime_ns = 2, .inode = 3},
};

static enum hot_step look(struct hot_settle *settle, const struct hot_sighting *sighting,
                          uint64_t now_ms)
{
    return hot_settle_look(settle, sighting, now_ms, SETTLE);
}

static void test_same_for_a_while(void **state)
{
    struct hot_settle settle = {0};
    (void)state;
    assert_int_equal(look(&settle, &whole, 5000), HOT_WAIT);
    assert_int_equal(settle.due_ms, 6000);
    assert_int_equal(look(&settle, &whole, 5999), HOT_WAIT);
    assert_int_equal(settle.due_ms, 6000);
    assert_int_equal(look(&settle, &whole, 6000), HOT_TAKE);
}

/* Any of the four starts it anew, for however long it goes on. */
static void test_changes(void **state)
{
    struct hot_settle settle = {0};
    struct hot_sighting now = whole;
    uint64_t at_ms = 0;
    (void)state;
    for (int i = 0; i < 4000; i++) {
        now.signature.size += i % 4 == 0;
        now.signature.mtime_ns += i % 4 == 1;
        now.signature.ctime_ns += i % 4 == 2;
        now.signature.inode += i % 4 == 3;
        at_ms += SETTLE;
        assert_int_equal(look(&settle, &now, at_ms), HOT_WAIT);
        assert_int_equal(settle.due_ms, at_ms + SETTLE);
    }
    assert_int_equal(look(&settle, &now, at_ms + SETTLE), HOT_TAKE);
}

static void test_open_for_writing(void **state)
{
    struct hot_settle settle = {0};
    struct hot_sighting written = whole;
    (void)state;
    written.written = true;
    look(&settle, &written, 0);
    for (uint64_t at_ms = SETTLE; at_ms < 100 * SETTLE; at_ms += SETTLE) {
        assert_int_equal(look(&settle, &written, at_ms), HOT_WAIT);
        assert_int_equal(settle.due_ms, at_ms + SETTLE);
    }
    assert_int_equal(look(&settle, &whole, 100 * SETTLE), HOT_TAKE);
}

static void test_empty(void **state)
{
    struct hot_settle settle = {0};
    struct hot_sighting empty = {.there = true};
    uint64_t before_ms = 0;
    (void)state;
    look(&settle, &empty, 0);
    for (int i = 0; i < 30; i++) {
        uint64_t now_ms = settle.due_ms;
        assert_int_equal(look(&settle, &empty, now_ms), HOT_WAIT);
        assert_true(settle.due_ms - now_ms >= before_ms);
        before_ms = settle.due_ms - now_ms;
    }
    assert_int_equal(before_ms, HOT_RETRY_MAX_MS);
    look(&settle, &whole, settle.due_ms);
    assert_int_equal(look(&settle, &whole, settle.due_ms), HOT_TAKE);
}

static void test_gone(void **state)
{
    struct hot_settle settle = {0};
    const struct hot_sighting gone = {0};
    (void)state;
    assert_int_equal(look(&settle, &gone, 0), HOT_GONE);
    look(&settle, &whole, 0);
    assert_int_equal(look(&settle, &gone, SETTLE), HOT_GONE);
}

/* Refused, it is taken again at growing distances, and at once when it changes or is touched. */
static void test_refusals(void **state)
{
    struct hot_settle settle = {0};
    struct hot_sighting longer = whole;
    uint64_t now_ms = SETTLE;
    (void)state;
    look(&settle, &whole, 0);
    for (unsigned i = 0; i < 20; i++) {
        assert_int_equal(look(&settle, &whole, now_ms), HOT_TAKE);
        hot_settle_refuse(&settle, now_ms, HOT_RETRY_MAX_MS);
        assert_int_equal(settle.due_ms, now_ms + hot_backoff_ms(i, HOT_RETRY_MAX_MS));
        now_ms = settle.due_ms;
    }
    hot_settle_touch(&settle, now_ms);
    assert_int_equal(settle.due_ms, now_ms);
    hot_settle_refuse(&settle, now_ms, HOT_RETRY_MAX_MS);
    assert_int_equal(settle.due_ms, now_ms + hot_backoff_ms(0, HOT_RETRY_MAX_MS));
    longer.signature.size++;
    assert_int_equal(look(&settle, &longer, now_ms), HOT_WAIT);
    assert_int_equal(settle.refusals, 0);
    assert_int_equal(look(&settle, &longer, now_ms + SETTLE), HOT_TAKE);
}

static void test_backoff(void **state)
{
    (void)state;
    assert_int_equal(hot_backoff_ms(0, HOT_RETRY_MAX_MS), 2000);
    assert_int_equal(hot_backoff_ms(1, HOT_RETRY_MAX_MS), 4000);
    assert_int_equal(hot_backoff_ms(11, HOT_RETRY_MAX_MS), HOT_RETRY_MAX_MS);
    assert_int_equal(hot_backoff_ms(4000000000u, HOT_RETRY_MAX_MS), HOT_RETRY_MAX_MS);
    assert_int_equal(hot_backoff_ms(9, HOT_AGAIN_MAX_MS), HOT_AGAIN_MAX_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_for_a_while),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_open_for_writing),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_gone),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_backoff),
    };
    return cmocka_run_group_tests_name("settling", tests, NULL, NULL);
}
