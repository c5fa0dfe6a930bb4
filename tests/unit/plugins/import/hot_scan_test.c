/* Reading folders part by part, their watches, and what a watch means later. What the kernel
 * says of watches and file systems is the test's where it says so. */
#define _GNU_SOURCE
#include "hot_look.h"
#include "hot_scan.h"
#include "hot_tree.h"
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cmocka.h>

static int refuse_with; /* errno; 0: the kernel decides */

int __real_inotify_add_watch(int fd, const char *path, uint32_t mask);
int __wrap_inotify_add_watch(int fd, const char *path, uint32_t mask);

int __wrap_inotify_add_watch(int fd, const char *path, uint32_t mask)
{
    if (refuse_with == 0)
        return __real_inotify_add_watch(fd, path, mask);
    errno = refuse_with;
    return -1;
}

static long say_type; /* of the file system; 0: what it is */

int __real_fstatfs(int fd, struct statfs *info);
int __wrap_fstatfs(int fd, struct statfs *info);

int __wrap_fstatfs(int fd, struct statfs *info)
{
    int result = __real_fstatfs(fd, info);
    if (say_type != 0)
        info->f_type = say_type;
    return result;
}

struct fixture {
    struct scratch scratch;
    struct import_roots roots;
    const char *root;
    int inotify_fd;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    scratch_init(&fixture->scratch);
    fixture->root = fixture->scratch.folder;
    fixture->roots.folders = &fixture->root;
    fixture->roots.count = 1;
    fixture->inotify_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    assert_true(fixture->inotify_fd >= 0);
    refuse_with = 0;
    say_type = 0;
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    close(fixture->inotify_fd);
    scratch_fini(&fixture->scratch);
    free(fixture);
    return 0;
}

static struct hot_scan *scan_of(struct fixture *fixture)
{
    struct hot_scan *scan =
        hot_scan_new(&fixture->roots, fixture->inotify_fd, fixture->scratch.folder);
    assert_non_null(scan);
    return scan;
}

static void test_entries(void **state)
{
    struct fixture *fixture = *state;
    struct hot_scan *scan = scan_of(fixture);
    unsigned seen = 0;
    scratch_file(&fixture->scratch, "a.jpg", "abc", 3);
    scratch_file(&fixture->scratch, "a.txt", "abc", 3);
    scratch_file(&fixture->scratch, ".hidden.jpg", "abc", 3);
    scratch_folder(&fixture->scratch, "folder");
    scratch_folder(&fixture->scratch, "folder.jpg");
    scratch_folder(&fixture->scratch, ".hidden");
    scratch_link(&fixture->scratch, "a.jpg", "link.jpg");
    scratch_link(&fixture->scratch, "folder", "link");
    hot_scan_step(scan);
    assert_true(scan->finished);
    assert_int_equal(scan->error, 0);
    assert_true(scan->watch > 0);
    assert_int_equal(scan->count, 3);
    for (size_t i = 0; i < scan->count; i++) {
        const struct hot_found *found = &scan->found[i];
        bool file = strcmp(found->name, "a.jpg") == 0;
        assert_int_equal(found->is_folder, !file);
        if (file)
            assert_int_equal(found->signature.size, 3);
        seen |= file ? 1u : strcmp(found->name, "folder") == 0 ? 2u : 4u;
    }
    assert_int_equal(seen, 7);
    hot_scan_free(scan);
}

static void test_parts(void **state)
{
    struct fixture *fixture = *state;
    struct hot_scan *scan = scan_of(fixture);
    char name[32];
    size_t total = 0;
    int steps = 0;
    for (int i = 0; i < 2 * HOT_SCAN_PART + 1; i++) {
        snprintf(name, sizeof name, "%d.jpg", i);
        scratch_file(&fixture->scratch, name, "", 0);
    }
    do {
        hot_scan_step(scan);
        assert_true(scan->count <= HOT_SCAN_PART);
        total += scan->count;
        steps++;
    } while (!scan->finished);
    assert_int_equal(total, 2 * HOT_SCAN_PART + 1);
    assert_int_equal(steps, 3);
    hot_scan_free(scan);
}

