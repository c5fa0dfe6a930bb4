/* What a plugin may touch: its own tables, by whatever way it asks. */
#include "fixture.h"

#include <string.h>

static int setup(void **state)
{
    const int result = fixture_setup(state);
    make_tables(*state, "shop",
                "CREATE TABLE shop_items (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);"
                "CREATE TABLE shop_log (text);"
                "CREATE INDEX shop_by_name ON shop_items (name);"
                "CREATE TRIGGER shop_added AFTER INSERT ON shop_items BEGIN"
                "    INSERT INTO shop_log VALUES (new.name); END;"
                "CREATE VIEW shop_names AS SELECT name FROM shop_items;"
                "CREATE VIRTUAL TABLE shop_text USING fts5 (name);"
                "CREATE VIRTUAL TABLE shop_boxes USING rtree (id, x0, x1);");
    make_tables(*state, "vault",
                "CREATE TABLE vault_gold (bars); CREATE TABLE vault_keys (k);"
                "INSERT INTO vault_gold VALUES (12);");
    return result;
}

static void allows(struct fixture *fixture, const char *sql)
{
    if (run(fixture, "shop", sql) != JM_OK) {
        fail_msg("%s", fixture->err.text);
    }
}

static void denies(struct fixture *fixture, const char *sql)
{
    const jm_status status = run(fixture, "shop", sql);
    if (status != JM_EACCES) {
        fail_msg("%d for %s: %s", status, sql, fixture->err.text);
    }
    assert_says(fixture, "Plugin 'shop' may not");
}

static void the_own_tables_are_open(void **state)
{
    struct fixture *fixture = *state;
    allows(fixture, "INSERT INTO shop_items (name) VALUES ('pear') RETURNING id");
    allows(fixture, "INSERT INTO shop_items (id, name) VALUES (1, 'fig')"
                    " ON CONFLICT (id) DO UPDATE SET name = excluded.name");
    allows(fixture, "UPDATE SHOP_ITEMS SET name = 'apple'");
    allows(fixture, "SELECT count(*) FROM SHOP_ITEMS");
    assert_int_equal(ask(fixture, "shop", "SELECT count(*) FROM shop_log"), 1);
    assert_int_equal(ask(fixture, "shop", "SELECT count(*) FROM shop_names"), 1);
    allows(fixture, "DELETE FROM shop_items");
}

static void sql_is_open(void **state)
{
    struct fixture *fixture = *state;
    allows(fixture, "WITH some AS (SELECT 1) SELECT count(*) FROM some");
    allows(fixture, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5)"
                    " SELECT sum(i) FROM n");
    allows(fixture, "SELECT count(*) FROM (SELECT 1) AS inner_one");
    allows(fixture, "SELECT value FROM json_each('[1, 2]')");
    allows(fixture, "SELECT count(*) FROM json_each('[1, 2]')");
    allows(fixture, "SELECT upper('x'), datetime('now'), json_extract('{\"a\": 1}', '$.a')");
}

static void full_text_and_boxes_are_open(void **state)
{
    struct fixture *fixture = *state;
    allows(fixture, "INSERT INTO shop_text VALUES ('ripe pears')");
    allows(fixture, "INSERT INTO shop_text (shop_text) VALUES ('optimize')");
    assert_int_equal(ask(fixture, "shop", "SELECT count(*) FROM shop_text('pears')"), 1);
    allows(fixture, "INSERT INTO shop_boxes VALUES (1, 0, 10)");
    assert_int_equal(ask(fixture, "shop", "SELECT id FROM shop_boxes WHERE x1 > 5"), 1);
    assert_int_equal(jmh_store_commit(fixture->store, &fixture->err), JM_OK);
    assert_int_equal(ask(fixture, "shop", "SELECT count(*) FROM shop_text('ripe')"), 1);
}

static void the_tables_of_others_are_closed(void **state)
{
    struct fixture *fixture = *state;
    denies(fixture, "SELECT bars FROM vault_gold");
    assert_says(fixture, "vault_gold");
    denies(fixture, "SELECT count(*) FROM vault_gold");
    denies(fixture, "SELECT 1 FROM vault_gold");
    denies(fixture, "SELECT (SELECT max(bars) FROM vault_gold)");
    denies(fixture, "SELECT name FROM shop_items WHERE EXISTS (SELECT 1 FROM vault_gold)");
    denies(fixture, "INSERT INTO shop_log SELECT bars FROM vault_gold");
    denies(fixture, "INSERT INTO vault_gold VALUES (1)");
    denies(fixture, "UPDATE vault_gold SET bars = 0");
    denies(fixture, "DELETE FROM vault_gold");
    denies(fixture, "SELECT body FROM junmai_events");
    denies(fixture, "UPDATE junmai_meta SET value = 1");
    assert_false(jmh_store_is_dirty(fixture->store));
}

