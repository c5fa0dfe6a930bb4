/* Messages compressed one by one, and what comes back of them. */
#include "host/util/deflate.h"

#include "host/util/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct jmh_deflate *compressor;
static struct jmh_inflate *inflater;

static int setup(void **state)
{
    (void)state;
    compressor = jmh_deflate_new();
    inflater = jmh_inflate_new();
    return compressor == NULL || inflater == NULL;
}

static int teardown(void **state)
{
    (void)state;
    jmh_deflate_free(compressor);
    jmh_inflate_free(inflater);
    jmh_deflate_free(NULL);
    jmh_inflate_free(NULL);
    return 0;
}

static enum jmh_inflated inflated(const void *bytes, size_t len, size_t limit, struct jmh_buf *out)
{
    jmh_buf_clear(out);
    return jmh_inflate_message(inflater, (jm_span){bytes, len}, limit, out);
}

static void comes_back(void **state)
{
    static const size_t sizes[] = {0, 1, 2, 255, 16383, 16384, 16385, 200000};
    struct jmh_buf packed = {0}, plain = {0};
    char *text = malloc(200000);
    (void)state;
    for (size_t i = 0; i < 200000; i++) {
        text[i] = (char)('a' + i * i % 17);
    }
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        jmh_buf_clear(&packed);
        assert_true(jmh_deflate_message(compressor, (jm_span){text, sizes[i]}, &packed));
        assert_true(sizes[i] < 1000 || packed.len < sizes[i] / 4);
        assert_int_equal(inflated(packed.data, packed.len, sizes[i], &plain), JMH_INFLATED);
        assert_int_equal(plain.len, sizes[i]);
        assert_memory_equal(plain.data, text, sizes[i]);
        if (sizes[i] > 0) {
            assert_int_equal(inflated(packed.data, packed.len, sizes[i] - 1, &plain),
                             JMH_INFLATED_TOO_LARGE);
        }
    }
    free(text);
    jmh_buf_fini(&packed);
    jmh_buf_fini(&plain);
}

/* A message does not lean on the one before. */
static void stands_for_itself(void **state)
{
    jm_span text = jmh_span("the same words, the same words, the same words");
    struct jmh_buf first = {0}, second = {0};
    (void)state;
    assert_true(jmh_deflate_message(compressor, text, &first));
    assert_true(jmh_deflate_message(compressor, text, &second));
    assert_int_equal(first.len, second.len);
    assert_memory_equal(first.data, second.data, first.len);
    jmh_buf_fini(&first);
    jmh_buf_fini(&second);
}

/* Ten megabytes of nothing come to no more memory than the limit and a piece. */
static void stops_a_bomb(void **state)
{
    struct jmh_buf packed = {0}, plain = {0};
    char *nothing = calloc(1, 10u << 20);
    (void)state;
    assert_true(jmh_deflate_message(compressor, (jm_span){nothing, 10u << 20}, &packed));
    assert_true(packed.len < 65536);
    assert_int_equal(inflated(packed.data, packed.len, 65536, &plain), JMH_INFLATED_TOO_LARGE);
    assert_true(plain.len <= 65536 + 16384);
    free(nothing);
    jmh_buf_fini(&packed);
    jmh_buf_fini(&plain);
}

static void refuses_what_is_not_deflate(void **state)
{
    static const uint8_t nonsense[] = {0xff, 0xff, 0xff, 0xff};
    /* "Hello" as RFC 7692 has it: with a final block (7.2.3.4), and cut off. */
    static const uint8_t final[] = {0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00};
    static const uint8_t cut[] = {0xf2, 0x48, 0xcd};
    struct jmh_buf plain = {0};
    (void)state;
    assert_int_equal(inflated(nonsense, sizeof nonsense, 100, &plain), JMH_INFLATED_WRONG);
    assert_int_equal(inflated(final, sizeof final, 100, &plain), JMH_INFLATED);
    assert_memory_equal(plain.data, "Hello", 5);
    assert_int_equal(inflated(cut, sizeof cut, 100, &plain), JMH_INFLATED_WRONG);
    jmh_buf_fini(&plain);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(comes_back),
        TEST(stands_for_itself),
        TEST(stops_a_bomb),
        TEST(refuses_what_is_not_deflate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
