/* Running statements: values, rows, results, and the sentences of what fails. */
#include "fixture.h"

#include <string.h>

static int setup(void **state)
{
    const int result = fixture_setup(state);
    make_tables(*state, "shop", "CREATE TABLE shop_items (id INTEGER PRIMARY KEY, value)");
    return result;
}

#define INSERT "INSERT INTO shop_items (value) VALUES (?1)"

static jm_status exec(struct fixture *fixture, const char *sql, const jm_value *args, size_t count,
                      jm_exec_result *result_out)
{
    return jmh_store_exec(fixture->store, "shop", sql, args, count, NULL, NULL, result_out,
                          &fixture->err);
}

static jm_status compare_value(void *user, const jm_value *columns, size_t count)
{
    const jm_value *expected = user;
    assert_int_equal(count, 1);
    assert_int_equal(columns[0].type, expected->type);
    switch (expected->type) {
    case JM_VALUE_INT:
        assert_true(columns[0].integer == expected->integer);
        break;
    case JM_VALUE_REAL:
        assert_true(columns[0].real == expected->real);
        break;
    case JM_VALUE_TEXT:
    case JM_VALUE_BLOB:
        assert_non_null(columns[0].bytes.ptr);
        assert_int_equal(columns[0].bytes.len, expected->bytes.len);
        assert_memory_equal(columns[0].bytes.ptr, expected->bytes.ptr, expected->bytes.len);
        break;
    default:
        break;
    }
    return JM_OK;
}

static void keeps_every_kind_of_value(void **state)
{
    struct fixture *fixture = *state;
    jm_value values[] = {
        {.type = JM_VALUE_NULL},
        {.type = JM_VALUE_INT, .integer = INT64_MIN},
        {.type = JM_VALUE_INT, .integer = INT64_MAX},
        {.type = JM_VALUE_REAL, .real = 0.1},
        {.type = JM_VALUE_TEXT, .bytes = {"a\0b", 3}},
        {.type = JM_VALUE_TEXT, .bytes = {"", 0}},
        {.type = JM_VALUE_TEXT, .bytes = {"酒造り", 9}},
        {.type = JM_VALUE_BLOB, .bytes = {"\xff\0\xfe", 3}},
        {.type = JM_VALUE_BLOB, .bytes = {"", 0}},
    };
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        assert_int_equal(exec(fixture, "DELETE FROM shop_items", NULL, 0, NULL), JM_OK);
        assert_int_equal(exec(fixture, INSERT, &values[i], 1, NULL), JM_OK);
        assert_int_equal(jmh_store_exec(fixture->store, "shop", "SELECT value FROM shop_items",
                                        NULL, 0, compare_value, &values[i], NULL, &fixture->err),
                         JM_OK);
    }
}

static void takes_an_absent_span_for_an_empty_text(void **state)
{
    struct fixture *fixture = *state;
    const jm_value absent = {.type = JM_VALUE_TEXT};
    assert_int_equal(exec(fixture, INSERT, &absent, 1, NULL), JM_OK);
    assert_int_equal(ask(fixture, "shop", "SELECT value = '' FROM shop_items"), 1);
}

static void tells_changes_and_row_id(void **state)
{
    struct fixture *fixture = *state;
    const jm_value arg = {.type = JM_VALUE_INT, .integer = 1};
    jm_exec_result result = {0};
    assert_int_equal(exec(fixture, INSERT, &arg, 1, &result), JM_OK);
    assert_int_equal(result.changes, 1);
    assert_int_equal(result.last_row_id, 1);
    assert_int_equal(exec(fixture, INSERT, &arg, 1, &result), JM_OK);
    assert_int_equal(result.last_row_id, 2);
    assert_int_equal(exec(fixture, "UPDATE shop_items SET value = 5", NULL, 0, &result), JM_OK);
    assert_int_equal(result.changes, 2);
    assert_int_equal(result.last_row_id, 0);
    /* What an earlier statement changed is not told again. */
    assert_int_equal(exec(fixture, "SELECT 1", NULL, 0, &result), JM_OK);
    assert_int_equal(result.changes, 0);
    assert_int_equal(exec(fixture, "DELETE FROM shop_items WHERE id > 9", NULL, 0, &result), JM_OK);
    assert_int_equal(result.changes, 0);
}

static void refuses_a_wrong_number_of_arguments(void **state)
{
    struct fixture *fixture = *state;
    const jm_value args[2] = {{.type = JM_VALUE_NULL}, {.type = JM_VALUE_NULL}};
    assert_int_equal(exec(fixture, INSERT, args, 0, NULL), JM_EINVAL);
    assert_says(fixture, "0 arguments were given, 1 are wanted");
    assert_int_equal(exec(fixture, INSERT, args, 2, NULL), JM_EINVAL);
}

static void refuses_an_unknown_type(void **state)
{
    struct fixture *fixture = *state;
    const jm_value arg = {.type = 77};
    assert_int_equal(exec(fixture, INSERT, &arg, 1, NULL), JM_EINVAL);
    assert_says(fixture, "unknown type 77");
}

