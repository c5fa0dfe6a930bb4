/* Batches, and the photographs of theirs that have no job yet: a part is a JSON array of ids, and is
 * deleted in the turn that submits its jobs. Times are milliseconds since 1970 UTC. How far a batch is
 * stands in no table: it is counted from its jobs. */
#include "schema.h"

static const char batches_sql[] =
    "CREATE TABLE batch_batches("
    " num INTEGER PRIMARY KEY AUTOINCREMENT,"
    " id TEXT NOT NULL UNIQUE,"
    " session_id INTEGER,"
    " kind TEXT NOT NULL,"
    " priority INTEGER NOT NULL CHECK(priority BETWEEN 0 AND 10)," /* 0: by the formula */
    " config TEXT NOT NULL,"
    " status TEXT NOT NULL CHECK(status IN ('running', 'paused', 'completed', 'cancelled')),"
    " total INTEGER NOT NULL CHECK(total > 0),"
    " missing INTEGER NOT NULL DEFAULT 0," /* photographs that were deleted before they had a job */
    " started_at INTEGER NOT NULL,"
    " paused_at INTEGER,"
    " completed_at INTEGER);"
    "CREATE INDEX batch_open ON batch_batches(num) WHERE status IN ('running', 'paused');"
    "CREATE TABLE batch_parts("
    " batch_num INTEGER NOT NULL REFERENCES batch_batches(num) ON DELETE CASCADE,"
    " part INTEGER NOT NULL,"
    " photo_ids TEXT NOT NULL,"
    " PRIMARY KEY(batch_num, part)) WITHOUT ROWID;";

static const jm_migration migrations[] = {{1, 0, batches_sql}};

jm_status batch_schema_declare(const struct batch_core *core)
{
    return core->api.store->migrate(core->api.host, migrations, JM_COUNT(migrations));
}
