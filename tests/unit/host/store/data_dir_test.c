/* The data directory: where it is, its rights, and its lock. */
#include "fixture.h"

#include "host/store/data_dir.h"

#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct jmh_err err;

static void enters_the_usual_place(void **state)
{
    struct fixture *fixture = *state;
    struct jmh_data_dir dir;
    char expected[256];
    assert_int_equal(setenv("XDG_DATA_HOME", fixture_path(fixture, "data"), 1), 0);
    assert_int_equal(setenv("HOME", fixture_path(fixture, "home"), 1), 0);
    assert_int_equal(jmh_data_dir_open(&dir, NULL, &err), JM_OK);
    (void)snprintf(expected, sizeof expected, "%s/data/junmai", fixture->dir);
    assert_string_equal(dir.path, expected);
    jmh_data_dir_close(&dir);

    /* A relative XDG_DATA_HOME is to be ignored. */
    assert_int_equal(setenv("XDG_DATA_HOME", "data", 1), 0);
    assert_int_equal(jmh_data_dir_open(&dir, NULL, &err), JM_OK);
    (void)snprintf(expected, sizeof expected, "%s/home/.local/share/junmai", fixture->dir);
    assert_string_equal(dir.path, expected);
    jmh_data_dir_close(&dir);

    assert_int_equal(unsetenv("HOME"), 0);
    assert_int_equal(jmh_data_dir_open(&dir, NULL, &err), JM_EINVAL);
    assert_non_null(strstr(err.text, "HOME"));
}

static unsigned rights_of(const char *path)
{
    struct stat facts;
    assert_int_equal(stat(path, &facts), 0);
    return facts.st_mode & 07777;
}

static void closes_it_to_others(void **state)
{
    struct fixture *fixture = *state;
    struct jmh_data_dir dir;
    assert_int_equal(chmod(fixture->dir, 0755), 0);
    assert_int_equal(jmh_data_dir_open(&dir, fixture->dir, &err), JM_OK);
    assert_int_equal(rights_of(fixture->dir), 0700);
    jmh_data_dir_close(&dir);
    const mode_t old = umask(0);
    assert_int_equal(jmh_data_dir_open(&dir, fixture_path(fixture, "new/one"), &err), JM_OK);
    (void)umask(old);
    assert_int_equal(rights_of(fixture_path(fixture, "new")), 0700);
    assert_int_equal(rights_of(fixture_path(fixture, "new/one")), 0700);
    jmh_data_dir_close(&dir);
}

static void makes_the_path_absolute(void **state)
{
    struct fixture *fixture = *state;
    struct jmh_data_dir dir;
    char *before = getcwd(NULL, 0);
    assert_int_equal(chdir(fixture->dir), 0);
    assert_int_equal(jmh_data_dir_open(&dir, "relative", &err), JM_OK);
    assert_int_equal(chdir(before), 0);
    assert_string_equal(dir.path, fixture_path(fixture, "relative"));
    jmh_data_dir_close(&dir);
    free(before);
}

static void refuses_the_directory_of_somebody_else(void **state)
{
    struct fixture *fixture = *state;
    struct jmh_data_dir dir;
    if (geteuid() != 0) {
        skip(); /* only root may give a folder away */
    }
    assert_int_equal(chown(fixture->dir, 12345, (gid_t)-1), 0);
    assert_int_equal(jmh_data_dir_open(&dir, fixture->dir, &err), JM_EACCES);
    assert_non_null(strstr(err.text, "user 12345"));
    assert_int_equal(chown(fixture->dir, 0, (gid_t)-1), 0);
}

static void refuses_a_file(void **state)
{
    struct fixture *fixture = *state;
    struct jmh_data_dir dir;
    assert_int_equal(jmh_data_dir_open(&dir, fixture_path(fixture, "junmai.db"), &err), JM_EINVAL);
    assert_non_null(strstr(err.text, "is a file"));
    assert_int_equal(jmh_data_dir_open(&dir, fixture_path(fixture, "junmai.db/x"), &err),
                     JM_EINVAL);
}

static void refuses_a_second_host(void **state)
{
    struct fixture *fixture = *state;
    struct jmh_data_dir first;
    struct jmh_data_dir second;
    char pid[32];
    assert_int_equal(jmh_data_dir_open(&first, fixture->dir, &err), JM_OK);
    assert_int_equal(jmh_data_dir_open(&second, fixture->dir, &err), JM_EBUSY);
    (void)snprintf(pid, sizeof pid, "process %ld:", (long)getpid());
    assert_non_null(strstr(err.text, pid));
    jmh_data_dir_close(&first);
    assert_int_equal(jmh_data_dir_open(&second, fixture->dir, &err), JM_OK);
    jmh_data_dir_close(&second);
}

/* A process that takes the lock, starts a child that outlives it, and is killed. */
static void die_with_the_lock(struct fixture *fixture, pid_t *child_out)
{
    int ready[2];
    assert_int_equal(pipe(ready), 0);
    const pid_t holder = fork();
    assert_true(holder >= 0);
    if (holder == 0) {
        struct jmh_data_dir dir;
        if (jmh_data_dir_open(&dir, fixture->dir, &err) != JM_OK) {
            _exit(1);
        }
        char *const arguments[] = {"sleep", "600", NULL};
        pid_t child = 0;
        if (posix_spawnp(&child, "sleep", NULL, NULL, arguments, NULL) != 0) {
            _exit(1);
        }
        (void)!write(ready[1], &child, sizeof child);
        (void)pause();
    }
    (void)close(ready[1]);
    const ssize_t told = read(ready[0], child_out, sizeof *child_out);
    (void)close(ready[0]);
    assert_int_equal(kill(holder, SIGKILL), 0);
    assert_int_equal(waitpid(holder, NULL, 0), holder);
    assert_int_equal(told, sizeof *child_out);
}

static void the_lock_goes_with_its_process(void **state)
{
    struct fixture *fixture = *state;
    struct jmh_data_dir dir;
    pid_t child = 0;
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    die_with_the_lock(fixture, &child);
    const jm_status status = jmh_data_dir_open(&dir, fixture->dir, &err);
    (void)kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(status, JM_OK);
    jmh_data_dir_close(&dir);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(enters_the_usual_place),
        TEST(closes_it_to_others),
        TEST(makes_the_path_absolute),
        TEST(refuses_the_directory_of_somebody_else),
        TEST(refuses_a_file),
        TEST(refuses_a_second_host),
        TEST(the_lock_goes_with_its_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
