/* The host's database: one SQLite file, one writer, one transaction per turn of the loop.
 *
 * It keeps the tables of the plugins, the durable event log, the saved states of plugins and the
 * facts about the data directory itself. All functions are [loop] unless marked; errors are
 * JM_EINVAL (SQL, a CHECK, NOT NULL or foreign key), JM_EEXIST (a UNIQUE or primary key), JM_EACCES (another plugin's table), JM_ESTATE (called from
 * a row or replay callback), JM_EBUSY (another program holds the file), JM_ENOSPC, JM_EIO,
 * JM_ENOMEM, with a sentence. */
#ifndef JMH_STORE_STORE_H
#define JMH_STORE_STORE_H

#include "host/util/err.h"

#include <junmai/ext/store.h>
#include <stdbool.h>

struct jmh_store;

enum jmh_durability { JMH_DURABILITY_NORMAL, JMH_DURABILITY_FULL };

struct jmh_store_options {
    const char *data_dir; /* absolute, exists */
    enum jmh_durability durability;
    const char *boot_id; /* of this boot of the machine; NULL: ask the kernel */
};

/* Open or create DATA/junmai.db (WAL, foreign keys on), refuse one of a newer version (JM_EINVAL),
 * bring the host's own tables up to date, count the run, and decide the epoch: a new one where there
 * is none (new or restored directory: a backup leaves out the row "epoch" of junmai_meta), or after
 * an unclean end on another boot (/proc boot id) of a run with durability normal. */
struct jmh_store *jmh_store_open(const struct jmh_store_options *options, struct jmh_err *err);
/* Commits nothing; marks a clean end, checkpoints, closes. */
void jmh_store_close(struct jmh_store *store);

/* Facts about the life of the data directory. */
const char *jmh_store_epoch(const struct jmh_store *store); /* 16 characters of [a-z0-9] */
uint32_t jmh_store_run(const struct jmh_store *store);      /* 1 for the first start, grows */
/* Reserve a block of sequence numbers behind all earlier ones; the first of them. Outside a
 * transaction it is stored at once. Inside one it is stored with it, whatever becomes of the call;
 * where that commit fails, the store stays dirty until a later one has stored the block. So its
 * numbers may be used once a commit of the turn has succeeded. */
#define JMH_SEQ_BLOCK (UINT64_C(1) << 20)
jm_status jmh_store_reserve_seq(struct jmh_store *store, uint64_t *first_out, struct jmh_err *err);

/* Transactions. The store begins one with the first write of a turn, and a savepoint with the first
 * write of a call. Calls do not nest. */
void jmh_store_begin_call(struct jmh_store *store);
/* Keep (ok) or take back what the call wrote. Where it cannot be kept it is taken back too: JM_EINVAL
 * if it leaves a deferred foreign key broken, else why the turn is going to fail. */
jm_status jmh_store_end_call(struct jmh_store *store, bool ok);
/* Whether there is something to commit, or a failure that jmh_store_commit() has to tell. */
bool jmh_store_is_dirty(const struct jmh_store *store);
/* Commit the turn. On failure everything of the turn is rolled back, and the next turn begins anew. A
 * full disk may end the transaction in the middle of a turn: nothing more of that turn is written
 * then, and its commit fails with that reason. */
jm_status jmh_store_commit(struct jmh_store *store, struct jmh_err *err);
/* Take back everything of the turn. */
void jmh_store_rollback(struct jmh_store *store);

/* Run one statement for a plugin (`owner` is its name: tables "OWNER_…" only, and no change of the
 * schema, which belongs into migrations) or, with owner NULL, for the host. Statements are prepared
 * once per owner and text and kept (at most 256, least recently used dropped). A status of `row` is
 * passed on with an empty sentence. */
jm_status jmh_store_exec(struct jmh_store *store, const char *owner, const char *sql,
                         const jm_value *args, size_t arg_count, jm_row_fn row, void *user,
                         jm_exec_result *result_out, struct jmh_err *err);
/* Bring a plugin's schema to its last version, or leave it as it is: all missing migrations are one
 * transaction, outside a turn's. One of a newer version is JM_EINVAL, a table outside "OWNER_…" or a
 * foreign key to another plugin's table JM_EACCES. Foreign keys are checked at the end only. */
jm_status jmh_store_migrate(struct jmh_store *store, const char *owner,
                            const jm_migration *migrations, size_t count, struct jmh_err *err);
/* Finalise the statements of a plugin that has ended. */
void jmh_store_forget(struct jmh_store *store, const char *owner);

/* The durable event log. */
struct jmh_stored_event {
    uint64_t seq;
    int64_t utc_ms;
    jm_span channel; /* "" for every client */
    jm_span type;
    jm_span body; /* the whole JSON object, as it is sent */
};
/* Write one event into the turn's transaction. */
jm_status jmh_store_append(struct jmh_store *store, const struct jmh_stored_event *event,
                           struct jmh_err *err);
/* Hand out the events of these channels (names; count 0: all channels) with after < seq <= upto, in
 * order, until `fn` returns false. Events of channel "" always belong. */
jm_status jmh_store_replay(struct jmh_store *store, const char *const *channels, size_t count,
                           uint64_t after, uint64_t upto,
                           bool (*fn)(void *user, const struct jmh_stored_event *event), void *user,
                           struct jmh_err *err);
/* The highest seq that retention has removed of what a replay of that channel would hand out ("": of
 * any channel); 0 for none. */
uint64_t jmh_store_trimmed(const struct jmh_store *store, const char *channel);
/* Remove from the front of the log, in order of seq, while an event is older than `oldest_utc_ms` or
 * the bodies take more than `max_bytes`; at most `batch` rows a call, so that the loop is not held.
 * The number removed, or a negative error. Own transaction, or part of the open one; not inside a
 * call. */
int64_t jmh_store_trim(struct jmh_store *store, int64_t oldest_utc_ms, uint64_t max_bytes,
                       int64_t batch, struct jmh_err *err);
/* Move the WAL into the database over a connection of its own. May block. [any] */
void jmh_store_checkpoint(struct jmh_store *store);

/* States of plugins over reload and restart, of at most 3 MiB; written with the turn. */
jm_status jmh_store_save_state(struct jmh_store *store, const char *owner, int32_t version,
                               jm_span bytes, struct jmh_err *err);
/* JM_ENOENT where there is none; `fn` borrows the bytes, may use the store, and gives the result. */
jm_status jmh_store_load_state(struct jmh_store *store, const char *owner,
                               jm_status (*fn)(void *user, int32_t version, jm_span bytes),
                               void *user, struct jmh_err *err);

/* For /metrics. */
struct jmh_store_stats {
    uint64_t commits, failed_commits, events, log_bytes;
    uint64_t commit_us_total;
};
struct jmh_store_stats jmh_store_stats(const struct jmh_store *store);

#endif
