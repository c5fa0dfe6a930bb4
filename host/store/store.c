/* The store: opening, closing, running statements, committing turns; see store.h. On the loop thread,
 * but for the checkpoint. */
#include "host/store/impl.h"
#include "host/store/schema.h"
#include "host/util/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Checkpoints run on the thread pool. A page that is freed is not overwritten with zeros: that would
 * write everything that retention removes once more. The journals of savepoints stay in memory: each
 * callback has one, and as files they took a third of a job's time. */
static const char settings[] = "PRAGMA wal_autocheckpoint = 0;"
                               "PRAGMA journal_size_limit = 67108864;"
                               "PRAGMA cache_size = -16384;"
                               "PRAGMA secure_delete = OFF;"
                               "PRAGMA temp_store = MEMORY;"
                               "PRAGMA foreign_keys = ON;";

static jm_status set_durability(struct jmh_store *store, enum jmh_durability durability,
                                struct jmh_err *err)
{
    return jmh_sqlite_script(store->db, NULL,
                             durability == JMH_DURABILITY_FULL ? "PRAGMA synchronous = FULL"
                                                               : "PRAGMA synchronous = NORMAL",
                             err);
}

static jm_status begin_run(struct jmh_store *store, const char *boot_id, struct jmh_err *err)
{
    /* Fully durable whatever the option says: a run that a power cut could hide would let the next
     * one use its sequence numbers again. */
    jm_status status = set_durability(store, JMH_DURABILITY_FULL, err);
    if (status == JM_OK) {
        status = jmh_life_begin(store, boot_id, err);
    }
    if (status == JM_OK) {
        status = jmh_store_commit(store, err);
    }
    return status == JM_OK ? set_durability(store, store->durability, err) : status;
}

static jm_status open_database(struct jmh_store *store, const struct jmh_store_options *options,
                               struct jmh_err *err)
{
    const size_t path_bytes = strlen(options->data_dir) + sizeof "/junmai.db";
    store->path = malloc(path_bytes);
    if (store->path == NULL) {
        return jmh_err_set(err, JM_ENOMEM, "There is no memory to open the store");
    }
    (void)snprintf(store->path, path_bytes, "%s/junmai.db", options->data_dir);
    store->durability = options->durability;
    store->db = jmh_sqlite_open(store->path, err);
    if (store->db == NULL) {
        return err->code;
    }
    jm_status status = jmh_schema_open(store->db, store->path, err);
    if (status == JM_OK) {
        status = jmh_sqlite_script(store->db, NULL, settings, err);
    }
    if (status == JM_OK) {
        status = jmh_transaction_init(&store->transaction, store->db, err);
    }
    if (status == JM_OK) {
        status = jmh_events_load(store, err);
    }
    return status == JM_OK ? begin_run(store, options->boot_id, err) : status;
}

static void free_store(struct jmh_store *store)
{
    jmh_statements_fini(&store->statements);
    jmh_events_fini(&store->events);
    jmh_transaction_fini(&store->transaction);
    jmh_sqlite_close(store->db);
    free(store->path);
    free(store);
}

struct jmh_store *jmh_store_open(const struct jmh_store_options *options, struct jmh_err *err)
{
    struct jmh_err failure = {0};
    struct jmh_store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        jmh_err_set(err, JM_ENOMEM, "There is no memory to open the store");
        return NULL;
    }
    if (open_database(store, options, &failure) != JM_OK) {
        jmh_err_set(err, failure.code, "%s", failure.text);
        free_store(store);
        return NULL;
    }
    return store;
}

