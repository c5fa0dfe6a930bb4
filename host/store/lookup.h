/* One value of the database, asked by the host while no turn is open. */
#ifndef JMH_STORE_LOOKUP_H
#define JMH_STORE_LOOKUP_H

#include "host/store/sqlite.h"

/* Run one statement of the host, with the text `arg` as ?1 where it is not NULL, and take the integer
 * of its last row; JM_ENOENT where it has none. */
jm_status jmh_lookup_int(struct jmh_sqlite *db, const char *sql, const char *arg,
                         int64_t *value_out, struct jmh_err *err);
/* The same for a statement that answers a text: whether it is `expected`. */
jm_status jmh_lookup_is(struct jmh_sqlite *db, const char *sql, const char *expected, bool *is_out,
                        struct jmh_err *err);

#endif
