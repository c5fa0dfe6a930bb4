/* Kept prepared statements; see statements.h. Owned by the store, on the loop thread. */
#include "host/store/statements.h"

#include "host/util/hash.h"

#include <string.h>

void jmh_statements_fini(struct jmh_statements *kept)
{
    for (size_t i = 0; i < kept->count; i++) {
        jmh_statement_free(kept->statements[i]);
    }
    kept->count = 0;
}

static uint64_t hash_of(const char *owner, const char *sql)
{
    const uint64_t hash = jmh_hash(sql, strlen(sql));
    return owner != NULL ? hash ^ (jmh_hash(owner, strlen(owner)) << 1) : hash;
}

static size_t find(const struct jmh_statements *kept, uint64_t hash, const char *owner,
                   const char *sql)
{
    for (size_t i = 0; i < kept->count; i++) {
        if (kept->hashes[i] == hash && jmh_statement_is(kept->statements[i], owner, sql)) {
            return i;
        }
    }
    return kept->count;
}

/* The index for one more statement. */
static size_t make_room(struct jmh_statements *kept)
{
    if (kept->count < JMH_STATEMENTS_KEPT) {
        return kept->count++;
    }
    size_t oldest = 0;
    for (size_t i = 1; i < kept->count; i++) {
        if (kept->used[i] < kept->used[oldest]) {
            oldest = i;
        }
    }
    jmh_statement_free(kept->statements[oldest]);
    return oldest;
}

jm_status jmh_statements_get(struct jmh_statements *kept, struct jmh_sqlite *db, const char *owner,
                             const char *sql, struct jmh_statement **statement_out,
                             struct jmh_err *err)
{
    const uint64_t hash = hash_of(owner, sql);
    size_t at = find(kept, hash, owner, sql);
    if (at == kept->count) {
        struct jmh_statement *statement = NULL;
        jm_status status = jmh_statement_new(db, owner, sql, &statement, err);
        if (status != JM_OK) {
            return status;
        }
        at = make_room(kept);
        kept->hashes[at] = hash;
        kept->statements[at] = statement;
    }
    kept->used[at] = ++kept->clock;
    *statement_out = kept->statements[at];
    return JM_OK;
}

void jmh_statements_forget(struct jmh_statements *kept, const char *owner)
{
    size_t at = 0;
    while (at < kept->count) {
        const char *of = jmh_statement_owner(kept->statements[at]);
        if (of == NULL || strcmp(of, owner) != 0) {
            at++;
            continue;
        }
        jmh_statement_free(kept->statements[at]);
        const size_t last = --kept->count;
        kept->hashes[at] = kept->hashes[last];
        kept->used[at] = kept->used[last];
        kept->statements[at] = kept->statements[last];
    }
}
