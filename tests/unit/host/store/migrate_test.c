/* Migrations: in order, once, all or none, and within the plugin's own names. */
#include "fixture.h"

#include <string.h>

static const jm_migration versions[] = {
    {.version = 1,
     .sql = "CREATE TABLE shop_items (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);"
            "CREATE INDEX shop_items_name ON shop_items (name);"
            "INSERT INTO shop_items (name) VALUES ('pear'), ('fig')"},
    {.version = 2,
     .sql = "ALTER TABLE shop_items ADD COLUMN price INTEGER NOT NULL DEFAULT 1"
            "    CHECK (price > 0);"
            "UPDATE shop_items SET price = 3 WHERE name = 'fig'; -- dear"},
    {.version = 3,
     .sql = "ALTER TABLE shop_items RENAME COLUMN price TO cents;"
            "DROP INDEX shop_items_name;"
            "ALTER TABLE shop_items DROP COLUMN name;"},
};

static jm_status migrate(struct fixture *fixture, const char *owner, const jm_migration *migrations,
                         size_t count)
{
    return jmh_store_migrate(fixture->store, owner, migrations, count, &fixture->err);
}

/* Version 1 of `owner` by that text. */
static jm_status try_sql(struct fixture *fixture, const char *owner, const char *sql)
{
    const jm_migration migration = {.version = 1, .sql = sql};
    return migrate(fixture, owner, &migration, 1);
}

static int64_t version_of(struct fixture *fixture)
{
    return ask(fixture, NULL,
               "SELECT ifnull(max(version), 0) FROM junmai_schemas WHERE owner = 'shop'");
}

static void runs_each_version_once(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(migrate(fixture, "shop", versions, 1), JM_OK);
    assert_int_equal(migrate(fixture, "shop", versions, 1), JM_OK);
    assert_int_equal(ask(fixture, "shop", "SELECT count(*) FROM shop_items"), 2);
    assert_int_equal(migrate(fixture, "shop", versions, 3), JM_OK);
    assert_int_equal(ask(fixture, "shop", "SELECT sum(cents) FROM shop_items"), 4);
    fixture_reopen(fixture, "first boot");
    assert_int_equal(version_of(fixture), 3);
    assert_int_equal(migrate(fixture, "shop", versions, 3), JM_OK);
}

static void refuses_a_gap(void **state)
{
    struct fixture *fixture = *state;
    const jm_migration gap[] = {versions[0], versions[2]};
    assert_int_equal(migrate(fixture, "shop", gap, 2), JM_EINVAL);
    assert_says(fixture, "without a gap");
    assert_int_equal(version_of(fixture), 0);
}

static void refuses_an_older_build(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(migrate(fixture, "shop", versions, 3), JM_OK);
    assert_int_equal(migrate(fixture, "shop", versions, 2), JM_EINVAL);
    assert_says(fixture, "version 3");
    assert_says(fixture, "up to 2");
}

static void leaves_the_schema_when_one_fails(void **state)
{
    struct fixture *fixture = *state;
    const jm_migration broken[] = {
        versions[0], versions[1], {.version = 3, .sql = "CREATE TABLE shop_new (x); nonsense"}};
    assert_int_equal(migrate(fixture, "shop", versions, 1), JM_OK);
    assert_int_equal(migrate(fixture, "shop", broken, 3), JM_EINVAL);
    assert_says(fixture, "nonsense");
    assert_int_equal(version_of(fixture), 1);
    assert_int_equal(ask(fixture, NULL, "SELECT count(*) FROM pragma_table_info('shop_items')"), 2);
    assert_false(jmh_store_is_dirty(fixture->store));
    assert_int_equal(migrate(fixture, "shop", versions, 3), JM_OK);
}

static void refuses_the_middle_of_a_turn(void **state)
{
    struct fixture *fixture = *state;
    jmh_store_begin_call(fixture->store);
    assert_int_equal(migrate(fixture, "shop", versions, 1), JM_ESTATE);
    assert_int_equal(jmh_store_end_call(fixture->store, true), JM_OK);
    assert_int_equal(append(fixture, 1, "x"), JM_OK);
    assert_int_equal(migrate(fixture, "shop", versions, 1), JM_ESTATE);
    assert_int_equal(jmh_store_commit(fixture->store, &fixture->err), JM_OK);
    assert_int_equal(migrate(fixture, "shop", versions, 1), JM_OK);
}

