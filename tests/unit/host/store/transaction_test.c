/* One transaction per turn, one savepoint per call. */
#include "fixture.h"

#include "host/store/sqlite.h"
#include "host/util/span.h"

#include <stdio.h>

static int setup(void **state)
{
    const int result = fixture_setup(state);
    make_tables(*state, "shop",
                "CREATE TABLE shop_items (name TEXT UNIQUE);"
                "CREATE TABLE shop_parents (id INTEGER PRIMARY KEY);"
                "CREATE TABLE shop_children (parent INTEGER REFERENCES shop_parents (id)"
                "    DEFERRABLE INITIALLY DEFERRED);");
    return result;
}

static jm_status add(struct fixture *fixture, const char *name)
{
    const jm_value arg = {.type = JM_VALUE_TEXT, .bytes = jmh_span(name)};
    return jmh_store_exec(fixture->store, "shop", "INSERT INTO shop_items VALUES (?1)", &arg, 1,
                          NULL, NULL, NULL, &fixture->err);
}

static int64_t items(struct fixture *fixture)
{
    return ask(fixture, "shop", "SELECT count(*) FROM shop_items");
}

static bool has(struct fixture *fixture, const char *name)
{
    char sql[128];
    (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM shop_items WHERE name = '%s'", name);
    return ask(fixture, "shop", sql) == 1;
}

/* A call that adds an item and ends with `ok`. */
static jm_status call(struct fixture *fixture, const char *name, bool ok)
{
    jmh_store_begin_call(fixture->store);
    assert_int_equal(add(fixture, name), JM_OK);
    return jmh_store_end_call(fixture->store, ok);
}

static jm_status commit(struct fixture *fixture)
{
    return jmh_store_commit(fixture->store, &fixture->err);
}

static void a_read_begins_nothing(void **state)
{
    struct fixture *fixture = *state;
    const uint64_t commits = jmh_store_stats(fixture->store).commits;
    jmh_store_begin_call(fixture->store);
    assert_int_equal(items(fixture), 0);
    assert_false(jmh_store_is_dirty(fixture->store));
    assert_int_equal(jmh_store_end_call(fixture->store, true), JM_OK);
    assert_int_equal(commit(fixture), JM_OK);
    assert_int_equal(jmh_store_stats(fixture->store).commits, commits);
}

static void a_write_begins_the_turn(void **state)
{
    struct fixture *fixture = *state;
    struct jmh_sqlite *other = jmh_sqlite_open(fixture_path(fixture, "junmai.db"), &fixture->err);
    assert_non_null(other);
    assert_int_equal(add(fixture, "a"), JM_OK);
    assert_true(jmh_store_is_dirty(fixture->store));
    /* Nobody else can write meanwhile: it is an immediate transaction. */
    assert_int_equal(jmh_sqlite_script(other, NULL, "BEGIN IMMEDIATE", &fixture->err), JM_EBUSY);
    assert_int_equal(commit(fixture), JM_OK);
    assert_false(jmh_store_is_dirty(fixture->store));
    assert_int_equal(jmh_sqlite_script(other, NULL, "BEGIN IMMEDIATE", &fixture->err), JM_OK);
    jmh_sqlite_close(other);
}

static void a_foreign_lock_is_busy_for_one_call(void **state)
{
    struct fixture *fixture = *state;
    struct jmh_sqlite *other = jmh_sqlite_open(fixture_path(fixture, "junmai.db"), &fixture->err);
    assert_non_null(other);
    assert_int_equal(jmh_sqlite_script(other, NULL, "BEGIN IMMEDIATE", &fixture->err), JM_OK);
    assert_int_equal(add(fixture, "a"), JM_EBUSY);
    assert_false(jmh_store_is_dirty(fixture->store));
    jmh_sqlite_close(other);
    assert_int_equal(add(fixture, "a"), JM_OK);
    assert_int_equal(commit(fixture), JM_OK);
}

static void a_rollback_takes_the_turn_back(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(call(fixture, "a", true), JM_OK);
    assert_int_equal(add(fixture, "b"), JM_OK);
    jmh_store_rollback(fixture->store);
    assert_false(jmh_store_is_dirty(fixture->store));
    assert_int_equal(items(fixture), 0);
}

static void closing_commits_nothing(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(add(fixture, "a"), JM_OK);
    fixture_reopen(fixture, "first boot");
    assert_int_equal(items(fixture), 0);
}

static void a_failed_call_takes_back_its_own_writes(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(call(fixture, "first", true), JM_OK);
    assert_int_equal(call(fixture, "second", false), JM_OK);
    assert_int_equal(call(fixture, "third", true), JM_OK);
    assert_int_equal(add(fixture, "of nobody"), JM_OK);
    assert_int_equal(commit(fixture), JM_OK);
    assert_int_equal(items(fixture), 3);
    assert_false(has(fixture, "second"));
}

static void a_failed_first_call_takes_back_its_own_writes(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(call(fixture, "first", false), JM_OK);
    assert_int_equal(call(fixture, "second", true), JM_OK);
    assert_int_equal(commit(fixture), JM_OK);
    assert_int_equal(items(fixture), 1);
    assert_true(has(fixture, "second"));
}

static void a_call_that_only_read_takes_nothing_back(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(add(fixture, "a"), JM_OK);
    jmh_store_begin_call(fixture->store);
    assert_int_equal(items(fixture), 1);
    assert_int_equal(jmh_store_end_call(fixture->store, false), JM_OK);
    assert_int_equal(items(fixture), 1);
}

static void a_failed_statement_leaves_the_call_alone(void **state)
{
    struct fixture *fixture = *state;
    jmh_store_begin_call(fixture->store);
    assert_int_equal(add(fixture, "a"), JM_OK);
    assert_int_equal(add(fixture, "a"), JM_EEXIST);
    assert_says(fixture, "UNIQUE");
    assert_int_equal(add(fixture, "b"), JM_OK);
    assert_int_equal(jmh_store_end_call(fixture->store, true), JM_OK);
    assert_int_equal(commit(fixture), JM_OK);
    assert_int_equal(items(fixture), 2);
}

static void a_broken_deferred_key_fails_its_call_alone(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(call(fixture, "good", true), JM_OK);
    jmh_store_begin_call(fixture->store);
    assert_int_equal(run(fixture, "shop", "INSERT INTO shop_children VALUES (7)"), JM_OK);
    assert_int_equal(jmh_store_end_call(fixture->store, true), JM_EINVAL);
    jmh_store_begin_call(fixture->store);
    assert_int_equal(run(fixture, "shop", "INSERT INTO shop_children VALUES (8)"), JM_OK);
    assert_int_equal(run(fixture, "shop", "INSERT INTO shop_parents VALUES (8)"), JM_OK);
    assert_int_equal(jmh_store_end_call(fixture->store, true), JM_OK);
    assert_int_equal(commit(fixture), JM_OK);
    assert_true(has(fixture, "good"));
    assert_int_equal(ask(fixture, "shop", "SELECT count(*) FROM shop_children"), 1);
}

static void a_turn_that_sqlite_ends_fails_as_a_whole(void **state)
{
    struct fixture *fixture = *state;
    run_turn(fixture, "shop", "INSERT INTO shop_items VALUES ('there')");
    const uint64_t failed = jmh_store_stats(fixture->store).failed_commits;
    assert_int_equal(call(fixture, "before", true), JM_OK);
    jmh_store_begin_call(fixture->store);
    assert_int_equal(run(fixture, "shop", "INSERT OR ROLLBACK INTO shop_items VALUES ('there')"),
                     JM_EEXIST);
    assert_int_equal(add(fixture, "in the same call"), JM_EEXIST);
    assert_int_equal(jmh_store_end_call(fixture->store, true), JM_EEXIST);
    assert_true(jmh_store_is_dirty(fixture->store));
    assert_int_equal(add(fixture, "behind it"), JM_EEXIST);
    assert_says(fixture, "UNIQUE");
    assert_int_equal(commit(fixture), JM_EEXIST);
    assert_says(fixture, "UNIQUE");
    assert_int_equal(jmh_store_stats(fixture->store).failed_commits, failed + 1);
    assert_int_equal(items(fixture), 1);
    assert_int_equal(call(fixture, "next turn", true), JM_OK);
    assert_int_equal(commit(fixture), JM_OK);
    assert_int_equal(items(fixture), 2);
}

static void commit_many(struct fixture *fixture)
{
    char name[32];
    for (int i = 0; i < 50; i++) {
        (void)snprintf(name, sizeof name, "item %d", i);
        assert_int_equal(call(fixture, name, true), JM_OK);
        assert_int_equal(commit(fixture), JM_OK);
    }
    assert_int_equal(append(fixture, 1, "shop"), JM_OK);
    assert_int_equal(commit(fixture), JM_OK);
    assert_int_equal(append(fixture, 2, "shop"), JM_OK);
    assert_int_equal(call(fixture, "never committed", true), JM_OK);
}

static void a_killed_process_leaves_what_it_committed(void **state)
{
    struct fixture *fixture = *state;
    fixture_crash(fixture, commit_many);
    fixture_open(fixture);
    assert_int_equal(items(fixture), 50);
    assert_false(has(fixture, "never committed"));
    assert_int_equal(ask(fixture, NULL, "SELECT max(seq) FROM junmai_events"), 1);
    assert_int_equal(jmh_store_stats(fixture->store).events, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_read_begins_nothing),
        TEST(a_write_begins_the_turn),
        TEST(a_foreign_lock_is_busy_for_one_call),
        TEST(a_rollback_takes_the_turn_back),
        TEST(closing_commits_nothing),
        TEST(a_failed_call_takes_back_its_own_writes),
        TEST(a_failed_first_call_takes_back_its_own_writes),
        TEST(a_call_that_only_read_takes_nothing_back),
        TEST(a_failed_statement_leaves_the_call_alone),
        TEST(a_broken_deferred_key_fails_its_call_alone),
        TEST(a_turn_that_sqlite_ends_fails_as_a_whole),
        TEST(a_killed_process_leaves_what_it_committed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
