/* A disk without room: the turn fails as a whole, the next one works as soon as there is room. */
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static int setup(void **state)
{
    const int result = fixture_setup(state);
    make_tables(*state, "shop", "CREATE TABLE shop_items (bytes BLOB)");
    return result;
}

static jm_status add(struct fixture *fixture, const char *sql)
{
    jmh_store_begin_call(fixture->store);
    const jm_status status = run(fixture, "shop", sql);
    (void)jmh_store_end_call(fixture->store, status == JM_OK);
    return status;
}

#define ADD_SMALL "INSERT INTO shop_items VALUES ('small')"
#define ADD_LARGE "INSERT INTO shop_items VALUES (zeroblob(400000))"

static int64_t items(struct fixture *fixture)
{
    return ask(fixture, "shop", "SELECT count(*) FROM shop_items");
}

static jm_status commit(struct fixture *fixture)
{
    return jmh_store_commit(fixture->store, &fixture->err);
}

/* The disk being full: a small change and the event of the same turn, then one that has no room. */
static void fail_a_turn(struct fixture *fixture)
{
    const uint64_t events = jmh_store_stats(fixture->store).events;
    const int64_t before = items(fixture);
    (void)add(fixture, ADD_SMALL);
    (void)append(fixture, 7, "shop");
    (void)add(fixture, ADD_LARGE);
    (void)add(fixture, ADD_SMALL);
    assert_true(jmh_store_is_dirty(fixture->store));
    assert_int_equal(commit(fixture), JM_ENOSPC);
    assert_says(fixture, "no room left");
    assert_int_equal(items(fixture), before);
    assert_int_equal(jmh_store_stats(fixture->store).events, events);
    assert_int_equal(ask(fixture, NULL, "SELECT count(*) FROM junmai_events"), events);
}

static void work_again(struct fixture *fixture)
{
    const int64_t before = items(fixture);
    assert_int_equal(add(fixture, ADD_SMALL), JM_OK);
    assert_int_equal(append(fixture, 7, "shop"), JM_OK);
    assert_int_equal(add(fixture, ADD_LARGE), JM_OK);
    assert_int_equal(commit(fixture), JM_OK);
    assert_int_equal(items(fixture), before + 2);
    fixture_reopen(fixture, "first boot");
    assert_int_equal(items(fixture), before + 2);
    assert_int_equal(jmh_store_stats(fixture->store).events, 1);
}

static void a_full_database_breaks_the_turn(void **state)
{
    struct fixture *fixture = *state;
    /* In the middle of a statement, so that SQLite takes the transaction back by itself. */
    assert_true(ask(fixture, NULL, "PRAGMA max_page_count = 40") == 40);
    assert_int_equal(add(fixture, ADD_SMALL), JM_OK);
    assert_int_equal(add(fixture, ADD_LARGE), JM_ENOSPC);
    assert_int_equal(add(fixture, ADD_SMALL), JM_ENOSPC);
    assert_int_equal(append(fixture, 7, "shop"), JM_ENOSPC);
    assert_int_equal(commit(fixture), JM_ENOSPC);
    assert_int_equal(items(fixture), 0);
    fail_a_turn(fixture);
    assert_int_equal(add(fixture, ADD_SMALL), JM_OK);
    assert_int_equal(commit(fixture), JM_OK);
    assert_true(ask(fixture, NULL, "PRAGMA max_page_count = 100000") == 100000);
    work_again(fixture);
}

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_commit_that_cannot_write_fails_the_turn(void **state)
{
    struct fixture *fixture = *state;
    struct stat wal;
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(stat(fixture_path(fixture, "junmai.db-wal"), &wal), 0);
    limit_files((rlim_t)wal.st_size + 20000);
    for (int i = 0; i < 3; i++) {
        fail_a_turn(fixture);
    }
    limit_files(RLIM_INFINITY);
    work_again(fixture);
}

static void fill(struct fixture *fixture)
{
    static const char block[4096];
    const int fd = open(fixture_path(fixture, "ballast"), O_WRONLY | O_CREAT | O_APPEND, 0600);
    assert_true(fd >= 0);
    while (write(fd, block, sizeof block) > 0) {
    }
    assert_int_equal(errno, ENOSPC);
    (void)close(fd);
}

static void a_full_file_system_fails_the_turn(void **state)
{
    struct fixture *fixture = *state;
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
        skip(); /* only root may mount */
    }
    jmh_store_close(fixture->store);
    assert_int_equal(mount("tmpfs", fixture->dir, "tmpfs", 0, "size=4m"), 0);
    fixture_open(fixture);
    make_tables(fixture, "shop", "CREATE TABLE shop_items (bytes BLOB)");
    fill(fixture);
    for (int i = 0; i < 3; i++) {
        fail_a_turn(fixture);
    }
    uint64_t first = 0;
    assert_int_equal(append(fixture, 3, "shop"), JM_OK);
    jmh_store_rollback(fixture->store);
    assert_int_equal(unlink(fixture_path(fixture, "ballast")), 0);
    assert_int_equal(jmh_store_reserve_seq(fixture->store, &first, &fixture->err), JM_OK);
    work_again(fixture);
    jmh_store_close(fixture->store);
    assert_int_equal(umount(fixture->dir), 0);
    fixture_open(fixture);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_full_database_breaks_the_turn),
        TEST(a_commit_that_cannot_write_fails_the_turn),
        TEST(a_full_file_system_fails_the_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
