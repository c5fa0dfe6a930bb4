/* The database of a backup; see database.h. Of the client, the only file that sees sqlite3.h.
 *
 * The host writes to it while it is copied. A read transaction that is held from the first to the last
 * page sees one state of it (the write-ahead log keeps what changes meanwhile), so that the copy never
 * begins anew, however busy the host is. */
#include "database.h"

#include "cli.h"
#include "stop.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#define APPLICATION_ID 0x4a4d6462 /* "JMdb" */
#define BUSY_MS 10000
#define STEP_PAGES 2048

static sqlite3 *open_database(const char *path, int flags)
{
    sqlite3 *db = NULL;
    if (sqlite3_open_v2(path, &db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        (void)jmc_complain("the database %s cannot be opened: %s", path,
                           db != NULL ? sqlite3_errmsg(db) : "out of memory");
        (void)sqlite3_close(db);
        return NULL;
    }
    (void)sqlite3_busy_timeout(db, BUSY_MS);
    return db;
}

/* The first column of the first row as a text; "" where there is none. */
static bool read_text(sqlite3 *db, const char *sql, char *text_out, size_t cap)
{
    sqlite3_stmt *statement = NULL;
    text_out[0] = '\0';
    int result = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (result == SQLITE_OK && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        const unsigned char *text = sqlite3_column_text(statement, 0);
        (void)snprintf(text_out, cap, "%s", text != NULL ? (const char *)text : "");
        result = SQLITE_DONE;
    }
    (void)sqlite3_finalize(statement);
    return result == SQLITE_DONE;
}

static bool run(sqlite3 *db, const char *path, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        (void)jmc_complain("the database %s cannot be used: %s", path, sqlite3_errmsg(db));
        return false;
    }
    return true;
}

static bool is_of_junmai(sqlite3 *db, const char *path)
{
    char id[24];
    char expected[24];
    (void)snprintf(expected, sizeof expected, "%d", APPLICATION_ID);
    if (!read_text(db, "PRAGMA application_id", id, sizeof id)) {
        (void)jmc_complain("the database %s cannot be read: %s", path, sqlite3_errmsg(db));
        return false;
    }
    if (strcmp(id, expected) != 0) {
        (void)jmc_complain("%s is not a database of Junmai: name another data directory", path);
        return false;
    }
    return true;
}

static bool copy_pages(sqlite3 *from, sqlite3 *to, const char *to_path)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    int result = backup != NULL ? SQLITE_OK : SQLITE_ERROR;
    while (result == SQLITE_OK || result == SQLITE_BUSY || result == SQLITE_LOCKED) {
        if (jmc_stop_asked()) {
            break;
        }
        result = sqlite3_backup_step(backup, STEP_PAGES);
        if (result == SQLITE_BUSY || result == SQLITE_LOCKED) {
            (void)jmc_stop_wait(50);
        }
    }
    (void)sqlite3_backup_finish(backup);
    if (result != SQLITE_DONE && !jmc_stop_asked()) {
        (void)jmc_complain("the copy of the database, %s, cannot be written: %s", to_path,
                           sqlite3_errmsg(to));
    }
    return result == SQLITE_DONE;
}

bool jmc_database_copy(const char *from, const char *to, char epoch_out[JMC_EPOCH_BYTES])
{
    sqlite3 *source = open_database(from, SQLITE_OPEN_READONLY);
    sqlite3 *target = NULL;
    /* The snapshot begins with the first read of the transaction. */
    bool is_copied = source != NULL && run(source, from, "BEGIN") && is_of_junmai(source, from);
    if (is_copied && !read_text(source, "SELECT value FROM junmai_meta WHERE key = 'epoch'",
                                epoch_out, JMC_EPOCH_BYTES)) {
        (void)jmc_complain("the database %s cannot be read: %s", from, sqlite3_errmsg(source));
        is_copied = false;
    }
    if (is_copied) {
        target = open_database(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
        is_copied = target != NULL && copy_pages(source, target, to);
    }
    (void)sqlite3_close(target);
    (void)sqlite3_close(source);
    return is_copied;
}

bool jmc_database_renew(const char *path)
{
    char verdict[256];
    sqlite3 *db = open_database(path, SQLITE_OPEN_READWRITE);
    bool is_good = db != NULL && is_of_junmai(db, path);
    if (is_good && (!read_text(db, "PRAGMA quick_check(1)", verdict, sizeof verdict) ||
                    strcmp(verdict, "ok") != 0)) {
        (void)jmc_complain("the database %s is damaged: %s", path,
                           verdict[0] != '\0' ? verdict : sqlite3_errmsg(db));
        is_good = false;
    }
    /* Without a write-ahead log it is one file; the host switches it on again. */
    is_good = is_good && run(db, path, "PRAGMA journal_mode = DELETE") &&
              run(db, path, "DELETE FROM junmai_meta WHERE key = 'epoch'");
    (void)sqlite3_close(db);
    return is_good;
}
