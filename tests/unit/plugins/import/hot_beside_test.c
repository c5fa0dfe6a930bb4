/* What lies beside a file: which of it is taken with it, and what announces more. */
#include "hot_beside.h"
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
    scratch_folder(scratch, "in");
    *state = scratch;
    return 0;
}

static int tear_down(void **state)
{
    scratch_fini(*state);
    free(*state);
    return 0;
}

static struct hot_beside look(struct scratch *scratch, const char *name)
{
    struct hot_listing listing = {0};
    struct hot_beside beside;
    hot_beside_look(&listing, scratch_path(scratch, name), &beside);
    hot_listing_fini(&listing);
    return beside;
}

static void put(struct scratch *scratch, const char *name)
{
    scratch_file(scratch, name, name, 8);
}

static void test_alone(void **state)
{
    struct scratch *scratch = *state;
    static const char *const others[] = {"in/b.jpg", "in/a2.jpg", "in/a.b.jpg", "in/a.txt",
                                         "in/aa.xmp"};
    put(scratch, "in/a.jpg");
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        put(scratch, others[i]);
    struct hot_beside beside = look(scratch, "in/a.jpg");
    assert_int_equal(beside.digest, 0);
    assert_false(beside.expects);
    assert_false(beside.written);
}

/* Whatever happens to one of them is seen. */
static void test_digest(void **state)
{
    struct scratch *scratch = *state;
    static const char *const others[] = {"in/a.CR2", "in/a.xmp", "in/a.jpg.xmp", "in/a.wav"};
    put(scratch, "in/a.jpg");
    uint64_t before = 0;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        put(scratch, others[i]);
        struct hot_beside beside = look(scratch, "in/a.jpg");
        assert_int_not_equal(beside.digest, before);
        assert_int_equal(look(scratch, "in/a.jpg").digest, beside.digest);
        before = beside.digest;
    }
    scratch_file(scratch, "in/a.xmp", "more", 4);
    assert_int_not_equal(look(scratch, "in/a.jpg").digest, before);
}

static void test_written(void **state)
{
    struct scratch *scratch = *state;
    put(scratch, "in/a.jpg");
    put(scratch, "in/a.CR2");
    int fd = open(scratch_path(scratch, "in/a.CR2"), O_WRONLY | O_CLOEXEC);
    assert_true(look(scratch, "in/a.jpg").written);
    assert_false(look(scratch, "in/a.CR2").written); /* that is the file's own affair */
    close(fd);
    assert_false(look(scratch, "in/a.jpg").written);
}

static void expect_expects(struct scratch *scratch, const char *name, const char *other,
                           bool wanted)
{
    put(scratch, other);
    assert_int_equal(look(scratch, name).expects, wanted);
    assert_int_equal(unlink(scratch_path(scratch, other)), 0);
}

static void test_expects(void **state)
{
    struct scratch *scratch = *state;
    put(scratch, "in/a.jpg");
    expect_expects(scratch, "in/a.jpg", "in/a.CR2.part", true);
    expect_expects(scratch, "in/a.jpg", "in/a.tmp", true);
    expect_expects(scratch, "in/a.jpg", "in/.a.CR2.Xy12Zw", true);
    expect_expects(scratch, "in/a.jpg", "in/a.THM", true);
    expect_expects(scratch, "in/a.jpg", "in/a.xmp", true);
    expect_expects(scratch, "in/a.jpg", "in/a.jpg.xmp", false);
    expect_expects(scratch, "in/a.jpg", "in/a.aae", false);
    expect_expects(scratch, "in/a.jpg", "in/b.CR2.part", false);
    put(scratch, "in/a.CR2");
    expect_expects(scratch, "in/a.jpg", "in/a.xmp", false);
    expect_expects(scratch, "in/a.CR2", "in/a.xmp", false);
    expect_expects(scratch, "in/a.CR2", "in/a.jpg.part", true);
}

/* A companion goes with the photograph of its full name, or with the raw file of its stem. */
static void test_photo(void **state)
{
    struct scratch *scratch = *state;
    put(scratch, "in/a.xmp");
    put(scratch, "in/a.jpg.xmp");
    assert_string_equal(look(scratch, "in/a.xmp").photo, "");
    put(scratch, "in/a.jpg");
    assert_string_equal(look(scratch, "in/a.xmp").photo, "a.jpg");
    assert_string_equal(look(scratch, "in/a.jpg.xmp").photo, "a.jpg");
    put(scratch, "in/a.CR2");
    put(scratch, "in/a.png");
    assert_string_equal(look(scratch, "in/a.xmp").photo, "a.CR2");
    assert_string_equal(look(scratch, "in/a.jpg.xmp").photo, "a.jpg");
    assert_int_equal(look(scratch, "in/a.xmp").photo_signature.size, 8);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_alone),   TEST(test_digest), TEST(test_written),
        TEST(test_expects), TEST(test_photo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
