/* Copying a database while another process writes to it, as a host does. */
#include "check.h"

#include "cli/database.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define ROWS 2000

static void run_sql(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    }
}

static long long ask(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    const long long number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return number;
}

/* As the host's: a write-ahead log, an epoch; and pairs of rows that are written together. */
static sqlite3 *make_database(void)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open("junmai.db", &db), SQLITE_OK);
    run_sql(db, "PRAGMA journal_mode = WAL; PRAGMA application_id = 1246585954;"
                "CREATE TABLE junmai_meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
                "INSERT INTO junmai_meta VALUES ('epoch', 'abcd'), ('run', 3);"
                "CREATE TABLE a (n INTEGER PRIMARY KEY, t TEXT);"
                "CREATE TABLE b (n INTEGER PRIMARY KEY, t TEXT); BEGIN;");
    for (int i = 0; i < ROWS; i++) {
        run_sql(db, "INSERT INTO a(t) VALUES (hex(randomblob(500)));"
                    "INSERT INTO b(t) VALUES (hex(randomblob(500)));");
    }
    run_sql(db, "COMMIT");
    return db;
}

static void expect_copy(const char *path)
{
    assert_int_equal(ask(path, "SELECT (SELECT count(*) FROM a) - (SELECT count(*) FROM b)"), 0);
    assert_int_equal(ask(path, "SELECT count(*) FROM junmai_meta WHERE key = 'epoch'"), 0);
    assert_int_equal(ask(path, "SELECT value FROM junmai_meta WHERE key = 'run'"), 3);
    assert_int_not_equal(access("copy.db-wal", F_OK), 0);
}

static void test_at_rest(void **state)
{
    char epoch[JMC_EPOCH_BYTES];
    (void)state;
    sqlite3_close(make_database());
    assert_true(jmc_database_copy("junmai.db", "copy.db", epoch));
    assert_string_equal(epoch, "abcd");
    assert_true(jmc_database_renew("copy.db"));
    expect_copy("copy.db");
    assert_int_equal(ask("copy.db", "SELECT count(*) FROM a"), ROWS);
    assert_int_equal(ask("junmai.db", "SELECT count(*) FROM junmai_meta WHERE key = 'epoch'"), 1);
}

/* What is only in the write-ahead log belongs to it too. */
static void test_while_open(void **state)
{
    char epoch[JMC_EPOCH_BYTES];
    (void)state;
    sqlite3 *db = make_database();
    run_sql(db, "BEGIN; INSERT INTO a(t) VALUES ('not committed')");
    assert_true(jmc_database_copy("junmai.db", "copy.db", epoch));
    run_sql(db, "ROLLBACK");
    sqlite3_close(db);
    assert_true(jmc_database_renew("copy.db"));
    expect_copy("copy.db");
    assert_int_equal(ask("copy.db", "SELECT count(*) FROM a"), ROWS);
}

/* Writes pairs until it is killed; a byte to `fd` after the first. */
static void write_on(int fd)
{
    sqlite3 *db = NULL;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sqlite3_open("junmai.db", &db);
    sqlite3_busy_timeout(db, 1000);
    for (int i = 0;; i++) {
        if (sqlite3_exec(db,
                         "BEGIN IMMEDIATE; INSERT INTO a(t) VALUES (hex(randomblob(500)));"
                         "INSERT INTO b(t) VALUES (hex(randomblob(500))); COMMIT",
                         NULL, NULL, NULL) != SQLITE_OK) {
            _exit(1);
        }
        if (i == 0 && write(fd, "x", 1) != 1) {
            _exit(1);
        }
    }
}

static void test_while_written_to(void **state)
{
    char epoch[JMC_EPOCH_BYTES];
    char byte;
    int ends[2];
    (void)state;
    sqlite3_close(make_database());
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    const pid_t writer = fork();
    if (writer == 0) {
        write_on(ends[1]);
    }
    assert_int_equal(read(ends[0], &byte, 1), 1);
    for (int i = 0; i < 5; i++) {
        assert_true(jmc_database_copy("junmai.db", "copy.db", epoch));
        assert_true(jmc_database_renew("copy.db"));
        expect_copy("copy.db");
        assert_true(ask("copy.db", "SELECT count(*) FROM a") > ROWS);
        assert_int_equal(unlink("copy.db"), 0);
    }
    int status;
    assert_int_equal(waitpid(writer, &status, WNOHANG), 0); /* the copies did not make it fail */
    kill(writer, SIGKILL);
    assert_int_equal(waitpid(writer, &status, 0), writer);
    close(ends[0]);
    close(ends[1]);
}

static void test_refused(void **state)
{
    char epoch[JMC_EPOCH_BYTES];
    (void)state;
    assert_false(jmc_database_copy("missing.db", "copy.db", epoch));
    assert_int_not_equal(access("missing.db", F_OK), 0);
    write_file("junmai.db", "this is no database, however long the text may be made");
    assert_false(jmc_database_copy("junmai.db", "copy.db", epoch));
    assert_false(jmc_database_renew("junmai.db"));
    assert_int_equal(unlink("junmai.db"), 0);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open("junmai.db", &db), SQLITE_OK);
    run_sql(db, "CREATE TABLE of_another_program (x)");
    sqlite3_close(db);
    assert_false(jmc_database_copy("junmai.db", "copy.db", epoch));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_at_rest, enter_scratch, leave_scratch),
        cmocka_unit_test_setup_teardown(test_while_open, enter_scratch, leave_scratch),
        cmocka_unit_test_setup_teardown(test_while_written_to, enter_scratch, leave_scratch),
        cmocka_unit_test_setup_teardown(test_refused, enter_scratch, leave_scratch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