void jmh_store_close(struct jmh_store *store)
{
    if (store == NULL) {
        return;
    }
    struct jmh_err err = {0};
    jmh_store_rollback(store);
    jm_status status = set_durability(store, JMH_DURABILITY_FULL, &err);
    if (status == JM_OK) {
        status = jmh_life_end(store, &err);
    }
    if (status == JM_OK) {
        status = jmh_store_commit(store, &err);
    }
    if (status != JM_OK) {
        jmh_trace(JM_LOG_WARNING, "store", "The clean end of this run is not noted: %s", err.text);
    }
    /* Where it fails, the next start finds the rest in the write-ahead log. */
    (void)jmh_sqlite_script(store->db, NULL, "PRAGMA wal_checkpoint(TRUNCATE)", NULL);
    free_store(store);
}

void jmh_store_checkpoint(struct jmh_store *store)
{
    struct jmh_err err = {0};
    struct jmh_sqlite *db = jmh_sqlite_open(store->path, &err);
    if (db == NULL ||
        jmh_sqlite_script(db, NULL, "PRAGMA wal_checkpoint(PASSIVE)", &err) != JM_OK) {
        jmh_trace(JM_LOG_WARNING, "store", "A checkpoint failed, the next one tries again: %s",
                  err.text);
    }
    jmh_sqlite_close(db);
}

void jmh_store_begin_call(struct jmh_store *store)
{
    jmh_transaction_begin_call(&store->transaction);
    jmh_events_begin_call(&store->events);
}

jm_status jmh_store_end_call(struct jmh_store *store, bool ok)
{
    const jm_status status = jmh_transaction_end_call(&store->transaction, ok);
    if (!ok || status != JM_OK) {
        jmh_events_abort_call(&store->events);
    }
    return status;
}

bool jmh_store_is_dirty(const struct jmh_store *store)
{
    return store->transaction.state != JMH_TRANSACTION_CLEAN || store->life.seq_unsaved;
}

static uint64_t now_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* What the store keeps in memory during a turn. */
static jm_status flush(struct jmh_store *store, struct jmh_err *err)
{
    jm_status status = jmh_life_flush(store, err);
    return status == JM_OK ? jmh_events_flush(store, err) : status;
}

jm_status jmh_store_commit(struct jmh_store *store, struct jmh_err *err)
{
    if (!jmh_store_is_dirty(store)) {
        return JM_OK;
    }
    const uint64_t start_us = now_us();
    jm_status status = flush(store, err);
    if (status == JM_OK) {
        status = jmh_transaction_commit(&store->transaction, err);
    }
    if (status == JM_OK) {
        store->life.seq_unsaved = false;
        jmh_events_end_turn(&store->events, true);
        store->commits++;
    } else {
        jmh_store_rollback(store);
        store->failed_commits++;
    }
    store->commit_us_total += now_us() - start_us;
    return status;
}

void jmh_store_rollback(struct jmh_store *store)
{
    jmh_transaction_abort(&store->transaction);
    jmh_events_end_turn(&store->events, false);
}

jm_status jmh_store_exec(struct jmh_store *store, const char *owner, const char *sql,
                         const jm_value *args, size_t arg_count, jm_row_fn row, void *user,
                         jm_exec_result *result_out, struct jmh_err *err)
{
    struct jmh_statement *statement = NULL;
    /* Before the search, which may drop the statement whose row is being handed out. */
    jm_status status = jmh_transaction_check(&store->transaction, err);
    if (status == JM_OK) {
        status = jmh_statements_get(&store->statements, store->db, owner, sql, &statement, err);
    }
    if (status != JM_OK) {
        return status;
    }
    return jmh_transaction_run(&store->transaction, statement, args, arg_count, row, user,
                               result_out, err);
}

void jmh_store_forget(struct jmh_store *store, const char *owner)
{
    jmh_statements_forget(&store->statements, owner);
}

struct jmh_store_stats jmh_store_stats(const struct jmh_store *store)
{
    return (struct jmh_store_stats){
        .commits = store->commits,
        .failed_commits = store->failed_commits,
        .events = store->events.size.events,
        .log_bytes = store->events.size.bytes,
        .commit_us_total = store->commit_us_total,
    };
}
