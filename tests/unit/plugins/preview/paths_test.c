/* Names of the cache's files, and the sizes. */
#include "paths.h"
#include "sizes.h"

#include <junmai/sdk/span.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char hash[] = "ab3456789012345678901234567890123456789012345678901234567890cdef";

static void test_hash(void **state)
{
    (void)state;
    assert_true(path_is_hash(hash));
    assert_false(path_is_hash("ab"));
    assert_false(path_is_hash(""));
    assert_false(path_is_hash("AB3456789012345678901234567890123456789012345678901234567890cdef"));
    assert_false(path_is_hash("../456789012345678901234567890123456789012345678901234567890cdef"));
    assert_false(path_is_hash("ab3456789012345678901234567890123456789012345678901234567890cdef0"));
}

static void test_names(void **state)
{
    char name[NAME_BYTES];
    char expected[NAME_BYTES] = "ab/";
    (void)state;
    path_of_file(hash, 400, name);
    strcat(expected, hash);
    strcat(expected, "-400.jpg");
    assert_string_equal(name, expected);
    path_of_part(hash, 400, name);
    assert_true(path_is_part(name));
    assert_false(path_is_part(expected));
    assert_false(path_is_part(PART_SUFFIX));
}

static void test_parse(void **state)
{
    static const char *const wrong[] = {"-400.jpeg", "-400",        "-0.jpg",
                                        "--4.jpg",   "-0400.jpg",   "-400.jpg.new",
                                        "400.jpg",   "-999999.jpg", ""};
    char name[NAME_BYTES];
    char parsed[HASH_BYTES];
    int edge;
    (void)state;
    path_of_file(hash, 800, name);
    assert_true(path_parse_name(name + SHARD_BYTES, parsed, &edge));
    assert_string_equal(parsed, hash);
    assert_int_equal(edge, 800);
    for (size_t i = 0; i < JM_COUNT(wrong); i++) {
        strcpy(name, hash);
        strcat(name, wrong[i]);
        assert_false(path_parse_name(name, parsed, &edge));
    }
    assert_false(path_parse_name("readme.jpg", parsed, &edge));
}

static void test_shards(void **state)
{
    char shard[SHARD_BYTES];
    (void)state;
    path_shard(0, shard);
    assert_string_equal(shard, "00");
    path_shard(0xAB, shard);
    assert_string_equal(shard, "ab");
    path_shard(SHARD_COUNT - 1, shard);
    assert_string_equal(shard, "ff");
}

static void test_sizes(void **state)
{
    (void)state;
    assert_int_equal(preview_sizes[preview_size_named(JM_SPAN("small"))].edge, 200);
    assert_int_equal(preview_sizes[preview_size_named(JM_SPAN("medium"))].edge, 400);
    assert_int_equal(preview_sizes[preview_size_named(JM_SPAN("large"))].edge, 800);
    assert_string_equal(preview_sizes[PREVIEW_SIZE_DEFAULT].name, "medium");
    assert_int_equal(preview_size_named(JM_SPAN("Large")), -1);
    assert_int_equal(preview_size_named(JM_SPAN("")), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hash),   cmocka_unit_test(test_names), cmocka_unit_test(test_parse),
        cmocka_unit_test(test_shards), cmocka_unit_test(test_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
