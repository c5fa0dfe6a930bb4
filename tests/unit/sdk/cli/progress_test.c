/* The text of a progress bar. */
#include "check.h"

#include "cli/progress.h"

static void expect(uint64_t files_done, uint64_t bytes_done, double elapsed_s, size_t columns,
                   const char *expected)
{
    const struct jmc_progress progress = {.files_done = files_done,
                                          .files_total = 120,
                                          .bytes_done = bytes_done,
                                          .bytes_total = 4000000000};
    char text[JMC_PROGRESS_BYTES];
    jmc_progress_format(&progress, elapsed_s, columns, text);
    assert_string_equal(text, expected);
    assert_true(columns == 0 || strlen(text) <= columns);
}

static void test_line(void **state)
{
    (void)state;
    expect(0, 0, 0, 0, "0 of 120 files, 0 B of 4.0 GB, 0 B/s");
    expect(30, 1000000000, 10, 0, "30 of 120 files, 1.0 GB of 4.0 GB, 100 MB/s, 30 s left");
    expect(120, 4000000000, 40, 0, "120 of 120 files, 4.0 GB of 4.0 GB, 100 MB/s");
    /* The rest was refused: nothing is left to wait for. */
    expect(120, 1000000000, 10, 0, "120 of 120 files, 1.0 GB of 4.0 GB, 100 MB/s");
}

static void test_bar(void **state)
{
    (void)state;
    expect(
        30, 1000000000, 10, 200,
        "[#######.......................] 30 of 120 files, 1.0 GB of 4.0 GB, 100 MB/s, 30 s left");
    expect(120, 4000000000, 40, 58, "[###########] 120 of 120 files, 4.0 GB of 4.0 GB, 100 MB/s");
    expect(30, 1000000000, 10, 60, "30 of 120 files, 1.0 GB of 4.0 GB, 100 MB/s, 30 s left");
    expect(30, 1000000000, 10, 20, "30 of 120 files, 1.0");
}

static void test_nothing_to_do(void **state)
{
    (void)state;
    const struct jmc_progress progress = {0};
    char text[JMC_PROGRESS_BYTES];
    jmc_progress_format(&progress, 0, 60, text);
    assert_string_equal(text, "[##########################] 0 of 0 files, 0 B of 0 B, 0 B/s");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line),
        cmocka_unit_test(test_bar),
        cmocka_unit_test(test_nothing_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
