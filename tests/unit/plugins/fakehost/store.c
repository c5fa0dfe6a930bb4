/* The fake host's store: SQLite in memory, a savepoint for each handler, tables by plugin. */
#include "internal.h"

#include <junmai/sdk/span.h>
#include <stdio.h>

static void run(struct fakehost *host, const char *sql)
{
    if (sqlite3_exec(host->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fake_die("fakehost: %s: %s", sql, sqlite3_errmsg(host->db));
}

/* A plugin reads and writes tables that begin with its name and '_'. */
/* The table-valued functions of JSON, which the host allows beside a plugin's own tables. */
static bool is_json_function(const char *table)
{
    return strcmp(table, "json_each") == 0 || strcmp(table, "json_tree") == 0;
}

static int authorize(void *user, int action, const char *table, const char *column,
                     const char *database, const char *trigger)
{
    const struct fakehost *host = user;
    (void)column;
    (void)database;
    (void)trigger;
    if (host->db_user == NULL)
        return SQLITE_OK;
    switch (action) {
    case SQLITE_READ:
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE: {
        size_t length = strlen(host->db_user);
        bool own = strncmp(table, host->db_user, length) == 0 && table[length] == '_';
        return own || is_json_function(table) ? SQLITE_OK : SQLITE_DENY;
    }
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
    case SQLITE_ATTACH:
    case SQLITE_PRAGMA:
        return SQLITE_DENY;
    default:
        return SQLITE_OK;
    }
}

void fake_store_open(struct fakehost *host)
{
    if (sqlite3_open(":memory:", &host->db) != SQLITE_OK)
        fake_die("fakehost: %s", sqlite3_errmsg(host->db));
    run(host, "PRAGMA foreign_keys = ON");
    run(host, "CREATE TABLE host_schemas(plugin TEXT PRIMARY KEY, version INTEGER NOT NULL)");
    /* The first use of one declares its columns, which asks for more than later uses. */
    run(host, "SELECT 1 FROM json_each('[]'), json_tree('[]')");
    sqlite3_set_authorizer(host->db, authorize, host);
}

void fake_store_close(struct fakehost *host)
{
    sqlite3_stmt *statement;
    while ((statement = sqlite3_next_stmt(host->db, NULL)) != NULL)
        sqlite3_finalize(statement);
    sqlite3_close(host->db);
}

jm_status fake_store_migrate(struct fake_plugin *plugin)
{
    struct fakehost *host = plugin->world;
    char sql[160];
    snprintf(sql, sizeof(sql), "SELECT version FROM host_schemas WHERE plugin = '%s'",
             plugin->name);
    int64_t version = fakehost_sql(host, sql);
    for (size_t i = (size_t)version; i < plugin->migration_count; i++) {
        host->db_user = NULL;
        if (sqlite3_exec(host->db, plugin->migrations[i].sql, NULL, NULL, NULL) != SQLITE_OK)
            return fake_fail(plugin, JM_EINVAL, "migration %zu: %s", i + 1,
                             sqlite3_errmsg(host->db));
    }
    snprintf(sql, sizeof(sql), "INSERT OR REPLACE INTO host_schemas VALUES('%s', %zu)",
             plugin->name, plugin->migration_count);
    run(host, sql);
    return JM_OK;
}

void fakehost_begin(struct fakehost *host)
{
    if (host->in_call)
        fake_die("fakehost: calls do not nest");
    host->in_call = true;
    host->events_before_call = host->event_count;
    run(host, "SAVEPOINT call");
}

/* Each call is a turn of its own here: it is committed when it ends. */
static void tell_commit(struct fakehost *host, jm_status status)
{
    while (host->waiter_count > 0) {
        size_t last = --host->waiter_count;
        jm_commit_fn fn = host->commit_waiters[last].fn;
        void *user = host->commit_waiters[last].user;
        fakehost_begin(host);
        fakehost_end(host, fn(user, status) >= 0);
    }
}

void fakehost_end(struct fakehost *host, bool ok)
{
    if (!host->in_call)
        fake_die("fakehost: no call has begun");
    bool full = host->fail_commit && host->waiter_count > 0;
    host->in_call = false;
    if (full)
        host->fail_commit = false;
    if (!ok || full) {
        run(host, "ROLLBACK TO call");
        fake_event_truncate(host, host->events_before_call);
    }
    run(host, "RELEASE call");
    tell_commit(host, full ? JM_ENOSPC : JM_OK);
}

static jm_status store_migrate(const jm_host *host, const jm_migration *migrations, size_t count)
{
    struct fake_plugin *plugin = fake_plugin_of(host);
    for (size_t i = 0; i < count; i++) {
        if (migrations[i].version != (int32_t)i + 1)
            return fake_fail(plugin, JM_EINVAL, "migration %zu has version %d", i + 1,
                             migrations[i].version);
    }
    plugin->migrations = migrations;
    plugin->migration_count = count;
    return JM_OK;
}

static void bind(sqlite3_stmt *statement, int index, const jm_value *value)
{
    const char *bytes = value->bytes.len > 0 ? value->bytes.ptr : "";
    int length = (int)value->bytes.len;
    switch (value->type) {
    case JM_VALUE_NULL:
        sqlite3_bind_null(statement, index);
        break;
    case JM_VALUE_INT:
        sqlite3_bind_int64(statement, index, value->integer);
        break;
    case JM_VALUE_REAL:
        sqlite3_bind_double(statement, index, value->real);
        break;
    case JM_VALUE_TEXT:
        sqlite3_bind_text(statement, index, bytes, length, SQLITE_TRANSIENT);
        break;
    case JM_VALUE_BLOB:
        sqlite3_bind_blob(statement, index, bytes, length, SQLITE_TRANSIENT);
        break;
    default:
        fake_die("fakehost: argument %d has type %d", index, value->type);
    }
}

static jm_value column_value(sqlite3_stmt *statement, int column)
{
    jm_value value = {.type = JM_VALUE_NULL};
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        value.type = JM_VALUE_INT;
        value.integer = sqlite3_column_int64(statement, column);
        break;
    case SQLITE_FLOAT:
        value.type = JM_VALUE_REAL;
        value.real = sqlite3_column_double(statement, column);
        break;
    case SQLITE_TEXT:
        value.type = JM_VALUE_TEXT;
        value.bytes.ptr = (const char *)sqlite3_column_text(statement, column);
        value.bytes.len = (size_t)sqlite3_column_bytes(statement, column);
        break;
    case SQLITE_BLOB:
        value.type = JM_VALUE_BLOB;
        value.bytes.ptr = sqlite3_column_blob(statement, column);
        value.bytes.len = (size_t)sqlite3_column_bytes(statement, column);
        break;
    default:
        break;
    }
    return value;
}

static jm_status hand_row(sqlite3_stmt *statement, jm_row_fn row, void *user)
{
    jm_value columns[64];
    int count = sqlite3_column_count(statement);
    if (count > (int)JM_COUNT(columns))
        fake_die("fakehost: a row of %d columns", count);
    for (int i = 0; i < count; i++)
        columns[i] = column_value(statement, i);
    return row == NULL ? JM_OK : row(user, columns, (size_t)count);
}

static jm_status step(struct fake_plugin *plugin, sqlite3_stmt *statement, jm_row_fn row,
                      void *user)
{
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        jm_status status = hand_row(statement, row, user);
        if (status < 0)
            return status;
    }
    if (result == SQLITE_DONE)
        return JM_OK;
    return fake_fail(plugin, result == SQLITE_CONSTRAINT ? JM_EEXIST : JM_EIO, "%s",
                     sqlite3_errmsg(plugin->world->db));
}