static void quotes_the_fault_of_a_statement(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(run(fixture, "shop", "SELECT colour FROM shop_items"), JM_EINVAL);
    assert_says(fixture, "no such column: colour");
    assert_says(fixture, "SELECT colour FROM shop_items");
    /* A misspelt name in quotes is no text. */
    assert_int_equal(run(fixture, "shop", "SELECT \"colour\" FROM shop_items"), JM_EINVAL);
}

static void refuses_more_or_less_than_one_statement(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(run(fixture, "shop", "SELECT 1; SELECT 2"), JM_EINVAL);
    assert_says(fixture, "one statement at a time");
    assert_int_equal(run(fixture, "shop", "SELECT 1; ; nonsense"), JM_EINVAL);
    assert_int_equal(run(fixture, "shop", " -- nothing\n"), JM_EINVAL);
    assert_int_equal(run(fixture, "shop", ""), JM_EINVAL);
    assert_int_equal(run(fixture, "shop", "SELECT 1; /* the end */ ; -- really\n"), JM_OK);
}

struct nested {
    struct fixture *fixture;
    jm_status exec;
    jm_status prepare;
    jm_status replay;
};

static bool no_event(void *user, const struct jmh_stored_event *event)
{
    (void)user;
    (void)event;
    return true;
}

static jm_status use_the_store(void *user, const jm_value *columns, size_t count)
{
    (void)columns;
    (void)count;
    struct nested *nested = user;
    nested->exec = run(nested->fixture, "shop", "DELETE FROM shop_items");
    /* Not even looked at: keeping it could drop the statement whose row this is. */
    nested->prepare = run(nested->fixture, "shop", "nonsense");
    nested->replay = jmh_store_replay(nested->fixture->store, NULL, 0, 0, 9, no_event, NULL, NULL);
    return JM_OK;
}

static void refuses_calls_from_a_row(void **state)
{
    struct fixture *fixture = *state;
    struct nested nested = {.fixture = fixture};
    assert_int_equal(jmh_store_exec(fixture->store, "shop", "SELECT 1", NULL, 0, use_the_store,
                                    &nested, NULL, &fixture->err),
                     JM_OK);
    assert_int_equal(nested.exec, JM_ESTATE);
    assert_int_equal(nested.prepare, JM_ESTATE);
    assert_int_equal(nested.replay, JM_ESTATE);
    assert_int_equal(run(fixture, "shop", "DELETE FROM shop_items"), JM_OK);
}

static jm_status give_up_at_two(void *user, const jm_value *columns, size_t count)
{
    (void)count;
    (*(int *)user)++;
    return columns[0].integer == 2 ? JM_ECANCELLED : JM_OK;
}

static void ends_where_the_row_callback_says(void **state)
{
    struct fixture *fixture = *state;
    int rows = 0;
    assert_int_equal(jmh_store_exec(fixture->store, "shop", "VALUES (1), (2), (3)", NULL, 0,
                                    give_up_at_two, &rows, NULL, &fixture->err),
                     JM_ECANCELLED);
    assert_string_equal(fixture->err.text, "");
    assert_int_equal(rows, 2);
    assert_false(jmh_store_is_dirty(fixture->store));
}

static jm_status count_columns(void *user, const jm_value *columns, size_t count)
{
    (void)columns;
    *(size_t *)user = count;
    return JM_OK;
}

static void sees_the_columns_of_a_changed_table(void **state)
{
    struct fixture *fixture = *state;
    const jm_migration migrations[] = {
        {.version = 1, .sql = "CREATE TABLE shop_items (id INTEGER PRIMARY KEY, value)"},
        {.version = 2, .sql = "ALTER TABLE shop_items ADD COLUMN price INTEGER DEFAULT 3"},
    };
    const char *sql = "SELECT * FROM shop_items";
    size_t columns = 0;
    run_turn(fixture, "shop", "INSERT INTO shop_items VALUES (1, 2)");
    assert_int_equal(jmh_store_exec(fixture->store, "shop", sql, NULL, 0, count_columns, &columns,
                                    NULL, &fixture->err),
                     JM_OK);
    assert_int_equal(columns, 2);
    assert_int_equal(jmh_store_migrate(fixture->store, "shop", migrations, 2, &fixture->err),
                     JM_OK);
    assert_int_equal(jmh_store_exec(fixture->store, "shop", sql, NULL, 0, count_columns, &columns,
                                    NULL, &fixture->err),
                     JM_OK);
    assert_int_equal(columns, 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(keeps_every_kind_of_value),
        TEST(takes_an_absent_span_for_an_empty_text),
        TEST(tells_changes_and_row_id),
        TEST(refuses_a_wrong_number_of_arguments),
        TEST(refuses_an_unknown_type),
        TEST(quotes_the_fault_of_a_statement),
        TEST(refuses_more_or_less_than_one_statement),
        TEST(refuses_calls_from_a_row),
        TEST(ends_where_the_row_callback_says),
        TEST(sees_the_columns_of_a_changed_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
