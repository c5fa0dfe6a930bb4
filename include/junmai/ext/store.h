/* junmai.store/1 - the plugin's tables in the host's database (SQLite 3.40).
 *
 * Everything that handlers write in one turn of the loop is one transaction; each handler has a
 * savepoint of its own, taken back when it returns a negative status. Table, index, trigger and view
 * names begin with the plugin's name and '_' ("export_presets"); a plugin reads and writes its own
 * only, and asks other plugins through their services. Foreign keys are enforced. Each SQL text is
 * prepared once and kept (256 at most), so keep the texts few and pass values as arguments. */
#ifndef JUNMAI_EXT_STORE_H
#define JUNMAI_EXT_STORE_H

#include <junmai/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JM_EXT_STORE "junmai.store/1"

#define JM_VALUE_NULL 0
#define JM_VALUE_INT 1
#define JM_VALUE_REAL 2
#define JM_VALUE_TEXT 3
#define JM_VALUE_BLOB 4

/* An argument or a column. Of `integer`, `real` and `bytes` only the one that `type` names counts. */
typedef struct jm_value {
    int32_t type;      /* JM_VALUE_* */
    uint32_t reserved; /* 0 */
    int64_t integer;
    double real;
    jm_span bytes; /* TEXT and BLOB */
} jm_value;

/* One row; borrowed until the callback returns. A negative status ends the statement and becomes
 * its result. Must not call exec(). [loop] */
typedef jm_status (*jm_row_fn)(void *user, const jm_value *columns, size_t count);

/* Of the statement that was run. */
typedef struct jm_exec_result {
    int64_t changes;     /* rows inserted, updated or deleted, not counting triggers and cascades */
    int64_t last_row_id; /* of the last plain INSERT; an upsert that updates does not set it */
} jm_exec_result;

/* The turn that was under way is committed (JM_OK), or was taken back (why). A callback of the host
 * (plugin.h) of the next turn. [loop & (active | draining)] */
typedef jm_status (*jm_commit_fn)(void *user, jm_status status);

typedef struct jm_migration {
    int32_t version;   /* 1, 2, 3, … without a gap */
    uint32_t reserved; /* 0 */
    const char *sql;   /* one or more statements, also of triggers and views; runs once, in a
                          transaction of its own */
} jm_migration;

typedef struct jm_host_store {
    uint32_t size;
    /* Declare the plugin's schema; the host brings the tables to the last version before
     * activate(). The table must live until destroy(). [loop & loaded]
     * Returns JM_OK, JM_EINVAL (versions with a gap). */
    jm_status (*migrate)(const jm_host *host, const jm_migration *migrations, size_t count);
    /* Run one statement with its arguments (?1, ?2, …; exactly as many as it has); `row` gets each
     * row in order and may be NULL; `result_out` may be NULL. Also in activate() and drain().
     * [loop & (inited | active | draining)]
     * Returns JM_OK, JM_EINVAL (the sentence quotes the SQL's fault; also a CHECK, NOT NULL or foreign
     * key that is broken), JM_EEXIST (a UNIQUE or primary key that is taken), JM_EACCES (another
     * plugin's table, or a change of the schema, which only migrations may make), JM_ENOSPC, JM_EIO, or
     * what `row` returned. */
    jm_status (*exec)(const jm_host *host, const char *sql, const jm_value *args, size_t arg_count,
                      jm_row_fn row, void *user, jm_exec_result *result_out);
    /* Be told how the turn ends: for work that goes on in later turns and must not build on what was
     * taken back. Requests of the turn are answered right without it.
     * [loop & (active | draining)]  Returns JM_OK, JM_EINVAL (no fn), JM_ENOMEM. */
    jm_status (*after_commit)(const jm_host *host, jm_commit_fn fn, void *user);
} jm_host_store;

#ifdef __cplusplus
}
#endif
#endif
