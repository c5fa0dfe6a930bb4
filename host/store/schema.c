/* The host's tables; see schema.h. Runs once, when the store is opened. */
#include "host/store/schema.h"

#include "host/store/lookup.h"

#include <stdio.h>

#define APPLICATION_ID 0x4a4d6462 /* "JMdb" */

/* Each brings the tables from the version of its index to the next one. */
static const char *const versions[] = {
    "CREATE TABLE junmai_meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE junmai_schemas (owner TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE junmai_states (owner TEXT PRIMARY KEY, version INTEGER NOT NULL,"
    "    bytes BLOB NOT NULL);"
    "CREATE TABLE junmai_events (seq INTEGER PRIMARY KEY, utc_ms INTEGER NOT NULL,"
    "    channel TEXT NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL);"
    /* The primary key is part of every index: it is ordered by channel and seq. */
    "CREATE INDEX junmai_events_channel ON junmai_events (channel);"
    "CREATE TABLE junmai_events_size (id INTEGER PRIMARY KEY CHECK (id = 1),"
    "    events INTEGER NOT NULL, bytes INTEGER NOT NULL);"
    "INSERT INTO junmai_events_size VALUES (1, 0, 0);"
    "CREATE TABLE junmai_trimmed (channel TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;",
};

#define VERSION_COUNT ((int64_t)(sizeof versions / sizeof versions[0]))

static jm_status check_file(struct jmh_sqlite *db, const char *path, int64_t *version_out,
                            struct jmh_err *err)
{
    int64_t id = 0;
    int64_t objects = 0;
    jm_status status = jmh_lookup_int(db, "PRAGMA application_id", NULL, &id, err);
    if (status == JM_OK) {
        status = jmh_lookup_int(db, "PRAGMA user_version", NULL, version_out, err);
    }
    if (status == JM_OK) {
        status = jmh_lookup_int(db, "SELECT count(*) FROM sqlite_schema", NULL, &objects, err);
    }
    if (status == JM_EINVAL || (status == JM_OK && id != APPLICATION_ID && objects > 0)) {
        return jmh_err_set(err, JM_EINVAL,
                           "%s is not a database of Junmai: move it away, or choose another data "
                           "directory",
                           path);
    }
    if (status == JM_OK && *version_out > VERSION_COUNT) {
        return jmh_err_set(err, JM_EINVAL,
                           "%s has version %lld, this Junmai knows versions up to %lld: start the "
                           "newer Junmai that wrote it, or restore an older copy",
                           path, (long long)*version_out, (long long)VERSION_COUNT);
    }
    return status;
}

static jm_status switch_to_wal(struct jmh_sqlite *db, const char *path, struct jmh_err *err)
{
    bool is_wal = false;
    jm_status status = jmh_lookup_is(db, "PRAGMA journal_mode = WAL", "wal", &is_wal, err);
    if (status == JM_OK && !is_wal) {
        status = jmh_err_set(err, JM_EIO,
                             "%s cannot have a write-ahead log: its file system shares no memory; "
                             "choose a data directory on a local disk",
                             path);
    }
    return status;
}

static jm_status bring_up_to_date(struct jmh_sqlite *db, int64_t from, struct jmh_err *err)
{
    char pragmas[96];
    jm_status status = jmh_sqlite_script(db, NULL, "BEGIN IMMEDIATE", err);
    if (status != JM_OK) {
        return status;
    }
    for (int64_t i = from; i < VERSION_COUNT && status == JM_OK; i++) {
        status = jmh_sqlite_script(db, NULL, versions[i], err);
    }
    if (status == JM_OK) {
        (void)snprintf(pragmas, sizeof pragmas,
                       "PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION_ID,
                       (int)VERSION_COUNT);
        status = jmh_sqlite_script(db, NULL, pragmas, err);
    }
    if (status == JM_OK) {
        status = jmh_sqlite_script(db, NULL, "COMMIT", err);
    }
    if (status != JM_OK && jmh_sqlite_in_transaction(db)) {
        (void)jmh_sqlite_script(db, NULL, "ROLLBACK", NULL);
    }
    return status;
}

jm_status jmh_schema_open(struct jmh_sqlite *db, const char *path, struct jmh_err *err)
{
    int64_t version = 0;
    jm_status status = check_file(db, path, &version, err);
    if (status == JM_OK) {
        status = switch_to_wal(db, path, err);
    }
    return status == JM_OK && version < VERSION_COUNT ? bring_up_to_date(db, version, err) : status;
}
