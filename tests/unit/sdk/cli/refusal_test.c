/* The reason of a refusal, without the file that it is about. */
#include "check.h"

#include "cli/refusal.h"

static void expect(const char *path, const char *sentence, const char *expected)
{
    char *reason = jmc_refusal_reason(path, sentence);
    assert_string_equal(reason, expected);
    free(reason);
}

static void test_names_the_file(void **state)
{
    (void)state;
    expect("/c/a.jpg", "/c/a.jpg is a folder, not a photograph",
           "it is a folder, not a photograph");
    expect("/c/a.jpg", "/c/a.jpg cannot be read: no", "it cannot be read: no");
    expect("/c/a.jpg", "a.jpg: it ends too early", "it ends too early");
    expect("/c/a.jpg", "File does not exist: /c/a.jpg", "File does not exist");
    expect("/c/a.jpg", "the catalog cannot take a.jpg: its disk is full",
           "the catalog cannot take it: its disk is full");
}

static void test_names_it_not(void **state)
{
    (void)state;
    expect("/c/a.jpg", "out of memory", "out of memory");
    expect("/c/a.jpg", "/c/a.jpg2 and /d/a.jpg are others", "/c/a.jpg2 and /d/a.jpg are others");
    expect("/c/of", "out office", "out office");
    expect("", "out of memory", "out of memory");
    expect("/", "a / b", "a it b");
    expect("/c/a.jpg", "", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_the_file),
        cmocka_unit_test(test_names_it_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
