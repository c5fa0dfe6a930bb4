/* Looking at files: what is there, and who writes to it. */
#include "hot_look.h"
#include "scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static int set_up(void **state)
{
    struct scratch *scratch = calloc(1, sizeof *scratch);
    scratch_init(scratch);
    *state = scratch;
    return 0;
}

static int tear_down(void **state)
{
    scratch_fini(*state);
    free(*state);
    return 0;
}

static struct hot_sighting look(struct scratch *scratch, const char *name)
{
    struct hot_sighting sighting;
    hot_look_at(scratch_path(scratch, name), &sighting);
    return sighting;
}

static void test_there(void **state)
{
    struct scratch *scratch = *state;
    struct stat info;
    scratch_file(scratch, "a.jpg", "abc", 3);
    scratch_folder(scratch, "folder");
    scratch_link(scratch, "a.jpg", "link");
    struct hot_sighting sighting = look(scratch, "a.jpg");
    assert_int_equal(stat(scratch_path(scratch, "a.jpg"), &info), 0);
    assert_true(sighting.there);
    assert_false(sighting.written);
    assert_int_equal(sighting.signature.size, 3);
    assert_int_equal(sighting.signature.inode, info.st_ino);
    assert_int_equal(sighting.signature.mtime_ns,
                     info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec);
    assert_false(look(scratch, "missing").there);
    assert_false(look(scratch, "folder").there);
    assert_false(look(scratch, "link").there);
}

/* A writer is seen as long as it has the file open, a reader is not, and looking keeps nobody out. */
static void test_written(void **state)
{
    struct scratch *scratch = *state;
    scratch_file(scratch, "a.jpg", "abc", 3);
    int fd = open(scratch_path(scratch, "a.jpg"), O_WRONLY | O_CLOEXEC);
    assert_true(look(scratch, "a.jpg").written);
    close(fd);
    fd = open(scratch_path(scratch, "a.jpg"), O_RDONLY | O_CLOEXEC);
    assert_false(look(scratch, "a.jpg").written);
    close(fd);
    fd = open(scratch_path(scratch, "a.jpg"), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    assert_true(fd >= 0);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_written, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("looking at files", tests, NULL, NULL);
}
