/* The prepared statements that are kept: one per owner and text, the least recently used dropped. */
#ifndef JMH_STORE_STATEMENTS_H
#define JMH_STORE_STATEMENTS_H

#include "host/store/sqlite.h"

#define JMH_STATEMENTS_KEPT 256

/* Zero-initialise it to begin. */
struct jmh_statements {
    size_t count;
    uint64_t clock;
    /* Of the statement of the same index. A search walks the hashes alone. */
    uint64_t hashes[JMH_STATEMENTS_KEPT];
    uint64_t used[JMH_STATEMENTS_KEPT];
    struct jmh_statement *statements[JMH_STATEMENTS_KEPT];
};

void jmh_statements_fini(struct jmh_statements *kept);
/* The statement of that text, prepared where it is not kept. Valid until the next call. */
jm_status jmh_statements_get(struct jmh_statements *kept, struct jmh_sqlite *db, const char *owner,
                             const char *sql, struct jmh_statement **statement_out,
                             struct jmh_err *err);
/* Drop those of one plugin. */
void jmh_statements_forget(struct jmh_statements *kept, const char *owner);

#endif