/* Without a watch the folder is read all the same. */
static void test_no_more_watches(void **state)
{
    struct fixture *fixture = *state;
    struct hot_scan *scan = scan_of(fixture);
    refuse_with = ENOSPC;
    scratch_file(&fixture->scratch, "a.jpg", "abc", 3);
    hot_scan_step(scan);
    assert_int_equal(scan->watch, -1);
    assert_int_equal(scan->watch_error, ENOSPC);
    assert_int_equal(scan->error, 0);
    assert_int_equal(scan->count, 1);
    hot_scan_free(scan);
}

/* Of a file on another machine inotify tells nothing, and a lease means nothing. */
static void test_network(void **state)
{
    struct fixture *fixture = *state;
    struct hot_scan *scan = scan_of(fixture);
    struct hot_sighting sighting;
    scratch_file(&fixture->scratch, "a.jpg", "abc", 3);
    int fd = open(scratch_path(&fixture->scratch, "a.jpg"), O_WRONLY | O_CLOEXEC);
    hot_look_at(scratch_path(&fixture->scratch, "a.jpg"), &sighting);
    assert_true(sighting.written);
    say_type = NFS_SUPER_MAGIC;
    hot_look_at(scratch_path(&fixture->scratch, "a.jpg"), &sighting);
    assert_false(sighting.written);
    hot_scan_step(scan);
    assert_true(scan->network);
    assert_int_equal(scan->watch, -1);
    assert_int_equal(scan->watch_error, 0);
    assert_int_equal(scan->count, 1);
    close(fd);
    hot_scan_free(scan);
}

/* The library inside a hot folder is not read, nor is what has gone or lies outside. */
static void test_not_read(void **state)
{
    struct fixture *fixture = *state;
    scratch_folder(&fixture->scratch, "lib");
    char *library = strdup(scratch_path(&fixture->scratch, "lib"));
    fixture->roots.excluded[0] = library;
    const char *const paths[] = {library, scratch_path(&fixture->scratch, "gone"), "/etc"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct hot_scan *scan = hot_scan_new(&fixture->roots, fixture->inotify_fd, paths[i]);
        hot_scan_step(scan);
        assert_true(scan->finished);
        assert_int_equal(scan->count, 0);
        assert_int_equal(scan->error, i == 1 ? ENOENT : 0);
        assert_int_equal(scan->excluded.http_status, i == 1 ? 0 : 403);
        hot_scan_free(scan);
    }
    free(library);
}

static void test_tree(void **state)
{
    struct fixture *fixture = *state;
    struct hot_tree tree = {0};
    char path[32];
    for (int i = 1; i <= 100; i++) {
        snprintf(path, sizeof path, i % 2 == 0 ? "/even/%d" : "/odd/%d", i);
        assert_true(hot_tree_set(&tree, i, path));
    }
    assert_string_equal(hot_tree_path(&tree, 1), "/odd/1");
    assert_string_equal(hot_tree_path(&tree, 100), "/even/100");
    assert_null(hot_tree_path(&tree, 0));
    assert_null(hot_tree_path(&tree, 101));
    assert_true(hot_tree_set(&tree, 50, "/moved"));
    assert_string_equal(hot_tree_path(&tree, 50), "/moved");
    hot_tree_drop(&tree, 7);
    hot_tree_drop(&tree, 7);
    assert_null(hot_tree_path(&tree, 7));
    hot_tree_cut(&tree, fixture->inotify_fd, "/odd");
    assert_int_equal(tree.count, 50);
    assert_null(hot_tree_path(&tree, 9));
    assert_string_equal(hot_tree_path(&tree, 10), "/even/10");
    hot_tree_fini(&tree);
}

int main(void)
{
#define with_folder(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        with_folder(test_entries),  with_folder(test_parts),   with_folder(test_no_more_watches),
        with_folder(test_not_read), with_folder(test_network), with_folder(test_tree),
    };
    return cmocka_run_group_tests_name("reading hot folders", tests, NULL, NULL);
}
