/* The transaction of one turn of the loop and the savepoints of its calls.
 *
 * Both are begun by the first statement that writes. SQLite may roll a transaction back by itself in
 * the middle of a statement (a full disk, a failing one, "ON CONFLICT ROLLBACK"): the turn is broken
 * then. It writes nothing more, and its commit fails with the cause. */
#ifndef JMH_STORE_TRANSACTION_H
#define JMH_STORE_TRANSACTION_H

#include "host/store/sqlite.h"

enum jmh_transaction_state { JMH_TRANSACTION_CLEAN, JMH_TRANSACTION_DIRTY, JMH_TRANSACTION_BROKEN };

enum jmh_transaction_step {
    JMH_TRANSACTION_BEGIN,
    JMH_TRANSACTION_COMMIT,
    JMH_TRANSACTION_ABORT,
    JMH_TRANSACTION_SAVE,
    JMH_TRANSACTION_KEEP,
    JMH_TRANSACTION_TAKE_BACK,
    JMH_TRANSACTION_STEPS
};

struct jmh_transaction {
    struct jmh_sqlite *db;
    enum jmh_transaction_state state;
    bool in_call;
    bool has_savepoint;   /* of the call */
    bool is_busy;         /* a row or an event is being handed out */
    struct jmh_err cause; /* of BROKEN */
    struct jmh_statement *steps[JMH_TRANSACTION_STEPS];
};

/* A turn whose init failed needs its fini too. */
jm_status jmh_transaction_init(struct jmh_transaction *tx, struct jmh_sqlite *db,
                               struct jmh_err *err);
void jmh_transaction_fini(struct jmh_transaction *tx);

void jmh_transaction_begin_call(struct jmh_transaction *tx);
/* Keep or take back what the call wrote. JM_EINVAL where it was to be kept but broke a deferred
 * foreign key, and the cause where the turn is broken: then it is taken back too. */
jm_status jmh_transaction_end_call(struct jmh_transaction *tx, bool ok);
/* What jmh_statement_run() does, within the turn. */
jm_status jmh_transaction_run(struct jmh_transaction *tx, struct jmh_statement *statement,
                              const jm_value *args, size_t arg_count, jm_row_fn row, void *user,
                              jm_exec_result *result_out, struct jmh_err *err);
/* JM_ESTATE inside a callback that is given a row. */
jm_status jmh_transaction_check(const struct jmh_transaction *tx, struct jmh_err *err);
/* Around statements that are stepped elsewhere: the check, and afterwards a look at whether SQLite
 * has rolled back because of `why`. */
jm_status jmh_transaction_enter(struct jmh_transaction *tx, struct jmh_err *err);
void jmh_transaction_leave(struct jmh_transaction *tx, const struct jmh_err *why);
/* The turn is clean afterwards, whether it succeeds or fails. */
jm_status jmh_transaction_commit(struct jmh_transaction *tx, struct jmh_err *err);
void jmh_transaction_abort(struct jmh_transaction *tx);

#endif