static void the_hosts_tables_are_closed_to_a_namesake(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(run(fixture, "junmai", "SELECT value FROM junmai_meta"), JM_EACCES);
}

static void a_longer_name_is_another_plugin(void **state)
{
    struct fixture *fixture = *state;
    make_tables(fixture, "shopping", "CREATE TABLE shopping_list (x)");
    assert_int_equal(ask(fixture, "shopping", "SELECT count(x) FROM shopping_list"), 0);
    denies(fixture, "SELECT x FROM shopping_list");
    denies(fixture, "DELETE FROM shopping_list");
}

static void the_schema_is_closed(void **state)
{
    struct fixture *fixture = *state;
    denies(fixture, "SELECT sql FROM sqlite_schema");
    denies(fixture, "SELECT count(*) FROM sqlite_master");
    denies(fixture, "SELECT name FROM pragma_table_info('vault_gold')");
    denies(fixture, "UPDATE sqlite_sequence SET seq = 0");
    assert_int_not_equal(run(fixture, "shop", "DELETE FROM sqlite_master"), JM_OK);
    denies(fixture, "CREATE TABLE shop_more (x)");
    assert_says(fixture, "migrations");
    denies(fixture, "DROP TABLE shop_log");
    denies(fixture, "ALTER TABLE shop_log ADD COLUMN x");
    denies(fixture, "CREATE INDEX shop_i ON shop_items (name)");
    denies(fixture, "DROP TRIGGER shop_added");
    denies(fixture, "CREATE TEMP TABLE shop_temp (x)");
    denies(fixture, "REINDEX shop_by_name");
    denies(fixture, "ANALYZE");
}

static void the_connection_is_closed(void **state)
{
    struct fixture *fixture = *state;
    denies(fixture, "BEGIN");
    denies(fixture, "COMMIT");
    denies(fixture, "ROLLBACK");
    denies(fixture, "SAVEPOINT mine");
    denies(fixture, "RELEASE junmai_call");
    denies(fixture, "ATTACH '/tmp/other.db' AS other");
    denies(fixture, "DETACH main");
    denies(fixture, "PRAGMA foreign_keys = OFF");
    denies(fixture, "PRAGMA synchronous = OFF");
    denies(fixture, "PRAGMA page_size = 512");
    denies(fixture, "SELECT load_extension('/tmp/x.so')");
    /* Which a transaction forbids, and every write is in one. */
    assert_int_not_equal(run(fixture, "shop", "VACUUM"), JM_OK);
}

static void one_plugins_statement_is_not_anothers(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(ask(fixture, "vault", "SELECT bars FROM vault_gold"), 12);
    denies(fixture, "SELECT bars FROM vault_gold");
    assert_int_equal(ask(fixture, NULL, "SELECT bars FROM vault_gold"), 12);
    denies(fixture, "SELECT bars FROM vault_gold");
}

static void a_kept_statement_stays_whose_it_is(void **state)
{
    struct fixture *fixture = *state;
    const jm_migration migrations[] = {
        {.version = 1, .sql = "CREATE VIEW spy_view AS SELECT 1 AS bars"},
        {.version = 2,
         .sql = "DROP VIEW spy_view;"
                "CREATE VIEW spy_view AS SELECT bars FROM vault_gold"},
    };
    const char *sql = "SELECT bars FROM spy_view";
    assert_int_equal(jmh_store_migrate(fixture->store, "spy", migrations, 1, &fixture->err), JM_OK);
    assert_int_equal(ask(fixture, "spy", sql), 1);
    /* The schema has changed: SQLite prepares the statement again when it runs. */
    assert_int_equal(jmh_store_migrate(fixture->store, "spy", migrations, 2, &fixture->err), JM_OK);
    assert_int_equal(run(fixture, "spy", sql), JM_EACCES);
    assert_int_equal(ask(fixture, NULL, sql), 12);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_own_tables_are_open),
        TEST(sql_is_open),
        TEST(full_text_and_boxes_are_open),
        TEST(the_tables_of_others_are_closed),
        TEST(the_hosts_tables_are_closed_to_a_namesake),
        TEST(a_longer_name_is_another_plugin),
        TEST(the_schema_is_closed),
        TEST(the_connection_is_closed),
        TEST(one_plugins_statement_is_not_anothers),
        TEST(a_kept_statement_stays_whose_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
