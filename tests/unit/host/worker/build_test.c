/* The identity of a file on the disk. */
#include "host/worker/build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void a_replaced_file_is_another_build(void **state)
{
    (void)state;
    char folder[] = "/tmp/junmai-build-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char path[64];
    char other[64];
    (void)snprintf(path, sizeof path, "%s/a-task.so", folder);
    (void)snprintf(other, sizeof other, "%s/b-task.so", folder);
    struct jmh_build before;
    struct jmh_build after;

    assert_false(jmh_build_read(path, &before));
    write_file(path, "one");
    assert_true(jmh_build_read(path, &before));
    assert_true(jmh_build_read(path, &after));
    assert_true(jmh_build_eq(&before, &after));

    write_file(other, "two");
    assert_int_equal(rename(other, path), 0);
    assert_true(jmh_build_read(path, &after));
    assert_false(jmh_build_eq(&before, &after));

    /* Written in place: the same inode. */
    before = after;
    write_file(path, "three");
    assert_true(jmh_build_read(path, &after));
    assert_false(jmh_build_eq(&before, &after));

    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_replaced_file_is_another_build)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
