/* The tables, version by version. Times are milliseconds since 1970 UTC.
 *
 * system_settings       the studio's document, one row
 * system_values         what else is kept by name, as JSON
 * system_log            lines of the logs
 * system_position       how far the log of events has been read
 * system_subscriptions  browsers that want to be notified
 * system_tracks         what became of notifications, as browsers report it */
#include "schema.h"

static const jm_migration migrations[] = {
    {.version = 1,
     .sql =
         "CREATE TABLE system_settings("
         " id INTEGER PRIMARY KEY CHECK(id = 1), revision INTEGER NOT NULL,"
         " document TEXT NOT NULL);"
         "CREATE TABLE system_values(name TEXT NOT NULL PRIMARY KEY, json TEXT NOT NULL)"
         " WITHOUT ROWID;"
         "CREATE TABLE system_log("
         " id INTEGER PRIMARY KEY AUTOINCREMENT, category TEXT NOT NULL, at_ms INTEGER NOT NULL,"
         " level TEXT NOT NULL, logger TEXT NOT NULL, function TEXT NOT NULL,"
         " message TEXT NOT NULL, fields TEXT NOT NULL);"
         "CREATE INDEX system_log_by_category ON system_log(category, id, level);"
         "CREATE TABLE system_position("
         " id INTEGER PRIMARY KEY CHECK(id = 1), epoch TEXT NOT NULL, seq INTEGER NOT NULL);"
         "CREATE TABLE system_subscriptions("
         " id INTEGER PRIMARY KEY AUTOINCREMENT, endpoint TEXT NOT NULL UNIQUE,"
         " keys TEXT NOT NULL, created_ms INTEGER NOT NULL, user_agent TEXT NOT NULL);"
         "CREATE TABLE system_tracks("
         " id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, report TEXT NOT NULL);"},
};

jm_status schema_declare(const struct system_core *core)
{
    return core->api.store->migrate(core->host, migrations, JM_COUNT(migrations));
}