static void keeps_to_its_own_names(void **state)
{
    static const char *const denied[] = {
        "CREATE TABLE items (x)",
        "CREATE TABLE vault_more (x)",
        "CREATE TABLE shopping (x)",
        "CREATE TABLE junmai_shop (x)",
        "CREATE TABLE shop_x (a); CREATE INDEX by_a ON shop_x (a)",
        "CREATE INDEX shop_i ON vault_gold (bars)",
        "CREATE TRIGGER shop_spy AFTER INSERT ON vault_gold BEGIN SELECT 1; END",
        "CREATE TABLE shop_copy AS SELECT bars FROM vault_gold",
        "CREATE VIRTUAL TABLE shop_words USING fts5vocab ('vault_text', 'row')",
        "CREATE TABLE shop_x (a); ALTER TABLE shop_x RENAME TO vault_x",
        "CREATE TABLE shop_x (a REFERENCES vault_gold (bars))",
        "DROP TABLE vault_gold",
        "ALTER TABLE vault_gold ADD COLUMN x",
        "PRAGMA writable_schema = ON",
        "COMMIT",
        "CREATE TEMP TABLE shop_x (a)",
    };
    struct fixture *fixture = *state;
    make_tables(fixture, "vault",
                "CREATE TABLE vault_gold (bars INTEGER PRIMARY KEY);"
                "CREATE VIRTUAL TABLE vault_text USING fts5 (x);");
    for (size_t i = 0; i < sizeof denied / sizeof denied[0]; i++) {
        const jm_status status = try_sql(fixture, "shop", denied[i]);
        if (status != JM_EACCES) {
            fail_msg("%d for %s: %s", status, denied[i], fixture->err.text);
        }
        assert_int_equal(version_of(fixture), 0);
        assert_int_equal(
            ask(fixture, NULL, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'shop%'"), 0);
    }
    assert_int_not_equal(try_sql(fixture, "shop", "DELETE FROM sqlite_schema"), JM_OK);
    assert_int_equal(ask(fixture, NULL, "SELECT count(*) FROM vault_gold"), 0);
}

static void a_view_shows_no_foreign_table(void **state)
{
    struct fixture *fixture = *state;
    make_tables(fixture, "vault", "CREATE TABLE vault_gold (bars)");
    /* SQLite looks into a view when it is read. */
    make_tables(fixture, "shop", "CREATE VIEW shop_gold AS SELECT bars FROM vault_gold");
    assert_int_equal(run(fixture, "shop", "SELECT bars FROM shop_gold"), JM_EACCES);
}

static void rebuilds_a_table_that_others_refer_to(void **state)
{
    struct fixture *fixture = *state;
    const jm_migration migrations[] = {
        {.version = 1,
         .sql = "CREATE TABLE shop_items (id INTEGER PRIMARY KEY, name TEXT);"
                "CREATE TABLE shop_sales (item REFERENCES shop_items (id) ON DELETE CASCADE);"
                "INSERT INTO shop_items VALUES (1, 'pear'); INSERT INTO shop_sales VALUES (1);"},
        {.version = 2,
         .sql = "CREATE TABLE shop_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
                "INSERT INTO shop_new SELECT id, name FROM shop_items;"
                "DROP TABLE shop_items;"
                "ALTER TABLE shop_new RENAME TO shop_items;"},
    };
    assert_int_equal(migrate(fixture, "shop", migrations, 1), JM_OK);
    assert_int_equal(migrate(fixture, "shop", migrations, 2), JM_OK);
    assert_int_equal(ask(fixture, "shop", "SELECT count(*) FROM shop_sales"), 1);
    /* And the keys are watched again. */
    assert_int_equal(run(fixture, "shop", "INSERT INTO shop_sales VALUES (99)"), JM_EINVAL);
}

static void refuses_keys_that_point_nowhere(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(try_sql(fixture, "shop",
                             "CREATE TABLE shop_items (id INTEGER PRIMARY KEY);"
                             "CREATE TABLE shop_sales (item REFERENCES shop_items (id));"
                             "INSERT INTO shop_sales VALUES (99);"),
                     JM_EINVAL);
    assert_says(fixture, "1 rows");
    assert_int_equal(version_of(fixture), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(runs_each_version_once),          TEST(refuses_a_gap),
        TEST(refuses_an_older_build),          TEST(leaves_the_schema_when_one_fails),
        TEST(refuses_the_middle_of_a_turn),    TEST(keeps_to_its_own_names),
        TEST(a_view_shows_no_foreign_table),   TEST(rebuilds_a_table_that_others_refer_to),
        TEST(refuses_keys_that_point_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
