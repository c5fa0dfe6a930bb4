/* The layer over SQLite; see sqlite.h. A connection is opened without SQLite's own locks: it and its
 * statements belong to the thread that opened it.
 *
 * SQLite prepares a kept statement anew when the schema has changed, and asks the authorizer then
 * too, so the connection always knows on whose behalf it runs (`access`). */
#include "host/store/sqlite.h"

#include "host/store/access.h"
#include "host/util/buf.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define BUSY_TIMEOUT_MS 100
#define QUOTED_SQL "%.200s"

struct jmh_sqlite {
    sqlite3 *raw;
    char *path;
    const struct jmh_access *access; /* of the statement at work */
    char denied[256];                /* why the authorizer refused it */
    struct jmh_buf named;            /* NUL-terminated names: see leave_open() */
};

struct jmh_statement {
    struct jmh_sqlite *db;
    sqlite3_stmt *raw;
    jm_value *columns;
    int column_cap;
    struct jmh_access access;
    const char *sql;
    char texts[]; /* sql, then the owner */
};

static const struct jmh_access of_host = {.owner = NULL};

/* SQLite tells a full disk from other failures, but neither an exhausted quota nor which call to the
 * kernel failed in a commit. */
static bool is_out_of_room(int error)
{
    return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

static int step_raw(sqlite3_stmt *raw)
{
    errno = 0;
    return sqlite3_step(raw);
}

static jm_status status_of(sqlite3 *raw)
{
    int code = sqlite3_extended_errcode(raw);
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT: /* a name that is taken, or a value that breaks its rule */
        return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
                       code == SQLITE_CONSTRAINT_ROWID
                   ? JM_EEXIST
                   : JM_EINVAL;
    case SQLITE_AUTH:
        return JM_EACCES;
    case SQLITE_FULL:
        return JM_ENOSPC;
    case SQLITE_NOMEM:
        return JM_ENOMEM;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return JM_EBUSY;
    case SQLITE_IOERR:
        return is_out_of_room(errno) ? JM_ENOSPC : JM_EIO;
    case SQLITE_ERROR:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
    case SQLITE_TOOBIG:
    case SQLITE_NOTADB:
        return JM_EINVAL;
    default:
        return JM_EIO;
    }
}

/* The sentence for what just failed on the connection. */
static jm_status fail(struct jmh_sqlite *db, const char *sql, struct jmh_err *err)
{
    jm_status status = status_of(db->raw);
    const char *why = sqlite3_errmsg(db->raw);
    if (db->denied[0] != '\0' && (status == JM_EINVAL || status == JM_EACCES)) {
        /* Refused inside a function or a virtual table it is a plain error to SQLite. */
        return jmh_err_set(err, JM_EACCES, "%s, in: " QUOTED_SQL, db->denied, sql);
    }
    if (status == JM_ENOSPC) {
        return jmh_err_set(err, status,
                           "There is no room left for the database %s (%s): free some space on its "
                           "disk",
                           sqlite3_db_filename(db->raw, "main"), why);
    }
    return jmh_err_set(err, status, "The database says: %s, in: " QUOTED_SQL, why, sql);
}

/* Without a column, SQLite only names a table ("SELECT count(*) FROM x"). It asks this also of the
 * name of a WITH clause, which is nobody's table. Which of both it is must be found out afterwards:
 * an authorizer may not use its connection. */
static bool leave_open(struct jmh_sqlite *db, const char *table, const char *column)
{
    if (column[0] != '\0') {
        return false;
    }
    jmh_buf_add(&db->named, table, strlen(table) + 1);
    return !db->named.failed;
}

static int allow(struct jmh_sqlite *db, enum jmh_access_kind kind, const char *name,
                 const char *detail)
{
    return jmh_access_allows(db->access, kind, name, detail, db->denied, sizeof db->denied)
               ? SQLITE_OK
               : SQLITE_DENY;
}

