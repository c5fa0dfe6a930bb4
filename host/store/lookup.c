/* One value of the database; see lookup.h. */
#include "host/store/lookup.h"

#include "host/util/span.h"

struct answer {
    bool is_there;
    int64_t integer;
    const char *expected; /* NULL: an integer is asked for */
};

static jm_status take(void *user, const jm_value *columns, size_t count)
{
    (void)count;
    struct answer *answer = user;
    answer->is_there = answer->expected == NULL || jmh_span_is(columns[0].bytes, answer->expected);
    answer->integer = columns[0].integer;
    return JM_OK;
}

static jm_status ask(struct jmh_sqlite *db, const char *sql, const char *arg, struct answer *answer,
                     struct jmh_err *err)
{
    struct jmh_statement *statement = NULL;
    const jm_value value = jmh_value_text(jmh_span(arg));
    jm_status status = jmh_statement_new(db, NULL, sql, &statement, err);
    if (status == JM_OK) {
        status = jmh_statement_run(statement, &value, arg != NULL, take, answer, NULL, err);
    }
    jmh_statement_free(statement);
    return status;
}

jm_status jmh_lookup_int(struct jmh_sqlite *db, const char *sql, const char *arg,
                         int64_t *value_out, struct jmh_err *err)
{
    struct answer answer = {0};
    jm_status status = ask(db, sql, arg, &answer, err);
    if (status == JM_OK && !answer.is_there) {
        return JM_ENOENT;
    }
    if (status == JM_OK) {
        *value_out = answer.integer;
    }
    return status;
}

jm_status jmh_lookup_is(struct jmh_sqlite *db, const char *sql, const char *expected, bool *is_out,
                        struct jmh_err *err)
{
    struct answer answer = {.expected = expected};
    jm_status status = ask(db, sql, NULL, &answer, err);
    *is_out = answer.is_there;
    return status;
}
