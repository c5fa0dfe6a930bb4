/* Names, and files on their way into the library. */
#include "library.h"
#include "naming.h"
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <junmai/sdk/span.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define DAY "2024/2024-07-19"

/* SHA-256 of "abc", from FIPS 180-2. */
#define ABC_HASH "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

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

static struct source open_source(struct scratch *scratch, const char *name)
{
    struct source source = {.fd = open(scratch_path(scratch, name), O_RDONLY | O_CLOEXEC)};
    assert_int_equal(fstat(source.fd, &source.info), 0);
    strcpy(source.path, scratch->path);
    return source;
}

/* A part of the library "lib" that holds `text`. */
static struct part fill(struct scratch *scratch, const char *text, struct digests *digests_out)
{
    struct part part = PART_NONE;
    struct verdict verdict = {0};
    _Atomic uint64_t copied = 0;
    unsigned swept;
    scratch_file(scratch, "source", text, strlen(text));
    struct source source = open_source(scratch, "source");
    assert_int_equal(library_prepare(scratch_path(scratch, "lib"), &swept), 0);
    assert_true(part_fill(&part, scratch_path(scratch, "lib"), &source, true, &copied, digests_out,
                          &verdict));
    assert_int_equal(copied, strlen(text));
    close(source.fd);
    return part;
}

static void test_copy_and_place(void **state)
{
    struct digests digests;
    struct part part = fill(*state, "abc", &digests);
    assert_string_equal(digests.sha256, ABC_HASH);
    assert_int_equal(scratch_count(*state, "lib", ".junmai-"), 1);
    assert_int_equal(part_place(&part, DAY, "a.jpg"), 0);
    assert_int_equal(part_sync_folder(&part, DAY), 0);
    part_fini(&part);
    assert_true(scratch_has(*state, "lib/" DAY "/a.jpg"));
    assert_int_equal(scratch_count(*state, "lib", ".junmai-"), 0);
}

static void test_place_replaces_nothing(void **state)
{
    struct digests digests;
    struct part first = fill(*state, "abc", &digests);
    assert_int_equal(part_place(&first, DAY, "a.jpg"), 0);
    struct part other = fill(*state, "abd", &digests);
    struct part same = fill(*state, "abc", &digests);
    struct part longer = fill(*state, "abcd", &digests);
    assert_int_equal(part_place(&other, DAY, "a.jpg"), EEXIST);
    assert_false(part_equals(&other, DAY, "a.jpg"));
    assert_true(part_equals(&same, DAY, "a.jpg"));
    assert_false(part_equals(&longer, DAY, "a.jpg"));
    assert_int_equal(part_place(&other, DAY, "a_1.jpg"), 0);
    part_unplace(&other, DAY, "a_1.jpg");
    assert_false(scratch_has(*state, "lib/" DAY "/a_1.jpg"));
    part_fini(&first);
    part_fini(&other);
    part_fini(&same);
    part_fini(&longer);
    assert_int_equal(scratch_count(*state, "lib", ".junmai-"), 0);
}

/* What nobody holds is swept, what grows is not, and no file with another name is. */
static void test_sweep(void **state)
{
    struct digests digests;
    unsigned swept;
    struct part held = fill(*state, "abc", &digests);
    scratch_file(*state, "lib/.junmai-0123.part", "left", 4);
    scratch_file(*state, "lib/.junmai-notes", "mine", 4);
    scratch_file(*state, "lib/x.part", "mine", 4);
    assert_int_equal(library_prepare(scratch_path(*state, "lib"), &swept), 0);
    assert_int_equal(swept, 1);
    assert_false(scratch_has(*state, "lib/.junmai-0123.part"));
    assert_true(scratch_has(*state, "lib/.junmai-notes"));
    assert_true(scratch_has(*state, "lib/x.part"));
    assert_int_equal(part_place(&held, DAY, "a.jpg"), 0);
    part_fini(&held);
}