static int authorize(void *user, int action, const char *first, const char *second,
                     const char *database, const char *inner)
{
    (void)database;
    (void)inner;
    struct jmh_sqlite *db = user;
    if (db->access->owner == NULL) {
        return SQLITE_OK;
    }
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_READ:
        return leave_open(db, first, second) ? SQLITE_OK
                                             : allow(db, JMH_ACCESS_READ, first, second);
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        return allow(db, JMH_ACCESS_WRITE, first, NULL);
    case SQLITE_FUNCTION:
        return allow(db, JMH_ACCESS_CALL, second, NULL);
    case SQLITE_PRAGMA:
        return allow(db, JMH_ACCESS_PRAGMA, first, second);
    case SQLITE_CREATE_TABLE:
    case SQLITE_DROP_TABLE:
    case SQLITE_CREATE_VIEW:
    case SQLITE_DROP_VIEW:
    case SQLITE_REINDEX:
    case SQLITE_CREATE_INDEX:
    case SQLITE_DROP_INDEX:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_DROP_TRIGGER:
        return allow(db, JMH_ACCESS_SCHEMA, first, second);
    case SQLITE_ALTER_TABLE:
        return allow(db, JMH_ACCESS_SCHEMA, second, NULL);
    case SQLITE_CREATE_VTABLE:
    case SQLITE_DROP_VTABLE:
        return allow(db, JMH_ACCESS_MODULE, first, second);
    default:
        return allow(db, JMH_ACCESS_OTHER, NULL, NULL);
    }
}

/* Whether a name that was left open is a table that exists, and so somebody else's. */
static bool names_foreign_table(struct jmh_sqlite *db)
{
    for (size_t at = 0; at < db->named.len; at += strlen(db->named.data + at) + 1) {
        const char *name = db->named.data + at;
        if (sqlite3_table_column_metadata(db->raw, "main", name, NULL, NULL, NULL, NULL, NULL,
                                          NULL) == SQLITE_OK &&
            allow(db, JMH_ACCESS_READ, name, "") != SQLITE_OK) {
            return true;
        }
    }
    return false;
}

/* Prepare the first statement of `sql` under the access that is set; NULL with JM_OK where the text
 * holds none. */
static jm_status prepare(struct jmh_sqlite *db, const char *sql, unsigned flags,
                         sqlite3_stmt **raw_out, const char **rest_out, struct jmh_err *err)
{
    db->denied[0] = '\0';
    jmh_buf_clear(&db->named);
    if (sqlite3_prepare_v3(db->raw, sql, -1, flags, raw_out, rest_out) != SQLITE_OK) {
        return fail(db, sql, err);
    }
    if (names_foreign_table(db)) {
        sqlite3_finalize(*raw_out);
        *raw_out = NULL;
        return jmh_err_set(err, JM_EACCES, "%s, in: " QUOTED_SQL, db->denied, sql);
    }
    return JM_OK;
}

/* Whether the text behind the first statement holds anything but blanks and comments. */
static bool holds_more(struct jmh_sqlite *db, const char *rest)
{
    while (*rest != '\0') {
        sqlite3_stmt *raw = NULL;
        if (sqlite3_prepare_v3(db->raw, rest, -1, 0, &raw, &rest) != SQLITE_OK || raw != NULL) {
            sqlite3_finalize(raw);
            return true;
        }
    }
    return false;
}

