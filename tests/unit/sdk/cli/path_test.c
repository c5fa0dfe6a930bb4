/* Absolute paths. */
#include "check.h"

#include "cli/path.h"

static void expect(const char *scratch, char *absolute_take, const char *expected)
{
    char whole[8192];
    snprintf(whole, sizeof whole, "%s%s", scratch, expected);
    assert_non_null(absolute_take);
    assert_string_equal(absolute_take, whole);
    free(absolute_take);
}

static void test_real(void **state)
{
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_int_equal(symlink("folder", "link"), 0);
    expect(*state, jmc_path_real("."), "");
    expect(*state, jmc_path_real("link/"), "/folder");
    expect(*state, jmc_path_real("link/new"), "/folder/new");
    expect(*state, jmc_path_real("new//"), "/new");
    expect(*state, jmc_path_real("new/newer"), "/new/newer");
    expect("", jmc_path_real("/nowhere/at/all/"), "/nowhere/at/all");
    expect("", jmc_path_real("/"), "/");
}

static void test_named(void **state)
{
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_int_equal(symlink("folder", "link"), 0);
    write_file("folder/a.jpg", "a");
    assert_int_equal(symlink("a.jpg", "folder/b.jpg"), 0);
    expect(*state, jmc_path_named("link/b.jpg"), "/folder/b.jpg");
    expect(*state, jmc_path_named("./folder/../folder/a.jpg"), "/folder/a.jpg");
    assert_null(jmc_path_named("nowhere/a.jpg"));
}

static void test_within(void **state)
{
    (void)state;
    assert_true(jmc_path_is_within("/a/b", "/a"));
    assert_true(jmc_path_is_within("/a", "/a"));
    assert_true(jmc_path_is_within("/a", "/"));
    assert_false(jmc_path_is_within("/ab", "/a"));
    assert_false(jmc_path_is_within("/", "/a"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_real, enter_scratch, leave_scratch),
        cmocka_unit_test_setup_teardown(test_named, enter_scratch, leave_scratch),
        cmocka_unit_test(test_within),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
