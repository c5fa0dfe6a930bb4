/* Opening the database: its settings, what is refused, and the life of the data directory. */
#include "fixture.h"

#include "host/store/sqlite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* SQLite's calls to the kernel, counted: what survives a power cut is what was synchronised. */
static int syncs;

__attribute__((visibility("default"))) int fsync(int fd)
{
    syncs++;
    return (int)syscall(SYS_fsync, fd);
}

__attribute__((visibility("default"))) int fdatasync(int fd)
{
    syncs++;
    return (int)syscall(SYS_fdatasync, fd);
}

static jm_status open_fails(struct fixture *fixture)
{
    const struct jmh_store_options options = {.data_dir = fixture->dir,
                                              .boot_id = fixture->boot_id};
    assert_null(fixture->store);
    assert_null(jmh_store_open(&options, &fixture->err));
    return fixture->err.code;
}

static void close_store(struct fixture *fixture)
{
    jmh_store_close(fixture->store);
    fixture->store = NULL;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void sets_the_file_up(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(ask(fixture, NULL, "PRAGMA application_id"), 0x4a4d6462);
    assert_int_equal(ask(fixture, NULL, "PRAGMA user_version"), 1);
    assert_int_equal(ask(fixture, NULL, "PRAGMA foreign_keys"), 1);
    assert_int_equal(ask(fixture, NULL, "PRAGMA wal_autocheckpoint"), 0);
    assert_int_equal(ask(fixture, NULL, "PRAGMA busy_timeout"), 100);
    assert_int_equal(access(fixture_path(fixture, "junmai.db-wal"), F_OK), 0);
}

static void refuses_a_newer_version(void **state)
{
    struct fixture *fixture = *state;
    run_turn(fixture, NULL, "PRAGMA user_version = 99");
    close_store(fixture);
    assert_int_equal(open_fails(fixture), JM_EINVAL);
    assert_says(fixture, "version 99");
    assert_says(fixture, "up to 1");
}

static void refuses_what_is_no_database(void **state)
{
    struct fixture *fixture = *state;
    close_store(fixture);
    write_file(fixture_path(fixture, "junmai.db"), "Dear diary, this is more than a header long: "
                                                   "one two three four five six seven eight.");
    assert_int_equal(open_fails(fixture), JM_EINVAL);
    assert_says(fixture, "is not a database of Junmai");
}

static void refuses_another_programs_database(void **state)
{
    struct fixture *fixture = *state;
    close_store(fixture);
    assert_int_equal(unlink(fixture_path(fixture, "junmai.db")), 0);
    struct jmh_sqlite *other = jmh_sqlite_open(fixture_path(fixture, "junmai.db"), &fixture->err);
    assert_non_null(other);
    assert_int_equal(jmh_sqlite_script(other, NULL, "CREATE TABLE notes (text)", &fixture->err),
                     JM_OK);
    jmh_sqlite_close(other);
    assert_int_equal(open_fails(fixture), JM_EINVAL);
    assert_says(fixture, "is not a database of Junmai");
    /* Byte 18 of the header is 2 once it has been switched to a write-ahead log. */
    FILE *file = fopen(fixture_path(fixture, "junmai.db"), "r");
    assert_non_null(file);
    assert_int_equal(fseek(file, 18, SEEK_SET), 0);
    assert_int_equal(fgetc(file), 1);
    (void)fclose(file);
}

static void takes_an_empty_file(void **state)
{
    struct fixture *fixture = *state;
    close_store(fixture);
    write_file(fixture_path(fixture, "junmai.db"), "");
    fixture_open(fixture);
    assert_int_equal(jmh_store_run(fixture->store), 1);
}

static void synchronises_as_the_option_says(void **state)
{
    struct fixture *fixture = *state;
    syncs = 0;
    run_turn(fixture, NULL, "INSERT INTO junmai_meta VALUES ('a', 1)");
    assert_int_equal(syncs, 0);
    fixture->durability = JMH_DURABILITY_FULL;
    fixture_reopen(fixture, "first boot");
    syncs = 0;
    run_turn(fixture, NULL, "INSERT INTO junmai_meta VALUES ('b', 1)");
    assert_true(syncs > 0);
}

static void nothing(struct fixture *fixture)
{
    (void)fixture;
}

static void synchronises_the_beginning_of_a_run(void **state)
{
    struct fixture *fixture = *state;
    /* After a crash, so that the write-ahead log is there and its own beginning costs nothing. */
    fixture_crash(fixture, nothing);
    syncs = 0;
    fixture_open(fixture);
    assert_true(syncs > 0);
}

static void counts_runs(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(jmh_store_run(fixture->store), 1);
    fixture_reopen(fixture, "first boot");
    assert_int_equal(jmh_store_run(fixture->store), 2);
}

struct epoch {
    char text[17];
};

static struct epoch epoch_of(const struct fixture *fixture)
{
    struct epoch epoch;
    const char *text = jmh_store_epoch(fixture->store);
    assert_int_equal(strlen(text), 16);
    assert_int_equal(strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789"), 16);
    memcpy(epoch.text, text, sizeof epoch.text);
    return epoch;
}

/* Whether the epoch is another one after a crash and a start on that boot. */
static bool changes_after_crash(struct fixture *fixture, const char *boot_id)
{
    const struct epoch before = epoch_of(fixture);
    fixture_crash(fixture, nothing);
    fixture->boot_id = boot_id;
    fixture_open(fixture);
    return strcmp(before.text, epoch_of(fixture).text) != 0;
}

static void keeps_the_epoch_after_a_clean_end(void **state)
{
    struct fixture *fixture = *state;
    const struct epoch before = epoch_of(fixture);
    fixture_reopen(fixture, "second boot");
    assert_string_equal(epoch_of(fixture).text, before.text);
}

static void keeps_the_epoch_after_a_killed_process(void **state)
{
    assert_false(changes_after_crash(*state, "first boot"));
}

static void changes_the_epoch_after_a_power_cut(void **state)
{
    assert_true(changes_after_crash(*state, "second boot"));
    /* The clean end that it has now is remembered, and so is the boot. */
    keeps_the_epoch_after_a_clean_end(state);
}

static void keeps_the_epoch_of_a_fully_durable_run(void **state)
{
    struct fixture *fixture = *state;
    fixture->durability = JMH_DURABILITY_FULL;
    assert_false(changes_after_crash(fixture, "second boot"));
    /* What counts is the run that ended, not the one that begins. */
    const struct epoch before = epoch_of(fixture);
    fixture_crash(fixture, nothing);
    fixture->durability = JMH_DURABILITY_NORMAL;
    fixture->boot_id = "third boot";
    fixture_open(fixture);
    assert_string_equal(epoch_of(fixture).text, before.text);
}

static void distrusts_a_boot_that_it_cannot_name(void **state)
{
    struct fixture *fixture = *state;
    fixture_reopen(fixture, "");
    assert_true(changes_after_crash(fixture, ""));
}

static void asks_the_kernel_for_the_boot(void **state)
{
    struct fixture *fixture = *state;
    fixture_reopen(fixture, NULL);
    assert_false(changes_after_crash(fixture, NULL));
    assert_true(changes_after_crash(fixture, "another boot"));
}

static void begins_an_epoch_in_a_restored_directory(void **state)
{
    struct fixture *fixture = *state;
    const struct epoch before = epoch_of(fixture);
    run_turn(fixture, NULL, "DELETE FROM junmai_meta WHERE key = 'epoch'");
    fixture_reopen(fixture, "first boot");
    assert_string_not_equal(epoch_of(fixture).text, before.text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(sets_the_file_up),
        TEST(refuses_a_newer_version),
        TEST(refuses_what_is_no_database),
        TEST(refuses_another_programs_database),
        TEST(takes_an_empty_file),
        TEST(synchronises_as_the_option_says),
        TEST(synchronises_the_beginning_of_a_run),
        TEST(counts_runs),
        TEST(keeps_the_epoch_after_a_clean_end),
        TEST(keeps_the_epoch_after_a_killed_process),
        TEST(changes_the_epoch_after_a_power_cut),
        TEST(keeps_the_epoch_of_a_fully_durable_run),
        TEST(distrusts_a_boot_that_it_cannot_name),
        TEST(asks_the_kernel_for_the_boot),
        TEST(begins_an_epoch_in_a_restored_directory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