struct jmh_sqlite *jmh_sqlite_open(const char *path, struct jmh_err *err)
{
    struct jmh_sqlite *db = calloc(1, sizeof *db);
    if (db == NULL || (db->path = strdup(path)) == NULL) {
        free(db);
        jmh_err_set(err, JM_ENOMEM, "There is no memory to open %s", path);
        return NULL;
    }
    db->access = &of_host;
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (sqlite3_open_v2(path, &db->raw, flags, NULL) != SQLITE_OK) {
        jmh_err_set(err, db->raw != NULL ? status_of(db->raw) : JM_ENOMEM,
                    "The database %s cannot be opened: %s", path, sqlite3_errmsg(db->raw));
        jmh_sqlite_close(db);
        return NULL;
    }
    (void)sqlite3_busy_timeout(db->raw, BUSY_TIMEOUT_MS);
    (void)sqlite3_db_config(db->raw, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(db->raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    /* A misspelt "column" is an error, not a text. */
    (void)sqlite3_db_config(db->raw, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    (void)sqlite3_db_config(db->raw, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    (void)sqlite3_set_authorizer(db->raw, authorize, db);
    return db;
}

void jmh_sqlite_close(struct jmh_sqlite *db)
{
    if (db == NULL) {
        return;
    }
    (void)sqlite3_close(db->raw);
    jmh_buf_fini(&db->named);
    free(db->path);
    free(db);
}

bool jmh_sqlite_in_transaction(const struct jmh_sqlite *db)
{
    return sqlite3_get_autocommit(db->raw) == 0;
}

bool jmh_sqlite_breaks_keys(const struct jmh_sqlite *db)
{
    int broken = 0;
    int unused = 0;
    return sqlite3_db_status(db->raw, SQLITE_DBSTATUS_DEFERRED_FKS, &broken, &unused, 0) ==
               SQLITE_OK &&
           broken != 0;
}

jm_status jmh_sqlite_script(struct jmh_sqlite *db, const char *owner, const char *sql,
                            struct jmh_err *err)
{
    const struct jmh_access access = {.owner = owner, .migrating = true};
    db->access = &access;
    jm_status status = JM_OK;
    while (status == JM_OK && *sql != '\0') {
        sqlite3_stmt *raw = NULL;
        const char *rest = sql;
        status = prepare(db, sql, 0, &raw, &rest, err);
        if (status == JM_OK && raw != NULL) {
            int result = SQLITE_ROW;
            while (result == SQLITE_ROW) {
                result = step_raw(raw);
            }
            if (result != SQLITE_DONE) {
                status = fail(db, sql, err);
            }
        }
        sqlite3_finalize(raw);
        sql = rest;
    }
    db->access = &of_host;
    return status;
}

jm_status jmh_statement_new(struct jmh_sqlite *db, const char *owner, const char *sql,
                            struct jmh_statement **statement_out, struct jmh_err *err)
{
    *statement_out = NULL;
    const size_t sql_bytes = strlen(sql) + 1;
    const size_t owner_bytes = owner != NULL ? strlen(owner) + 1 : 0;
    struct jmh_statement *statement = calloc(1, sizeof *statement + sql_bytes + owner_bytes);
    if (statement == NULL) {
        return jmh_err_set(err, JM_ENOMEM, "There is no memory for: " QUOTED_SQL, sql);
    }
    statement->db = db;
    statement->sql = memcpy(statement->texts, sql, sql_bytes);
    if (owner != NULL) {
        statement->access.owner = memcpy(statement->texts + sql_bytes, owner, owner_bytes);
    }
    db->access = &statement->access;
    const char *rest = NULL;
    jm_status status = prepare(db, sql, SQLITE_PREPARE_PERSISTENT, &statement->raw, &rest, err);
    if (status == JM_OK && statement->raw == NULL) {
        status = jmh_err_set(err, JM_EINVAL, "There is no statement in: " QUOTED_SQL, sql);
    } else if (status == JM_OK && holds_more(db, rest)) {
        status = jmh_err_set(err, JM_EINVAL, "Run one statement at a time, not: " QUOTED_SQL, sql);
    }
    db->access = &of_host;
    if (status != JM_OK) {
        jmh_statement_free(statement);
        return status;
    }
    *statement_out = statement;
    return JM_OK;
}

void jmh_statement_free(struct jmh_statement *statement)
{
    if (statement == NULL) {
        return;
    }
    sqlite3_finalize(statement->raw);
    free(statement->columns);
    free(statement);
}

bool jmh_statement_is(const struct jmh_statement *statement, const char *owner, const char *sql)
{
    const char *mine = statement->access.owner;
    return strcmp(statement->sql, sql) == 0 &&
           (owner == NULL ? mine == NULL : mine != NULL && strcmp(mine, owner) == 0);
}

const char *jmh_statement_owner(const struct jmh_statement *statement)
{
    return statement->access.owner;
}

bool jmh_statement_is_readonly(const struct jmh_statement *statement)
{
    return sqlite3_stmt_readonly(statement->raw) != 0;
}

/* 0 for a value of no known type, else what SQLite says. */
static int bind_value(sqlite3_stmt *raw, int index, const jm_value *value)
{
    /* SQLite takes a NULL pointer for the NULL value, not for an empty text. */
    const char *bytes = value->bytes.ptr != NULL ? value->bytes.ptr : "";
    switch (value->type) {
    case JM_VALUE_NULL:
        return sqlite3_bind_null(raw, index);
    case JM_VALUE_INT:
        return sqlite3_bind_int64(raw, index, value->integer);
    case JM_VALUE_REAL:
        return sqlite3_bind_double(raw, index, value->real);
    case JM_VALUE_TEXT:
        return sqlite3_bind_text64(raw, index, bytes, value->bytes.len, SQLITE_STATIC, SQLITE_UTF8);
    case JM_VALUE_BLOB:
        return sqlite3_bind_blob64(raw, index, bytes, value->bytes.len, SQLITE_STATIC);
    default:
        return SQLITE_MISUSE;
    }
}

jm_status jmh_statement_bind(struct jmh_statement *statement, const jm_value *args,
                             size_t arg_count, struct jmh_err *err)
{
    const char *sql = statement->sql;
    const int wanted = sqlite3_bind_parameter_count(statement->raw);
    if (arg_count != (size_t)wanted) {
        return jmh_err_set(err, JM_EINVAL,
                           "%zu arguments were given, %d are wanted by: " QUOTED_SQL, arg_count,
                           wanted, sql);
    }
    for (int i = 0; i < wanted; i++) {
        const int result = bind_value(statement->raw, i + 1, &args[i]);
        if (result == SQLITE_MISUSE) {
            return jmh_err_set(err, JM_EINVAL,
                               "Argument %d has the unknown type %d, of: " QUOTED_SQL, i + 1,
                               (int)args[i].type, sql);
        }
        if (result != SQLITE_OK) {
            return fail(statement->db, sql, err);
        }
    }
    return JM_OK;
}

static jm_value column_value(sqlite3_stmt *raw, int index)
{
    const int type = sqlite3_column_type(raw, index);
    jm_value value = {.type = JM_VALUE_NULL};
    if (type == SQLITE_INTEGER) {
        value.type = JM_VALUE_INT;
        value.integer = sqlite3_column_int64(raw, index);
    } else if (type == SQLITE_FLOAT) {
        value.type = JM_VALUE_REAL;
        value.real = sqlite3_column_double(raw, index);
    } else if (type == SQLITE_TEXT || type == SQLITE_BLOB) {
        const char *bytes = sqlite3_column_blob(raw, index);
        value.type = type == SQLITE_TEXT ? JM_VALUE_TEXT : JM_VALUE_BLOB;
        value.bytes.ptr = bytes != NULL ? bytes : "";
        value.bytes.len = (size_t)sqlite3_column_bytes(raw, index);
    }
    return value;
}

static bool read_columns(struct jmh_statement *statement)
{
    /* A statement that was prepared anew may have more columns than before. */
    const int count = sqlite3_data_count(statement->raw);
    if (count > statement->column_cap) {
        jm_value *columns = realloc(statement->columns, (size_t)count * sizeof *columns);
        if (columns == NULL) {
            return false;
        }
        statement->columns = columns;
        statement->column_cap = count;
    }
    for (int i = 0; i < count; i++) {
        statement->columns[i] = column_value(statement->raw, i);
    }
    return true;
}

jm_status jmh_statement_step(struct jmh_statement *statement, bool *row_out, struct jmh_err *err)
{
    struct jmh_sqlite *db = statement->db;
    db->access = &statement->access;
    db->denied[0] = '\0';
    jmh_buf_clear(&db->named);
    const int result = step_raw(statement->raw);
    db->access = &of_host;
    *row_out = result == SQLITE_ROW;
    if (result != SQLITE_ROW && result != SQLITE_DONE) {
        return fail(db, statement->sql, err);
    }
    if (*row_out && !read_columns(statement)) {
        return jmh_err_set(err, JM_ENOMEM, "There is no memory for a row of: " QUOTED_SQL,
                           statement->sql);
    }
    return JM_OK;
}

const jm_value *jmh_statement_columns(const struct jmh_statement *statement)
{
    return statement->columns;
}

void jmh_statement_reset(struct jmh_statement *statement)
{
    (void)sqlite3_reset(statement->raw);
    (void)sqlite3_clear_bindings(statement->raw);
}

static jm_status run_rows(struct jmh_statement *statement, jm_row_fn row, void *user,
                          struct jmh_err *err)
{
    for (;;) {
        bool has_row = false;
        jm_status status = jmh_statement_step(statement, &has_row, err);
        if (status != JM_OK || !has_row) {
            return status;
        }
        if (row == NULL) {
            continue;
        }
        status = row(user, statement->columns, (size_t)sqlite3_data_count(statement->raw));
        if (status < 0) {
            return status;
        }
    }
}

jm_status jmh_statement_run(struct jmh_statement *statement, const jm_value *args, size_t arg_count,
                            jm_row_fn row, void *user, jm_exec_result *result_out,
                            struct jmh_err *err)
{
    sqlite3 *raw = statement->db->raw;
    const sqlite3_int64 changes_before = sqlite3_total_changes64(raw);
    sqlite3_set_last_insert_rowid(raw, 0);
    jm_status status = jmh_statement_bind(statement, args, arg_count, err);
    if (status == JM_OK) {
        status = run_rows(statement, row, user, err);
    }
    jmh_statement_reset(statement);
    if (status == JM_OK && result_out != NULL) {
        /* Both are of the last statement that changed something, which need not be this one. */
        const bool changed = sqlite3_total_changes64(raw) != changes_before;
        result_out->changes = changed ? sqlite3_changes64(raw) : 0;
        result_out->last_row_id = sqlite3_last_insert_rowid(raw);
    }
    return status;
}