/* Statements are kept by SQLite's own list, found again by their text and owner. */
static sqlite3_stmt *prepare(struct fake_plugin *plugin, const char *sql, jm_status *status_out)
{
    struct fakehost *host = plugin->world;
    sqlite3_stmt *statement = NULL;
    const char *tail = NULL;
    while ((statement = sqlite3_next_stmt(host->db, statement)) != NULL) {
        if (strcmp(sqlite3_sql(statement), sql) == 0)
            return statement;
    }
    host->db_user = plugin->name;
    int result = sqlite3_prepare_v2(host->db, sql, -1, &statement, &tail);
    host->db_user = NULL;
    if (result == SQLITE_AUTH)
        *status_out = fake_fail(plugin, JM_EACCES, "not a table of %s: %s", plugin->name, sql);
    else if (result != SQLITE_OK)
        *status_out = fake_fail(plugin, JM_EINVAL, "%s: %s", sqlite3_errmsg(host->db), sql);
    else if (*tail != '\0')
        *status_out = fake_fail(plugin, JM_EINVAL, "more than one statement: %s", sql);
    else
        return statement;
    sqlite3_finalize(statement);
    return NULL;
}

static jm_status store_exec(const jm_host *host, const char *sql, const jm_value *args,
                            size_t arg_count, jm_row_fn row, void *user, jm_exec_result *result_out)
{
    struct fake_plugin *plugin = fake_plugin_of(host);
    struct fakehost *world = plugin->world;
    jm_status status = JM_OK;
    if (!world->in_call)
        return fake_fail(plugin, JM_ESTATE, "exec outside of a call of the host: %s", sql);
    if (world->fail_exec_in > 0 && --world->fail_exec_in == 0)
        return fake_fail(plugin, world->fail_exec_status, "the test lets this statement fail");
    sqlite3_stmt *statement = prepare(plugin, sql, &status);
    if (statement == NULL)
        return status;
    if (sqlite3_stmt_busy(statement))
        fake_die("fakehost: exec() within a row of the same statement: %s", sql);
    if (sqlite3_bind_parameter_count(statement) != (int)arg_count)
        return fake_fail(plugin, JM_EINVAL, "%d arguments are needed, %zu given: %s",
                         sqlite3_bind_parameter_count(statement), arg_count, sql);
    for (size_t i = 0; i < arg_count; i++)
        bind(statement, (int)i + 1, &args[i]);
    status = step(plugin, statement, row, user);
    if (result_out != NULL)
        *result_out =
            (jm_exec_result){sqlite3_changes64(world->db), sqlite3_last_insert_rowid(world->db)};
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return status;
}

static jm_status store_after_commit(const jm_host *host, jm_commit_fn fn, void *user)
{
    struct fake_plugin *plugin = fake_plugin_of(host);
    struct fakehost *world = plugin->world;
    if (fn == NULL || world->waiter_count == FAKE_WAITERS)
        return fake_fail(plugin, JM_EINVAL, "after_commit() without a function, or too often");
    world->commit_waiters[world->waiter_count].fn = fn;
    world->commit_waiters[world->waiter_count++].user = user;
    return JM_OK;
}

const jm_host_store fake_store_table = {sizeof(jm_host_store), store_migrate, store_exec,
                                        store_after_commit};

void fakehost_fail_exec(struct fakehost *host, int nth, jm_status status)
{
    host->fail_exec_in = nth;
    host->fail_exec_status = status;
}

void fakehost_fail_commit(struct fakehost *host)
{
    host->fail_commit = true;
}

int64_t fakehost_sql(struct fakehost *host, const char *sql)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(host->db, sql, -1, &statement, NULL) != SQLITE_OK)
        fake_die("fakehost: %s: %s", sql, sqlite3_errmsg(host->db));
    int64_t value = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return value;
}
