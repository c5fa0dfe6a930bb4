/* The tables, version by version. Times are milliseconds since 1970 UTC.
 *
 * export_presets           what there is now; `revision` is the one that new jobs get
 * export_preset_revisions  what a preset was, whole, as JSON: never changed and never removed, so that
 *                          a job finds the one it was made with
 * export_sequences         the next {sequence} of a preset in a session (0: none)
 * export_outputs           files of jobs that have begun and not ended: the promised path, and which
 *                          file (device, inode) gets it, so that it is known again after a crash
 * export_history           exports that have ended
 * export_state             whether the shipped presets were laid out */
#include "schema.h"

static const jm_migration migrations[] = {
    {.version = 1,
     .sql = "CREATE TABLE export_presets("
            " id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,"
            " enabled INTEGER NOT NULL, revision INTEGER NOT NULL,"
            " created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL);"
            "CREATE TABLE export_preset_revisions("
            " id INTEGER PRIMARY KEY AUTOINCREMENT, preset INTEGER NOT NULL,"
            " document TEXT NOT NULL, created_ms INTEGER NOT NULL);"
            "CREATE TABLE export_sequences("
            " preset INTEGER NOT NULL, session INTEGER NOT NULL, next INTEGER NOT NULL,"
            " PRIMARY KEY(preset, session)) WITHOUT ROWID;"
            "CREATE TABLE export_outputs("
            " job TEXT NOT NULL PRIMARY KEY, path TEXT NOT NULL, part TEXT,"
            " device INTEGER NOT NULL, inode INTEGER NOT NULL, started_ms INTEGER NOT NULL)"
            " WITHOUT ROWID;"
            "CREATE TABLE export_history("
            " job TEXT NOT NULL PRIMARY KEY, photo INTEGER NOT NULL, preset TEXT NOT NULL,"
            " status TEXT NOT NULL, path TEXT, bytes INTEGER, error TEXT,"
            " created_ms INTEGER, started_ms INTEGER, ended_ms INTEGER NOT NULL);"
            "CREATE INDEX export_history_by_end ON export_history(status, ended_ms);"
            "CREATE TABLE export_state("
            " id INTEGER PRIMARY KEY CHECK(id = 1), shipped INTEGER NOT NULL);"},
};

jm_status export_schema_declare(const struct export_core *core)
{
    return core->api.store->migrate(core->api.host, migrations, JM_COUNT(migrations));
}
