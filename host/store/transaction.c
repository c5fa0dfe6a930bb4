/* One transaction per turn; see transaction.h. Owned by the store, on the loop thread. */
#include "host/store/transaction.h"

static const char *const texts[JMH_TRANSACTION_STEPS] = {
    [JMH_TRANSACTION_BEGIN] = "BEGIN IMMEDIATE",
    [JMH_TRANSACTION_COMMIT] = "COMMIT",
    [JMH_TRANSACTION_ABORT] = "ROLLBACK",
    [JMH_TRANSACTION_SAVE] = "SAVEPOINT junmai_call",
    [JMH_TRANSACTION_KEEP] = "RELEASE junmai_call",
    [JMH_TRANSACTION_TAKE_BACK] = "ROLLBACK TO junmai_call",
};

jm_status jmh_transaction_init(struct jmh_transaction *tx, struct jmh_sqlite *db,
                               struct jmh_err *err)
{
    *tx = (struct jmh_transaction){.db = db};
    jm_status status = JM_OK;
    for (int i = 0; i < JMH_TRANSACTION_STEPS && status == JM_OK; i++) {
        status = jmh_statement_new(db, NULL, texts[i], &tx->steps[i], err);
    }
    return status;
}

void jmh_transaction_fini(struct jmh_transaction *tx)
{
    for (int i = 0; i < JMH_TRANSACTION_STEPS; i++) {
        jmh_statement_free(tx->steps[i]);
        tx->steps[i] = NULL;
    }
}

static jm_status take(struct jmh_transaction *tx, enum jmh_transaction_step step,
                      struct jmh_err *err)
{
    return jmh_statement_run(tx->steps[step], NULL, 0, NULL, NULL, NULL, err);
}

static void abort_if_open(struct jmh_transaction *tx)
{
    if (jmh_sqlite_in_transaction(tx->db)) {
        (void)take(tx, JMH_TRANSACTION_ABORT, NULL);
    }
}

static void break_turn(struct jmh_transaction *tx, const struct jmh_err *why)
{
    abort_if_open(tx);
    tx->state = JMH_TRANSACTION_BROKEN;
    tx->has_savepoint = false;
    tx->cause = *why;
}

static jm_status tell_cause(const struct jmh_transaction *tx, struct jmh_err *err)
{
    return jmh_err_set(err, tx->cause.code, "%s", tx->cause.text);
}

static jm_status prepare_to_write(struct jmh_transaction *tx, struct jmh_err *err)
{
    jm_status status = JM_OK;
    if (tx->state == JMH_TRANSACTION_BROKEN) {
        return tell_cause(tx, err);
    }
    if (tx->state == JMH_TRANSACTION_CLEAN) {
        status = take(tx, JMH_TRANSACTION_BEGIN, err);
        tx->state = status == JM_OK ? JMH_TRANSACTION_DIRTY : JMH_TRANSACTION_CLEAN;
    }
    if (status == JM_OK && tx->in_call && !tx->has_savepoint) {
        status = take(tx, JMH_TRANSACTION_SAVE, err);
        tx->has_savepoint = status == JM_OK;
    }
    return status;
}

void jmh_transaction_begin_call(struct jmh_transaction *tx)
{
    tx->in_call = true;
}

static jm_status take_back(struct jmh_transaction *tx)
{
    struct jmh_err err = {0};
    jm_status status = take(tx, JMH_TRANSACTION_TAKE_BACK, &err);
    if (status == JM_OK) {
        status = take(tx, JMH_TRANSACTION_KEEP, &err);
    }
    if (status != JM_OK) {
        break_turn(tx, &err);
    }
    return status;
}

jm_status jmh_transaction_end_call(struct jmh_transaction *tx, bool ok)
{
    jm_status status = JM_OK;
    tx->in_call = false;
    if (tx->state == JMH_TRANSACTION_BROKEN) {
        return tx->cause.code;
    }
    if (!tx->has_savepoint) {
        return JM_OK;
    }
    /* A deferred key that is left broken would make the commit of everybody's turn fail. */
    if (ok && jmh_sqlite_breaks_keys(tx->db)) {
        ok = false;
        status = JM_EINVAL;
    }
    if (!ok) {
        const jm_status taken_back = take_back(tx);
        status = taken_back != JM_OK ? taken_back : status;
    } else {
        struct jmh_err err = {0};
        status = take(tx, JMH_TRANSACTION_KEEP, &err);
        if (status != JM_OK) {
            break_turn(tx, &err);
        }
    }
    tx->has_savepoint = false;
    return status;
}

jm_status jmh_transaction_check(const struct jmh_transaction *tx, struct jmh_err *err)
{
    return tx->is_busy ? jmh_err_set(err, JM_ESTATE,
                                     "The store was called from inside a callback that it gives a "
                                     "row to: keep what you need and call it afterwards")
                       : JM_OK;
}

jm_status jmh_transaction_enter(struct jmh_transaction *tx, struct jmh_err *err)
{
    const jm_status status = jmh_transaction_check(tx, err);
    tx->is_busy = true;
    return status;
}

void jmh_transaction_leave(struct jmh_transaction *tx, const struct jmh_err *why)
{
    tx->is_busy = false;
    if (tx->state == JMH_TRANSACTION_DIRTY && !jmh_sqlite_in_transaction(tx->db)) {
        break_turn(tx, why);
    }
}

jm_status jmh_transaction_run(struct jmh_transaction *tx, struct jmh_statement *statement,
                              const jm_value *args, size_t arg_count, jm_row_fn row, void *user,
                              jm_exec_result *result_out, struct jmh_err *err)
{
    jm_status status = jmh_transaction_enter(tx, err);
    if (status != JM_OK) {
        return status;
    }
    struct jmh_err failure;
    failure.code = JM_OK;
    failure.text[0] = '\0';
    if (!jmh_statement_is_readonly(statement)) {
        status = prepare_to_write(tx, &failure);
    }
    if (status == JM_OK) {
        status = jmh_statement_run(statement, args, arg_count, row, user, result_out, &failure);
    }
    jmh_transaction_leave(tx, &failure);
    return status == JM_OK ? JM_OK : jmh_err_set(err, status, "%s", failure.text);
}

jm_status jmh_transaction_commit(struct jmh_transaction *tx, struct jmh_err *err)
{
    jm_status status = JM_OK;
    if (tx->state == JMH_TRANSACTION_BROKEN) {
        status = tell_cause(tx, err);
    } else if (tx->state == JMH_TRANSACTION_DIRTY) {
        status = take(tx, JMH_TRANSACTION_COMMIT, err);
    }
    jmh_transaction_abort(tx);
    return status;
}

void jmh_transaction_abort(struct jmh_transaction *tx)
{
    abort_if_open(tx);
    tx->state = JMH_TRANSACTION_CLEAN;
    tx->has_savepoint = false;
}
