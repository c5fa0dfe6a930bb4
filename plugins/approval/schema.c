/* Every decision, oldest first by id: what was decided, who did it, and what the photograph was
 * before. One that was undone stays, and is marked; what is not undone is what an analysis learns
 * from. A row of approval_untold says that approval_queue_updated is due.
 *
 * Times are milliseconds since 1970 UTC. */
#include "schema.h"

static const char tables_sql[] =
    "CREATE TABLE approval_decisions("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " photo_id INTEGER NOT NULL,"
    " session_id INTEGER,"
    " action TEXT NOT NULL CHECK(action IN ('approved', 'rejected', 'modified')),"
    " reason TEXT," /* of a rejection */
    " original_preset TEXT,"
    " final_preset TEXT,"
    " adjustments TEXT NOT NULL," /* a JSON object */
    " job_id TEXT,"               /* of a modification */
    " status_before TEXT NOT NULL,"
    " approved_before INTEGER NOT NULL,"
    " who TEXT NOT NULL,"
    " decided_at INTEGER NOT NULL,"
    " undone_at INTEGER);"
    "CREATE INDEX approval_decisions_by_photo ON approval_decisions(photo_id, id)"
    " WHERE undone_at IS NULL;"
    "CREATE INDEX approval_decisions_by_session ON approval_decisions(session_id)"
    " WHERE session_id IS NOT NULL;"
    "CREATE TABLE approval_untold(id INTEGER PRIMARY KEY CHECK(id = 1));";

static const jm_migration migrations[] = {{1, 0, tables_sql}};

jm_status approval_schema_declare(const struct approval_core *core)
{
    return core->api.store->migrate(core->api.host, migrations, JM_COUNT(migrations));
}
