/* The tables of import, version by version. Times are milliseconds since 1970 UTC. Ids of photographs
 * and sessions are the catalog's, whose rows may go while a report stays. */
#include "schema.h"

#include "hot_ledger.h"

static const char reports_sql[] =
    "CREATE TABLE import_reports("
    " id TEXT PRIMARY KEY,"
    " kind TEXT NOT NULL,"
    " mode TEXT NOT NULL,"
    " status TEXT NOT NULL DEFAULT 'running'"
    "  CHECK(status IN ('running', 'done', 'interrupted')),"
    " session_id INTEGER,"
    " started_ms INTEGER NOT NULL,"
    " ended_ms INTEGER,"
    " total INTEGER NOT NULL,"
    " imported INTEGER NOT NULL DEFAULT 0,"
    " duplicates INTEGER NOT NULL DEFAULT 0,"
    " failed INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX import_reports_by_start ON import_reports(started_ms);"
    "CREATE INDEX import_reports_running ON import_reports(status) WHERE status = 'running';";

static const char verdicts_sql[] =
    "CREATE TABLE import_verdicts("
    " id INTEGER PRIMARY KEY,"
    " import_id TEXT,"
    " photo_id INTEGER,"
    " source TEXT NOT NULL,"
    " destination TEXT,"
    " role TEXT NOT NULL CHECK(role IN ('primary', 'backup')),"
    " verified INTEGER NOT NULL CHECK(verified IN (0, 1)),"
    " algorithm TEXT,"
    " digest TEXT,"
    " bytes INTEGER NOT NULL,"
    " utc_ms INTEGER NOT NULL,"
    " error TEXT);"
    "CREATE INDEX import_verdicts_by_import ON import_verdicts(import_id, id);"
    "CREATE INDEX import_verdicts_by_photo ON import_verdicts(photo_id);";

static const char sequences_sql[] = "CREATE TABLE import_sequences("
                                    " session_id INTEGER PRIMARY KEY,"
                                    " last INTEGER NOT NULL);";

static const char cards_sql[] =
    "CREATE TABLE import_cards("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " path TEXT NOT NULL,"
    " session_id INTEGER NOT NULL,"
    " mode TEXT NOT NULL,"
    " status TEXT NOT NULL CHECK(status IN ('running', 'done', 'incomplete', 'interrupted')),"
    " import_id TEXT,"
    " started_ms INTEGER NOT NULL,"
    " ended_ms INTEGER,"
    " new INTEGER NOT NULL,"
    " known INTEGER NOT NULL,"
    " imported INTEGER NOT NULL DEFAULT 0,"
    " duplicates INTEGER NOT NULL DEFAULT 0,"
    " failed INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX import_cards_by_path ON import_cards(path, id);"
    "CREATE TABLE import_card_files("
    " path TEXT NOT NULL,"
    " size INTEGER NOT NULL,"
    " mtime_ns INTEGER NOT NULL,"
    " photo_id INTEGER NOT NULL,"
    " PRIMARY KEY(path, size, mtime_ns)) WITHOUT ROWID;";

/* What the library's copy is worth where it says more than the source. */
static const char stamped_sql[] = "ALTER TABLE import_verdicts ADD COLUMN stamped TEXT;";

static const jm_migration migrations[] = {
    {1, 0, reports_sql}, {2, 0, verdicts_sql},   {3, 0, sequences_sql},
    {4, 0, cards_sql},   {5, 0, hot_ledger_sql}, {6, 0, stamped_sql},
};

jm_status schema_declare(const struct import_core *core)
{
    return core->store->migrate(core->host, migrations, JM_COUNT(migrations));
}
