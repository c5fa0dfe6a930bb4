/* What an import says of the files that it leaves where they are. */
#include "check.h"

#include "cli/left_out.h"

static void expect(const char *const *names, const char *expected)
{
    struct jmc_scan scan = {0};
    for (; *names != NULL; names++) {
        jmc_files_add(jmc_scan_is_photo(*names) ? &scan.photos : &scan.others, *names, 1);
    }
    json_t *counts = jmc_left_out_count(&scan);
    char *text = jmc_left_out_text(counts);
    if (expected == NULL) {
        assert_null(text);
    } else {
        assert_non_null(text);
        assert_string_equal(text, expected);
    }
    free(text);
    json_decref(counts);
    jmc_scan_fini(&scan);
}

#define EXPECT(expected, ...) expect((const char *const[]){__VA_ARGS__, NULL}, expected)

static void test_kinds(void **state)
{
    (void)state;
    EXPECT("7 files left out: 3 xmp, 1 aae, 1 thm, 2 txt (name a file to import it all the same)",
           "/c/1.xmp", "/c/2.XMP", "/c/d/1.xmp", "/c/3.aae", "/c/4.thm", "/c/a.txt", "/c/b.Txt");
    EXPECT("1 file left out: 1 pdf (name a file to import it all the same)", "/c/offer.pdf",
           "/c/a.jpg");
    EXPECT(NULL, "/c/a.jpg", "/c/b.cr3");
}

static void test_no_ending(void **state)
{
    (void)state;
    EXPECT("5 files left out: 5 other (name a file to import it all the same)", "/c.d/README",
           "/c/a.", "/c/a.much-too-long", "/c/a.\xff", "/c/a.b c");
}

/* The host takes them with their photograph; those of another folder or stem it does not. */
static void test_companions(void **state)
{
    (void)state;
    EXPECT(NULL, "/c/1.CR2", "/c/1.xmp", "/c/1.CR2.xmp", "/c/1.THM", "/c/1.wav", "/c/1.mov",
           "/c/caf\xe9.jpg", "/c/caf\xe9.aae");
    EXPECT("3 files left out: 1 xmp, 1 mov, 1 txt (name a file to import it all the same)",
           "/c/1.CR2", "/d/1.xmp", "/c/2.mov", "/c/1.txt");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_no_ending),
        cmocka_unit_test(test_companions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
