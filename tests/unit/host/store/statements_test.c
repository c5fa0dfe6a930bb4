/* The kept statements: found again, dropped when they are the least recently used. */
#include "fixture.h"

#include "host/store/statements.h"

#include <stdio.h>

struct kept {
    struct fixture *fixture;
    struct jmh_sqlite *db;
    struct jmh_statements statements;
};

static struct kept kept;

static int setup(void **state)
{
    const int result = fixture_setup(state);
    kept = (struct kept){.fixture = *state};
    kept.db = jmh_sqlite_open(fixture_path(*state, "junmai.db"), &kept.fixture->err);
    assert_non_null(kept.db);
    return result;
}

static int teardown(void **state)
{
    jmh_statements_fini(&kept.statements);
    jmh_sqlite_close(kept.db);
    return fixture_teardown(state);
}

static struct jmh_statement *get(const char *owner, const char *sql)
{
    struct jmh_statement *statement = NULL;
    assert_int_equal(
        jmh_statements_get(&kept.statements, kept.db, owner, sql, &statement, &kept.fixture->err),
        JM_OK);
    return statement;
}

static struct jmh_statement *get_number(int number)
{
    char sql[32];
    (void)snprintf(sql, sizeof sql, "SELECT %d", number);
    return get("shop", sql);
}

static void finds_by_owner_and_text(void **state)
{
    (void)state;
    char copy[] = "SELECT 1; -- the same text elsewhere";
    struct jmh_statement *statement = get("shop", "SELECT 1; -- the same text elsewhere");
    assert_ptr_equal(get("shop", copy), statement);
    assert_ptr_not_equal(get("vault", copy), statement);
    assert_ptr_not_equal(get(NULL, copy), statement);
    assert_int_equal(kept.statements.count, 3);
}

static void drops_the_least_recently_used(void **state)
{
    (void)state;
    for (int i = 0; i < JMH_STATEMENTS_KEPT; i++) {
        (void)get_number(i);
    }
    const struct jmh_statement *first = get_number(0);
    (void)get_number(JMH_STATEMENTS_KEPT);
    assert_int_equal(kept.statements.count, JMH_STATEMENTS_KEPT);
    assert_ptr_equal(get_number(0), first);
    for (size_t i = 0; i < kept.statements.count; i++) {
        assert_false(jmh_statement_is(kept.statements.statements[i], "shop", "SELECT 1"));
    }
}

static void forgets_one_plugin(void **state)
{
    (void)state;
    (void)get("shop", "SELECT 1");
    struct jmh_statement *of_vault = get("vault", "SELECT 1");
    (void)get("shop", "SELECT 2");
    struct jmh_statement *of_host = get(NULL, "SELECT 1");
    jmh_statements_forget(&kept.statements, "shop");
    assert_int_equal(kept.statements.count, 2);
    assert_ptr_equal(get("vault", "SELECT 1"), of_vault);
    assert_ptr_equal(get(NULL, "SELECT 1"), of_host);
}

static void keeps_nothing_that_fails(void **state)
{
    (void)state;
    struct jmh_statement *statement = NULL;
    assert_int_equal(jmh_statements_get(&kept.statements, kept.db, "shop", "nonsense", &statement,
                                        &kept.fixture->err),
                     JM_EINVAL);
    assert_null(statement);
    assert_int_equal(kept.statements.count, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(finds_by_owner_and_text),
        TEST(drops_the_least_recently_used),
        TEST(forgets_one_plugin),
        TEST(keeps_nothing_that_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
