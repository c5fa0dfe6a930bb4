/* Copying files: content, rights, time, links, and those that go away. */
#include "check.h"

#include "cli/copy.h"

static struct jmc_progress progress = {.is_quiet = true};

static int make_source(void **state)
{
    enter_scratch(state);
    assert_int_equal(mkdir("from", 0700) | mkdir("from/a", 0700) | mkdir("to", 0700), 0);
    write_file("from/a/one", "the first");
    write_file("from/two", "2");
    return 0;
}

static void list(struct jmc_files *files)
{
    *files = (struct jmc_files){0};
    jmc_files_add(files, "a/one", 3); /* it has grown since it was listed */
    jmc_files_add(files, "two", 1);
}

static void test_copy(void **state)
{
    struct jmc_files files;
    struct stat from;
    struct stat to;
    (void)state;
    list(&files);
    assert_int_equal(chmod("from/a/one", 0640), 0);
    assert_true(jmc_copy_files("from", "to", &files, false, true, &progress));
    char *text = read_file("to/a/one");
    assert_string_equal(text, "the first");
    free(text);
    assert_int_equal(stat("from/a/one", &from) | stat("to/a/one", &to), 0);
    assert_int_equal(to.st_mode & 0777, 0640);
    assert_int_equal(to.st_mtim.tv_sec, from.st_mtim.tv_sec);
    assert_int_equal(to.st_mtim.tv_nsec, from.st_mtim.tv_nsec);
    assert_int_not_equal(to.st_ino, from.st_ino);
    assert_int_equal(files.items[0].bytes, 9);
    assert_int_equal(files.bytes, 10);
    jmc_files_fini(&files);
}

static void test_links(void **state)
{
    struct jmc_files files;
    struct stat from;
    struct stat to;
    (void)state;
    list(&files);
    assert_true(jmc_copy_files("from", "to", &files, true, true, &progress));
    assert_int_equal(stat("from/two", &from) | stat("to/two", &to), 0);
    assert_int_equal(to.st_ino, from.st_ino);
    jmc_files_fini(&files);
}

static void test_gone(void **state)
{
    struct jmc_files files;
    (void)state;
    list(&files);
    assert_int_equal(unlink("from/a/one"), 0);
    assert_true(jmc_copy_files("from", "to", &files, false, false, &progress));
    assert_int_equal(files.count, 1);
    assert_string_equal(files.items[0].path, "two");
    assert_int_equal(files.bytes, 1);
    jmc_files_fini(&files);
    list(&files);
    assert_false(jmc_copy_files("from", "to", &files, false, true, &progress));
    jmc_files_fini(&files);
}

/* A link that somebody puts in the place of a file is not followed. */
static void test_link_in_the_way(void **state)
{
    struct jmc_files files;
    (void)state;
    list(&files);
    assert_int_equal(unlink("from/two") | symlink("a/one", "from/two"), 0);
    assert_false(jmc_copy_files("from", "to", &files, false, false, &progress));
    assert_int_not_equal(access("to/two", F_OK), 0);
    jmc_files_fini(&files);
}

static void test_large(void **state)
{
    struct jmc_files files = {0};
    struct stat to;
    (void)state;
    FILE *file = fopen("from/large", "we");
    assert_non_null(file);
    for (unsigned i = 0; i < 3000000; i++) {
        fwrite(&i, sizeof i, 1, file);
    }
    assert_int_equal(fclose(file), 0);
    jmc_files_add(&files, "large", 0);
    assert_true(jmc_copy_files("from", "to", &files, false, true, &progress));
    assert_int_equal(stat("to/large", &to), 0);
    assert_int_equal(to.st_size, 12000000);
    file = fopen("to/large", "re");
    for (unsigned i = 0; i < 3000000; i++) {
        unsigned value = 0;
        if (fread(&value, sizeof value, 1, file) != 1 || value != i) {
            fail_msg("number %u is %u", i, value);
        }
    }
    fclose(file);
    jmc_files_fini(&files);
}

static void test_remove(void **state)
{
    (void)state;
    jmc_copy_remove("from");
    assert_int_not_equal(access("from", F_OK), 0);
    assert_true(jmc_copy_make_parents("x/y/z/file"));
    assert_int_equal(access("x/y/z", F_OK), 0);
    assert_int_not_equal(access("x/y/z/file", F_OK), 0);
    assert_true(jmc_copy_sync("x"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_copy, make_source, leave_scratch),
        cmocka_unit_test_setup_teardown(test_links, make_source, leave_scratch),
        cmocka_unit_test_setup_teardown(test_gone, make_source, leave_scratch),
        cmocka_unit_test_setup_teardown(test_link_in_the_way, make_source, leave_scratch),
        cmocka_unit_test_setup_teardown(test_large, make_source, leave_scratch),
        cmocka_unit_test_setup_teardown(test_remove, make_source, leave_scratch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
