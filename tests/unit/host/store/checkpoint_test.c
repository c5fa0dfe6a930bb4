/* Checkpoints on another thread keep the write-ahead log short while the loop writes. */
#include "fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

#define TURNS INT64_C(400)

static int64_t bytes_of(struct fixture *fixture, const char *name)
{
    struct stat facts;
    return stat(fixture_path(fixture, name), &facts) == 0 ? facts.st_size : 0;
}

static void write_turn(struct fixture *fixture)
{
    run_turn(fixture, "shop", "INSERT INTO shop_items VALUES (zeroblob(10000))");
}

static int setup(void **state)
{
    const int result = fixture_setup(state);
    make_tables(*state, "shop", "CREATE TABLE shop_items (bytes BLOB)");
    return result;
}

static void nothing_is_moved_without_one(void **state)
{
    struct fixture *fixture = *state;
    const int64_t before = bytes_of(fixture, "junmai.db");
    for (int i = 0; i < TURNS; i++) {
        write_turn(fixture);
    }
    assert_int_equal(bytes_of(fixture, "junmai.db"), before);
    assert_true(bytes_of(fixture, "junmai.db-wal") > TURNS * 10000);
    jmh_store_checkpoint(fixture->store);
    assert_true(bytes_of(fixture, "junmai.db") > TURNS * 10000);
}

static void the_log_is_used_again_from_its_start(void **state)
{
    struct fixture *fixture = *state;
    for (int i = 0; i < TURNS; i++) {
        write_turn(fixture);
        jmh_store_checkpoint(fixture->store);
    }
    assert_true(bytes_of(fixture, "junmai.db-wal") < 1000000);
    assert_int_equal(ask(fixture, "shop", "SELECT count(*) FROM shop_items"), TURNS);
}

struct helper {
    struct jmh_store *store;
    atomic_bool stop;
    atomic_int rounds;
};

static void *checkpoint_all_the_time(void *user)
{
    struct helper *helper = user;
    while (!atomic_load(&helper->stop)) {
        jmh_store_checkpoint(helper->store);
        atomic_fetch_add(&helper->rounds, 1);
    }
    return NULL;
}

static void it_runs_beside_the_writer(void **state)
{
    struct fixture *fixture = *state;
    struct helper helper = {.store = fixture->store};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, checkpoint_all_the_time, &helper), 0);
    int64_t turns = 0;
    while (turns < TURNS || atomic_load(&helper.rounds) < 10) {
        write_turn(fixture);
        turns++;
    }
    atomic_store(&helper.stop, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    fixture_reopen(fixture, "first boot");
    assert_int_equal(ask(fixture, "shop", "SELECT count(*) FROM shop_items"), turns);
}

static void closing_leaves_one_file(void **state)
{
    struct fixture *fixture = *state;
    write_turn(fixture);
    jmh_store_close(fixture->store);
    fixture->store = NULL;
    assert_int_equal(bytes_of(fixture, "junmai.db-wal"), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_moved_without_one),
        TEST(the_log_is_used_again_from_its_start),
        TEST(it_runs_beside_the_writer),
        TEST(closing_leaves_one_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
