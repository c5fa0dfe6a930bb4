/* Chunked bodies, cut into pieces at every place. */
#include "host/transport/chunks.h"

#include "host/util/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MOST 1000u

/* Feeds `text` in pieces of `step` bytes; how many of its bytes were taken. */
static enum jmh_chunks_result feed(const char *text, size_t step, struct jmh_buf *out,
                                   size_t *taken_out)
{
    struct jmh_chunks chunks = {0};
    enum jmh_chunks_result result = JMH_CHUNKS_MORE;
    size_t len = strlen(text), at = 0, used = 0;
    *taken_out = 0;
    while (result == JMH_CHUNKS_MORE && at < len) {
        size_t piece = len - at < step ? len - at : step;
        result = jmh_chunks_feed(&chunks, (jm_span){text + at, piece}, out, MOST, &used);
        assert_true(used <= piece && (result != JMH_CHUNKS_MORE || used == piece));
        at += used;
    }
    *taken_out = at;
    return result;
}

static void expect(const char *text, const char *rest, const char *body)
{
    char whole[512];
    (void)snprintf(whole, sizeof whole, "%s%s", text, rest);
    for (size_t step = 1; step <= strlen(whole); step++) {
        struct jmh_buf out = {0};
        size_t taken;
        assert_int_equal(feed(whole, step, &out, &taken), JMH_CHUNKS_DONE);
        assert_int_equal(taken, strlen(text));
        assert_int_equal(out.len, strlen(body));
        if (out.len > 0) {
            assert_memory_equal(out.data, body, out.len);
        }
        jmh_buf_fini(&out);
    }
}

static void expect_result(const char *text, enum jmh_chunks_result wanted)
{
    for (size_t step = 1; step <= strlen(text); step++) {
        struct jmh_buf out = {0};
        size_t taken;
        enum jmh_chunks_result result = feed(text, step, &out, &taken);
        if (result != wanted) {
            fail_msg("%d, not %d, in steps of %zu: %s", result, wanted, step, text);
        }
        jmh_buf_fini(&out);
    }
}

static void test_whole(void **state)
{
    (void)state;
    expect("0\r\n\r\n", "", "");
    expect("5\r\nhello\r\n0\r\n\r\n", "GET / HTTP/1.1", "hello");
    expect("1\r\na\r\n00A;ext=\"1\"\r\n0123456789\r\n000\r\nTrailer: x\r\nOther: y\r\n\r\n", "POST",
           "a0123456789");
    expect("4 \r\n\r\n\r\n\r\n0\r\n\r\n", "x", "\r\n\r\n");
}

static void test_broken(void **state)
{
    (void)state;
    expect_result("\r\n", JMH_CHUNKS_BROKEN);
    expect_result("z\r\n", JMH_CHUNKS_BROKEN);
    expect_result("-1\r\n", JMH_CHUNKS_BROKEN);
    expect_result("+1\r\n", JMH_CHUNKS_BROKEN);
    expect_result("5\nhello", JMH_CHUNKS_BROKEN);
    expect_result("5\r\nhelloX", JMH_CHUNKS_BROKEN);
    expect_result("5\r\nhello\n", JMH_CHUNKS_BROKEN);
    expect_result("5\r\nhello\r\r", JMH_CHUNKS_BROKEN);
    expect_result("5;a\rb\r\n", JMH_CHUNKS_BROKEN);
    expect_result("1234567890abc\r\n", JMH_CHUNKS_BROKEN);
    expect_result("0\r\nA: b\n", JMH_CHUNKS_BROKEN);
}

static void test_bounds(void **state)
{
    (void)state;
    expect_result("3e8\r\naaaaaaaaaa", JMH_CHUNKS_MORE);
    expect_result("3e9\r\n", JMH_CHUNKS_TOO_LARGE);
    char *large = malloc(2u * (size_t)MOST);
    size_t len = (size_t)sprintf(large, "3e9\r\n");
    memset(large + len, 'a', MOST + 1);
    large[len + MOST + 1] = '\0';
    struct jmh_buf out = {0};
    size_t taken;
    assert_int_equal(feed(large, 7, &out, &taken), JMH_CHUNKS_TOO_LARGE);
    assert_true(out.len <= MOST);
    jmh_buf_fini(&out);
    free(large);

    /* Extensions and trailers have no end that counts as data. */
    struct jmh_chunks chunks = {0};
    enum jmh_chunks_result result = jmh_chunks_feed(&chunks, jmh_span("1;"), &out, MOST, &taken);
    for (int i = 0; i < 10000 && result == JMH_CHUNKS_MORE; i++) {
        result = jmh_chunks_feed(&chunks, jmh_span("x"), &out, MOST, &taken);
    }
    assert_int_equal(result, JMH_CHUNKS_BROKEN);
    chunks = (struct jmh_chunks){0};
    result = jmh_chunks_feed(&chunks, jmh_span("0\r\n"), &out, MOST, &taken);
    for (int i = 0; i < 10000 && result == JMH_CHUNKS_MORE; i++) {
        result = jmh_chunks_feed(&chunks, jmh_span("T: x\r\n"), &out, MOST, &taken);
    }
    assert_int_equal(result, JMH_CHUNKS_BROKEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_broken),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
