/* The tables, version by version. Times are milliseconds since 1970 UTC.
 *
 * preview_files      the thumbnails that are in the cache
 * preview_failures   contents that cannot be rendered, so that they are not tried again
 * preview_wanted     photographs that were imported and have not had their turn
 * preview_position   how far the log of events has been read */
#include "schema.h"

static const jm_migration migrations[] = {
    {.version = 1,
     .sql = "CREATE TABLE preview_files("
            " hash TEXT NOT NULL, edge INTEGER NOT NULL, recipe INTEGER NOT NULL,"
            " bytes INTEGER NOT NULL CHECK(bytes > 0), used_ms INTEGER NOT NULL,"
            " PRIMARY KEY(hash, edge)) WITHOUT ROWID;"
            "CREATE INDEX preview_files_by_use ON preview_files(used_ms);"
            "CREATE TABLE preview_failures("
            " hash TEXT NOT NULL PRIMARY KEY, recipe INTEGER NOT NULL, reason TEXT NOT NULL,"
            " retry_ms INTEGER) WITHOUT ROWID;"
            "CREATE TABLE preview_wanted(photo_id INTEGER PRIMARY KEY);"
            "CREATE TABLE preview_position("
            " id INTEGER PRIMARY KEY CHECK(id = 1), epoch TEXT NOT NULL, seq INTEGER NOT NULL);"},
};

jm_status schema_declare(const struct preview_core *core)
{
    return core->store->migrate(core->host, migrations, JM_COUNT(migrations));
}
