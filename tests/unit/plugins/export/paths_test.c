/* Promised paths, and which folders may be used. */
#include "paths.h"
#include "roots.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/junmai-paths-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    char command[PATH_MAX];
    (void)state;
    snprintf(command, sizeof command, "rm -rf -- %s", folder);
    return system(command);
}

static void test_promises(void **state)
{
    struct export_paths paths;
    (void)state;
    export_paths_init(&paths);
    assert_true(export_paths_take(&paths, "/a/x.jpg", "one"));
    assert_true(export_paths_take(&paths, "/a/x.jpg", "one"));
    assert_false(export_paths_take(&paths, "/a/x.jpg", "two"));
    assert_true(export_paths_take(&paths, "/a/y.jpg", "two"));
    export_paths_give(&paths, "one");
    assert_true(export_paths_take(&paths, "/a/x.jpg", "two"));
    assert_false(export_paths_take(&paths, "/a/y.jpg", "one"));
    export_paths_fini(&paths);
}

static void test_absolute(void **state)
{
    char path[PATH_MAX];
    char deep[PATH_MAX + 10];
    (void)state;
    assert_true(export_roots_absolute("SNS", "/data/exports", path));
    assert_string_equal(path, "/data/exports/SNS");
    assert_true(export_roots_absolute("/x/y//", "/data", path));
    assert_string_equal(path, "/x/y");
    assert_true(export_roots_absolute("a..b", "/data", path));
    assert_false(export_roots_absolute("..", "/data", path));
    assert_false(export_roots_absolute("a/../b", "/data", path));
    memset(deep, 'x', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    assert_false(export_roots_absolute(deep, "/data", path));
}

static int open_below(const struct export_roots *roots, const char *tail, bool *outside)
{
    char path[PATH_MAX];
    char reason[EXPORT_REASON_BYTES];
    snprintf(path, sizeof path, "%s/%s", folder, tail);
    return export_roots_open_folder(roots, path, outside, reason);
}

static void test_folders(void **state)
{
    char root[PATH_MAX];
    char path[PATH_MAX];
    bool outside;
    char closed[PATH_MAX];
    char open_folder[PATH_MAX];
    const char *list[] = {root};
    const struct export_roots roots = {
        .folders = list, .count = 1, .closed = closed, .open = open_folder};
    (void)state;
    snprintf(root, sizeof root, "%s/root", folder);
    snprintf(closed, sizeof closed, "%s/root/data", folder);
    snprintf(open_folder, sizeof open_folder, "%s/root/data/exports", folder);
    int fd = open_below(&roots, "root/a/b/c", &outside);
    assert_true(fd >= 0);
    close(fd);
    assert_true(open_below(&roots, "elsewhere/a", &outside) < 0 && outside);
    snprintf(path, sizeof path, "%s/elsewhere", folder);
    assert_int_equal(access(path, F_OK), -1);
    fd = open_below(&roots, "root/data/exports/a", &outside);
    assert_true(fd >= 0);
    close(fd);
    assert_true(open_below(&roots, "root/data/library", &outside) < 0 && outside);
    assert_true(open_below(&roots, "root/data", &outside) < 0 && outside);
    /* Links lead where they lead. */
    assert_int_equal(mkdir(path, 0755), 0);
    snprintf(path, sizeof path, "%s/root/out", folder);
    assert_int_equal(symlink("../elsewhere", path), 0);
    assert_true(open_below(&roots, "root/out/x", &outside) < 0 && outside);
    assert_true(open_below(&roots, "root/out", &outside) < 0 && outside);
    snprintf(path, sizeof path, "%s/root/dangling", folder);
    assert_int_equal(symlink("../nothing", path), 0);
    assert_true(open_below(&roots, "root/dangling/x", &outside) < 0 && outside);
    snprintf(path, sizeof path, "%s/root/file", folder);
    close(open(path, O_WRONLY | O_CREAT, 0644));
    assert_true(open_below(&roots, "root/file/x", &outside) < 0 && !outside);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_promises),
        cmocka_unit_test(test_absolute),
        cmocka_unit_test(test_folders),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
