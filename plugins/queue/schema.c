/* The tables, version by version. Times are milliseconds since 1970 UTC; states and gates are numbers.
 *
 * queue_jobs          a job; `num` counts them, so that it is the order of their coming
 * queue_attempts      its attempts, the one that runs and the history
 * queue_totals        jobs by state, kind and priority; kept by triggers, as a count must not cost more
 *                     when there are more jobs
 * queue_group_totals  the same of each group
 * queue_groups        groups that are held, or are being let go or cancelled
 * queue_gone          sessions that were deleted and still have jobs
 * queue_keys          idempotency keys of the last day
 * queue_settings      whether the queue is paused, and how far the log of events has been read
 *
 * A gate says what a pending job waits for: 0 nothing, 1 its time (due_ms), 2 its group's release. Only
 * open ones are in the index that the next job is picked from; finished ones are in none of these.
 * Statements name these indices: without statistics SQLite takes a state for rarer than it is. */
#include "schema.h"

static const char jobs_sql[] =
    "CREATE TABLE queue_jobs("
    " num INTEGER PRIMARY KEY,"
    " id TEXT NOT NULL UNIQUE CHECK(length(id) = 32),"
    " kind TEXT NOT NULL CHECK(length(kind) BETWEEN 1 AND 64),"
    " grp TEXT, photo_id INTEGER, session_id INTEGER,"
    " priority INTEGER NOT NULL CHECK(priority BETWEEN 1 AND 10),"
    " rank INTEGER NOT NULL,"
    " state INTEGER NOT NULL DEFAULT 1 CHECK(state BETWEEN 1 AND 5),"
    " gate INTEGER NOT NULL DEFAULT 0 CHECK(gate BETWEEN 0 AND 2), due_ms INTEGER,"
    " flags INTEGER NOT NULL, max_attempts INTEGER NOT NULL,"
    " attempt INTEGER NOT NULL DEFAULT 0, last_attempt INTEGER NOT NULL,"
    " created_ms INTEGER NOT NULL, started_ms INTEGER, ended_ms INTEGER,"
    " stage TEXT, percent REAL NOT NULL DEFAULT 0, message TEXT,"
    " config TEXT NOT NULL, result TEXT, error TEXT);"
    "CREATE INDEX queue_jobs_ready ON queue_jobs(kind, rank) WHERE state = 1 AND gate = 0;"
    "CREATE INDEX queue_jobs_due ON queue_jobs(due_ms) WHERE state = 1 AND gate = 1;"
    "CREATE INDEX queue_jobs_held ON queue_jobs(grp, rank) WHERE state = 1 AND gate = 2;"
    "CREATE INDEX queue_jobs_by_state ON queue_jobs(state);"
    "CREATE INDEX queue_jobs_by_priority ON queue_jobs(priority);"
    "CREATE INDEX queue_jobs_by_kind ON queue_jobs(kind, state);"
    "CREATE INDEX queue_jobs_by_group ON queue_jobs(grp, state) WHERE grp IS NOT NULL;"
    "CREATE INDEX queue_jobs_by_photo ON queue_jobs(photo_id) WHERE photo_id IS NOT NULL;"
    "CREATE INDEX queue_jobs_by_session ON queue_jobs(session_id, state)"
    " WHERE session_id IS NOT NULL;";

/* An attempt has ended for its job at ended_ms, and for the machine when `place` is 0: a task that was
 * told to stop takes its place until it has. `holder` is NULL where this machine does it. */
static const char attempts_sql[] =
    "CREATE TABLE queue_attempts("
    " id INTEGER PRIMARY KEY,"
    " job INTEGER NOT NULL REFERENCES queue_jobs(num) ON DELETE CASCADE,"
    " number INTEGER NOT NULL, kind TEXT NOT NULL, lease TEXT NOT NULL,"
    " holder TEXT, process TEXT,"
    " started_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL, ttl_ms INTEGER NOT NULL,"
    " place INTEGER NOT NULL DEFAULT 1,"
    " ended_ms INTEGER, outcome TEXT, error TEXT, details TEXT);"
    "CREATE UNIQUE INDEX queue_attempts_by_job ON queue_attempts(job, number);"
    "CREATE INDEX queue_attempts_expiring ON queue_attempts(expires_ms) WHERE ended_ms IS NULL;"
    "CREATE INDEX queue_attempts_places ON queue_attempts(kind, holder) WHERE place = 1;";

#define ADD_TOTAL(row)                                                                             \
    " INSERT INTO queue_totals(state, kind, priority, n) VALUES(" row ".state, " row ".kind, " row \
    ".priority, 1) ON CONFLICT DO UPDATE SET n = n + 1;"
#define TAKE_TOTAL                                                                                \
    " UPDATE queue_totals SET n = n - 1 WHERE state = old.state AND kind = old.kind AND priority" \
    "  = old.priority;"
#define ADD_GROUP                                                                 \
    " INSERT INTO queue_group_totals(grp, state, n) SELECT new.grp, new.state, 1" \
    "  WHERE new.grp IS NOT NULL ON CONFLICT DO UPDATE SET n = n + 1;"
#define TAKE_GROUP \
    " UPDATE queue_group_totals SET n = n - 1 WHERE grp = old.grp AND state = old.state;"

static const char totals_sql[] =
    "CREATE TABLE queue_totals("
    " state INTEGER NOT NULL, kind TEXT NOT NULL, priority INTEGER NOT NULL,"
    " n INTEGER NOT NULL CHECK(n >= 0), PRIMARY KEY(state, kind, priority)) WITHOUT ROWID;"
    "CREATE TABLE queue_group_totals("
    " grp TEXT NOT NULL, state INTEGER NOT NULL, n INTEGER NOT NULL CHECK(n >= 0),"
    " PRIMARY KEY(grp, state)) WITHOUT ROWID;"
    "CREATE TRIGGER queue_jobs_added AFTER INSERT ON queue_jobs BEGIN" ADD_TOTAL("new") ADD_GROUP
    "END;"
    "CREATE TRIGGER queue_jobs_changed AFTER UPDATE OF state, priority ON queue_jobs"
    " WHEN old.state <> new.state OR old.priority <> new.priority BEGIN" TAKE_TOTAL ADD_TOTAL("new")
        TAKE_GROUP ADD_GROUP
    "END;"
    "CREATE TRIGGER queue_jobs_removed AFTER DELETE ON queue_jobs BEGIN" TAKE_TOTAL TAKE_GROUP
    "END;";

static const char rest_sql[] =
    "CREATE TABLE queue_groups("
    " grp TEXT NOT NULL PRIMARY KEY, mode INTEGER NOT NULL, up_to INTEGER) WITHOUT ROWID;"
    "CREATE TABLE queue_keys("
    " key TEXT NOT NULL PRIMARY KEY, job TEXT NOT NULL, created_ms INTEGER NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE queue_gone(session_id INTEGER PRIMARY KEY);"
    "CREATE INDEX queue_keys_by_age ON queue_keys(created_ms);"
    "CREATE TABLE queue_settings(name TEXT NOT NULL PRIMARY KEY, value) WITHOUT ROWID;";

static const jm_migration migrations[] = {
    {1, 0, jobs_sql},
    {2, 0, attempts_sql},
    {3, 0, totals_sql},
    {4, 0, rest_sql},
};

jm_status schema_declare(const struct queue *q)
{
    return q->api.store->migrate(q->api.host, migrations, JM_COUNT(migrations));
}
