/* The ledger: what was imported is not even looked at again. */
#include "hotfolder.h"

#include <sqlite3.h>
#include <sys/stat.h>

/* The integer that a statement finds in the database of the host, which does not run. */
static sqlite3_int64 ask_database(const struct hot_studio *hot, const char *sql,
                                  sqlite3_int64 argument)
{
    sqlite3 *database;
    sqlite3_stmt *statement;
    char *path = studio_path(hot->studio.host.data_dir, "junmai.db");
    assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
    sqlite3_bind_int64(statement, 1, argument);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    sqlite3_int64 value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    free(path);
    return value;
}

/* How many rows were written after that time. */
static sqlite3_int64 rows_after(const struct hot_studio *hot, sqlite3_int64 utc_ms)
{
    return ask_database(hot, "SELECT count(*) FROM import_hot_ledger WHERE utc_ms > ?1", utc_ms);
}

static const char imported_rows[] =
    "SELECT count(*) FROM import_hot_ledger WHERE outcome = 'imported' AND ?1 = ?1";

static void test_restart(void **state)
{
    struct hot_studio hot;
    (void)state;
    hot_open(&hot, NULL);
    hot_add(&hot, hot.hot);
    char *first = photo_write(hot.hot, "first.jpg", "first");
    free(photo_write(hot.hot, "same.jpg", "first"));
    free(photo_write_raw(hot.hot, "bad.jpg", "bad", 3));
    hot_wait_count(&hot, "imported", 2);
    hot_wait_count(&hot, "failed", 1);
    must(jmt_host_stop(&hot.studio.host));
    assert_int_equal(rows_after(&hot, 0), 3);
    sqlite3_int64 last =
        ask_database(&hot, "SELECT max(utc_ms) FROM import_hot_ledger WHERE ?1 = ?1", 0);

    must(jmt_host_restart(&hot.studio.host));
    hot_pass(&hot);
    hot_wait_count(&hot, "pending", 0);
    hot_wait_count(&hot, "imported", 3);
    hot_wait_count(&hot, "failed", 1);
    must(jmt_host_stop(&hot.studio.host));
    assert_int_equal(rows_after(&hot, last), 1);

    /* A file that is touched is looked at again, and stays the photograph that it was. */
    assert_int_equal(chmod(first, 0600), 0);
    must(jmt_host_restart(&hot.studio.host));
    hot_pass(&hot);
    hot_wait_count(&hot, "pending", 0);
    must(jmt_host_stop(&hot.studio.host));
    assert_int_equal(rows_after(&hot, last), 3);
    assert_int_equal(ask_database(&hot, imported_rows, 0), 3);
    must(jmt_host_restart(&hot.studio.host));
    assert_int_equal(hot_total(&hot), 3);
    free(first);
    hot_close(&hot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_restart)};
    return cmocka_run_group_tests_name("hot folder ledger", tests, NULL, NULL);
}
