/* What the tests of the store share: a store in a temporary folder, short forms of its calls, and a
 * process that dies in the middle of its work. */
#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

#include "host/store/store.h"

/* cmocka.h needs these before it. */
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct fixture {
    char dir[64];
    struct jmh_store *store;
    struct jmh_err err;
    const char *boot_id;
    enum jmh_durability durability;
};

/* cmocka's setup and teardown: a new folder with an open store, both gone afterwards. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Close the store and open it again, the machine having booted as `boot_id`. */
void fixture_reopen(struct fixture *fixture, const char *boot_id);
/* Close the store, run `work` on it in a process that is killed then, and leave it closed. */
void fixture_crash(struct fixture *fixture, void (*work)(struct fixture *fixture));
void fixture_open(struct fixture *fixture);
/* A path in the folder; valid until the next call. */
const char *fixture_path(const struct fixture *fixture, const char *name);

/* One statement without arguments; what went wrong is in fixture->err. */
jm_status run(struct fixture *fixture, const char *owner, const char *sql);
/* The same as one whole turn, which must succeed. */
void run_turn(struct fixture *fixture, const char *owner, const char *sql);
/* The integer of the first row, which must be there. */
int64_t ask(struct fixture *fixture, const char *owner, const char *sql);
/* Migrate `owner` to one version, which must succeed. */
void make_tables(struct fixture *fixture, const char *owner, const char *sql);
/* An event of the channel, with the body "{}" and the time 1000 + seq. */
jm_status append(struct fixture *fixture, uint64_t seq, const char *channel);

#define assert_says(fixture, words) assert_non_null(strstr((fixture)->err.text, words))

#endif