static void test_source_that_changes(void **state)
{
    struct digests digests;
    struct verdict verdict = {0};
    scratch_file(*state, "growing", "abc", 3);
    struct source source = open_source(*state, "growing");
    scratch_file(*state, "growing", "abcdef", 6);
    int to = open(scratch_path(*state, "copy"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_false(copy_and_hash(&source, to, NULL, &digests, &verdict));
    assert_int_equal(verdict.http_status, 400);
    assert_non_null(strstr(verdict.text, "changed"));
    close(to);
    close(source.fd);
}

static void test_full_disk(void **state)
{
    struct digests digests;
    struct verdict verdict = {0};
    scratch_file(*state, "source", "abc", 3);
    struct source source = open_source(*state, "source");
    int to = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_true(to >= 0);
    assert_false(copy_and_hash(&source, to, NULL, &digests, &verdict));
    assert_int_equal(verdict.http_status, 503);
    assert_string_equal(verdict.trouble, "disk_full");
    close(to);
    close(source.fd);
}

static void test_missing_library(void **state)
{
    struct part part = PART_NONE;
    struct verdict verdict = {0};
    struct digests digests;
    scratch_file(*state, "source", "abc", 3);
    struct source source = open_source(*state, "source");
    assert_false(
        part_fill(&part, scratch_path(*state, "gone"), &source, true, NULL, &digests, &verdict));
    assert_int_equal(verdict.http_status, 503);
    assert_string_equal(verdict.trouble, "library_unwritable");
    part_fini(&part);
    close(source.fd);
}

static void test_names(void **state)
{
    static const struct {
        const char *path;
        unsigned number;
        const char *name;
    } cases[] = {
        {"/a/IMG_1.CR2", 0, "IMG_1.CR2"},
        {"/a/IMG_1.CR2", 1, "IMG_1_1.CR2"},
        {"/a/b.tar.gz", 12, "b.tar_12.gz"},
        {"/a/noextension", 2, "noextension_2"},
        {"/a/.hidden", 1, ".hidden_1"},
        {"/a/caf\xe9.jpg", 0, "caf%E9.jpg"},
        {"/a/\xe6\x97\xa5.jpg", 1, "\xe6\x97\xa5_1.jpg"},
        {"/a/two\nlines \"q\".jpg", 0, "two\nlines \"q\".jpg"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char name[NAME_BYTES];
        char numbered[NAME_BYTES];
        name_from_path(cases[i].path, name);
        name_numbered(name, cases[i].number, numbered);
        assert_string_equal(numbered, cases[i].name);
    }
}

/* A name of 255 bytes, of characters of three bytes each, stays one after numbering. */
static void test_long_name(void **state)
{
    char path[300] = "/";
    char name[NAME_BYTES];
    char numbered[NAME_BYTES];
    (void)state;
    for (size_t i = 0; i < 83; i++) {
        strcat(path, "\xe6\x97\xa5");
    }
    strcat(path, "ab.jpg");
    name_from_path(path, name);
    assert_int_equal(strlen(name), 255);
    name_numbered(name, 7, numbered);
    assert_true(strlen(numbered) <= 255);
    assert_string_equal(numbered + strlen(numbered) - 9, "\xe6\x97\xa5_7.jpg");
}

/* What was placed can be taken back, and placed under another name. */
static void test_take_back(void **state)
{
    struct digests digests;
    struct part part = fill(*state, "abc", &digests);
    assert_int_equal(part_place(&part, "a/b", "x.jpg"), 0);
    assert_true(part_take_back(&part, "a/b", "x.jpg"));
    assert_false(scratch_has(*state, "lib/a/b/x.jpg"));
    assert_int_equal(part_place(&part, "", "y.jpg"), 0);
    assert_int_equal(part_sync_folder(&part, ""), 0);
    assert_true(scratch_has(*state, "lib/y.jpg"));
    part_fini(&part);
}

/* The disk gives back other bytes than were written. */
static void test_read_back(void **state)
{
    struct digests digests;
    struct verdict verdict = {0};
    struct part part = fill(*state, "abc", &digests);
    char path[PATH_MAX];
    snprintf(path, sizeof path, "lib/%s", part.name);
    assert_true(copy_read_back(part.fd, &digests, "a.jpg", &verdict));
    scratch_file(*state, path, "abd", 3);
    assert_false(copy_read_back(part.fd, &digests, "a.jpg", &verdict));
    assert_int_equal(verdict.http_status, 503);
    assert_string_equal(verdict.trouble, "verify_failed");
    part_fini(&part);
}

/* Only computed: the same digests, and nothing is written. */
static void test_hash_alone(void **state)
{
    struct digests digests;
    struct digests copied;
    struct verdict verdict = {0};
    struct part part = fill(*state, "abc", &copied);
    struct source source = open_source(*state, "source");
    assert_true(copy_and_hash(&source, -1, NULL, &digests, &verdict));
    assert_string_equal(digests.sha256, ABC_HASH);
    assert_string_equal(digests.xxh3, copied.xxh3);
    assert_int_equal(strlen(digests.xxh3), 32);
    part_fini(&part);
    close(source.fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_copy_and_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_place_replaces_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sweep, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_source_that_changes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_full_disk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_missing_library, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_take_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_read_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hash_alone, set_up, tear_down),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_long_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
