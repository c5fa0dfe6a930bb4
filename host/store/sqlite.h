/* A thin layer over SQLite, the only code that sees sqlite3.h: a connection, its statements, values
 * as jm_value, failures as JM_E* and a sentence.
 *
 * It knows no table. What a plugin may touch is decided by access.h; when a transaction begins and
 * ends, by transaction.h. A connection and its statements belong to one thread. */
#ifndef JMH_STORE_SQLITE_H
#define JMH_STORE_SQLITE_H

#include "host/util/err.h"

#include <junmai/ext/store.h>
#include <stdbool.h>

struct jmh_sqlite;
struct jmh_statement;

/* Open the file, made when it is missing. No setting of it is changed yet. */
struct jmh_sqlite *jmh_sqlite_open(const char *path, struct jmh_err *err);
/* All its statements must have been freed. */
void jmh_sqlite_close(struct jmh_sqlite *db);
/* Whether a transaction is open; SQLite ends one by itself after some failures. */
bool jmh_sqlite_in_transaction(const struct jmh_sqlite *db);
/* Whether rows are in the transaction that break a deferred foreign key. */
bool jmh_sqlite_breaks_keys(const struct jmh_sqlite *db);
/* Run one or more statements without arguments, for a plugin's migration (`owner`) or, with owner
 * NULL, for the host. Rows are dropped. */
jm_status jmh_sqlite_script(struct jmh_sqlite *db, const char *owner, const char *sql,
                            struct jmh_err *err);

/* Prepare the one statement of `sql` for a plugin, or with owner NULL for the host, checked against
 * the rules of access.h. */
jm_status jmh_statement_new(struct jmh_sqlite *db, const char *owner, const char *sql,
                            struct jmh_statement **statement_out, struct jmh_err *err);
void jmh_statement_free(struct jmh_statement *statement);
/* Whether it was made of that text for that owner. */
bool jmh_statement_is(const struct jmh_statement *statement, const char *owner, const char *sql);
const char *jmh_statement_owner(const struct jmh_statement *statement);
bool jmh_statement_is_readonly(const struct jmh_statement *statement);

/* Bind, step through all rows, reset: what ext/store.h says of exec(). A status of `row` is passed on
 * without a sentence: it is the caller's who gave it. */
jm_status jmh_statement_run(struct jmh_statement *statement, const jm_value *args, size_t arg_count,
                            jm_row_fn row, void *user, jm_exec_result *result_out,
                            struct jmh_err *err);

/* The same in single steps. The arguments are borrowed until the reset, the columns until the next
 * step; a step that finds no row sets *row_out to false. */
jm_status jmh_statement_bind(struct jmh_statement *statement, const jm_value *args,
                             size_t arg_count, struct jmh_err *err);
jm_status jmh_statement_step(struct jmh_statement *statement, bool *row_out, struct jmh_err *err);
const jm_value *jmh_statement_columns(const struct jmh_statement *statement);
void jmh_statement_reset(struct jmh_statement *statement);

/* Short forms of arguments. */
static inline jm_value jmh_value_int(int64_t integer)
{
    return (jm_value){.type = JM_VALUE_INT, .integer = integer};
}

static inline jm_value jmh_value_text(jm_span text)
{
    return (jm_value){.type = JM_VALUE_TEXT, .bytes = text};
}

static inline jm_value jmh_value_blob(jm_span bytes)
{
    return (jm_value){.type = JM_VALUE_BLOB, .bytes = bytes};
}

#endif
