/* Which files an import takes, and in which order. */
#include "check.h"

#include "cli/scan.h"

static void expect(const char *scratch, const struct jmc_files *photos, const char *const *names)
{
    size_t count = 0;
    for (; names[count] != NULL; count++) {
        char path[8192];
        snprintf(path, sizeof path, "%s/%s", scratch, names[count]);
        assert_true(count < photos->count);
        assert_string_equal(photos->items[count].path, path);
    }
    assert_int_equal(photos->count, count);
}

static void test_names(void **state)
{
    (void)state;
    assert_true(jmc_scan_is_photo("a.jpg"));
    assert_true(jmc_scan_is_photo("IMG_1.CR3"));
    assert_true(jmc_scan_is_photo("a.b.HeIc"));
    assert_true(jmc_scan_is_photo("x.jxl"));
    assert_false(jmc_scan_is_photo("a.jpg.part"));
    assert_false(jmc_scan_is_photo("jpg"));
    assert_false(jmc_scan_is_photo("a."));
    assert_false(jmc_scan_is_photo("a.xmp"));
}

/* What the host can read comes along with its folder: each name of the table of its import task. */
static void test_formats_of_the_host(void **state)
{
    char *text = read_file(IMPORT_FORMATS);
    char *row = strstr(text, "formats[] = {");
    const char *end = row != NULL ? strstr(row, "};") : NULL;
    int count = 0;
    (void)state;
    assert_non_null(end);
    for (row = strstr(row, "{\""); row != NULL && row < end; row = strstr(row + 1, "{\"")) {
        char list[128];
        assert_int_equal(sscanf(row, "{\"%*[^\"]\", \"%*[^\"]\", \"%127[^\"]\"", list), 1);
        for (char *rest = list, *ending; (ending = strtok_r(rest, " ", &rest)) != NULL; count++) {
            char name[160];
            snprintf(name, sizeof name, "a.%s", ending);
            if (!jmc_scan_is_photo(name))
                fail_msg("the host reads .%s, and a folder's are left out", ending);
        }
    }
    assert_true(count > 40);
    free(text);
}

static void test_order(void **state)
{
    static const char *const expected[] = {"B.jpg",      "a/1.NEF", "a/b/deep.dng",
                                           "a/\xff.jpg", "c.jpg",   NULL};
    static const char *const others[] = {"a/notes.txt", NULL};
    struct jmc_scan scan = {0};
    assert_int_equal(mkdir("a", 0700) | mkdir("a/b", 0700) | mkdir(".hidden", 0700), 0);
    write_file("c.jpg", "123");
    write_file("B.jpg", "4567");
    write_file("a/1.NEF", "");
    write_file("a/b/deep.dng", "89");
    write_file("a/\xff.jpg", "0");
    write_file("a/._1.NEF", "a Mac leaves these");
    write_file(".hidden/x.jpg", "x");
    write_file("a/notes.txt", "x");
    assert_true(jmc_scan_path(&scan, "."));
    expect(*state, &scan.photos, expected);
    assert_int_equal(scan.photos.bytes, 10);
    assert_int_equal(scan.photos.items[0].bytes, 4);
    expect(*state, &scan.others, others);
    jmc_scan_fini(&scan);
}

/* A link to a photograph is one; a link to a folder is not entered, so that none goes round. */
static void test_links(void **state)
{
    static const char *const expected[] = {"a/link.jpg", "a/real.jpg", NULL};
    struct jmc_scan scan = {0};
    assert_int_equal(mkdir("a", 0700), 0);
    write_file("a/real.jpg", "12");
    assert_int_equal(symlink("real.jpg", "a/link.jpg") | symlink("nothing", "a/broken.jpg") |
                         symlink(".", "a/round"),
                     0);
    assert_true(jmc_scan_path(&scan, "a/"));
    expect(*state, &scan.photos, expected);
    assert_int_equal(scan.photos.bytes, 4);
    jmc_scan_fini(&scan);
}

static void test_single_files(void **state)
{
    static const char *const expected[] = {"odd.name", "z.jpg", NULL};
    struct jmc_scan scan = {0};
    write_file("odd.name", "1");
    write_file("z.jpg", "2");
    assert_true(jmc_scan_path(&scan, "odd.name"));
    assert_true(jmc_scan_path(&scan, "./z.jpg"));
    expect(*state, &scan.photos, expected);
    assert_false(jmc_scan_path(&scan, "missing.jpg"));
    assert_int_equal(scan.photos.count, 2);
    jmc_scan_fini(&scan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_formats_of_the_host),
        cmocka_unit_test_setup_teardown(test_order, enter_scratch, leave_scratch),
        cmocka_unit_test_setup_teardown(test_links, enter_scratch, leave_scratch),
        cmocka_unit_test_setup_teardown(test_single_files, enter_scratch, leave_scratch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
