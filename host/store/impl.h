/* What a store is made of. Private to host/store/. */
#ifndef JMH_STORE_IMPL_H
#define JMH_STORE_IMPL_H

#include "host/store/events.h"
#include "host/store/life.h"
#include "host/store/statements.h"
#include "host/store/store.h"
#include "host/store/transaction.h"

struct jmh_store {
    char *path; /* of the database; never changes, so that checkpoints may read it on any thread */
    enum jmh_durability durability;
    struct jmh_sqlite *db;
    struct jmh_statements statements;
    struct jmh_transaction transaction;
    struct jmh_life life;
    struct jmh_events events;
    uint64_t commits;
    uint64_t failed_commits;
    uint64_t commit_us_total;
};

#endif
