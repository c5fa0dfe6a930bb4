/* The life of the data directory: its epoch, its runs, and the sequence numbers given out.
 *
 * Kept as rows of junmai_meta. The epoch names a life within which no sequence number is used twice:
 * where numbers may have been lost that clients have seen, a new one begins. */
#ifndef JMH_STORE_LIFE_H
#define JMH_STORE_LIFE_H

#include "host/store/store.h"

#define JMH_EPOCH_BYTES 17

struct jmh_life {
    char epoch[JMH_EPOCH_BYTES];
    uint32_t run;
    uint64_t next_seq; /* the first that is in no block */
    bool seq_unsaved;  /* next_seq is to be written with the turn */
};

/* Read the facts, count the run, decide the epoch and note that the end is not clean yet; all of it
 * in the turn, which the caller commits so that it survives a power cut. `boot_id` as in
 * jmh_store_options. */
jm_status jmh_life_begin(struct jmh_store *store, const char *boot_id, struct jmh_err *err);
/* Write next_seq into the turn, where that is to be done. The caller clears seq_unsaved once it is
 * committed. */
jm_status jmh_life_flush(struct jmh_store *store, struct jmh_err *err);
/* Note a clean end, in the turn. */
jm_status jmh_life_end(struct jmh_store *store, struct jmh_err *err);

/* One row of junmai_meta. Reading an integer that is not there leaves *value as it is. */
jm_status jmh_meta_put(struct jmh_store *store, const char *key, jm_value value,
                       struct jmh_err *err);
jm_status jmh_meta_int(struct jmh_store *store, const char *key, int64_t *value,
                       struct jmh_err *err);

#endif
