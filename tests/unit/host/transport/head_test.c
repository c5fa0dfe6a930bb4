/* The head of a request: what is understood, and what is refused because it could be understood in
 * two ways. */
#include "host/transport/head.h"

#include "host/util/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define END "\r\n\r\n"

static char bytes[2 * JMH_HEAD_BYTES_MAX];
static struct jmh_head head;
static struct jmh_head_fault fault;

static enum jmh_head_state parse(const char *text)
{
    size_t len = strlen(text);
    assert_true(len < sizeof bytes);
    memcpy(bytes, text, len);
    fault = (struct jmh_head_fault){0, NULL};
    return jmh_head_parse(bytes, len, 0, &head, &fault);
}

static void must_parse(const char *text)
{
    if (parse(text) != JMH_HEAD_WHOLE) {
        fail_msg("not parsed: %s (%s)", text, fault.sentence != NULL ? fault.sentence : "partial");
    }
}

static void must_refuse(const char *text, int status)
{
    if (parse(text) != JMH_HEAD_FAULTY || fault.status != status || fault.sentence == NULL) {
        fail_msg("not refused with %d but %d: %s", status, fault.status, text);
    }
}

static void expect(const char *name, const char *value)
{
    jm_span found = {NULL, 0};
    assert_int_equal(jmh_head_get(&head, bytes, name, &found), value != NULL);
    if (value != NULL) {
        assert_int_equal(found.len, strlen(value));
        assert_memory_equal(found.ptr, value, found.len);
    }
}

static void test_plain(void **state)
{
    (void)state;
    static const char text[] =
        "POST /a/b?c=d HTTP/1.1\r\nHost: localhost\r\nX-One:two \t\r\nEmpty:\r\n"
        "UPPER-Case:   Value Here" END;
    must_parse(text);
    assert_int_equal(head.bytes, sizeof text - 1);
    assert_memory_equal(bytes + head.method_at, "POST", head.method_len);
    assert_int_equal(head.target_len, 8);
    assert_memory_equal(bytes + head.target_at, "/a/b?c=d", 8);
    assert_false(head.is_http10);
    expect("host", "localhost");
    expect("x-one", "two");
    expect("empty", "");
    expect("upper-case", "Value Here");
    expect("missing", NULL);
    expect("hos", NULL);
}

static void test_forms_of_the_target(void **state)
{
    (void)state;
    must_parse("\r\n\r\nGET / HTTP/1.0" END);
    assert_true(head.is_http10);
    must_parse("GET http://studio.example:5100/x?y HTTP/1.1" END);
    assert_memory_equal(bytes + head.target_at, "/x?y", 4);
    assert_int_equal(head.target_len, 4);
    must_refuse("GET x HTTP/1.1" END, 400);
    must_refuse("GET http://host HTTP/1.1" END, 400);
    must_refuse("CONNECT host:1 HTTP/1.1" END, 400);
}

static void test_request_lines(void **state)
{
    (void)state;
    must_refuse("GET / HTTP/2.0" END, 505);
    must_refuse("GET / HTTP/1.2" END, 505);
    must_refuse("GET / http/1.1" END, 400);
    must_refuse("GET /" END, 400);
    must_refuse("GET  / HTTP/1.1" END, 400);
    must_refuse("GET /  HTTP/1.1" END, 400);
    must_refuse("GET / HTTP/1.1 " END, 400);
    must_refuse(" GET / HTTP/1.1" END, 400);
    must_refuse("G\x01T / HTTP/1.1" END, 400);
    must_refuse("GET /\x01 HTTP/1.1" END, 400);
    must_refuse("AVERYLONGMETHODXX / HTTP/1.1" END, 400);
    must_refuse("\x16\x03\x01\x02" END, 400);
}

static void test_ambiguous_headers(void **state)
{
    (void)state;
    must_refuse("GET / HTTP/1.1\r\nHost : x" END, 400);
    must_refuse("GET / HTTP/1.1\r\n folded" END, 400);
    must_refuse("GET / HTTP/1.1\r\nA: b\r\n c" END, 400);
    must_refuse("GET / HTTP/1.1\r\n: b" END, 400);
    must_refuse("GET / HTTP/1.1\r\nNoColon" END, 400);
    must_refuse("GET / HTTP/1.1\r\nA: b\nB: c" END, 400);
    must_refuse("GET / HTTP/1.1\nA: b" END, 400);
    must_refuse("GET / HTTP/1.1\r\nA: b\rc" END, 400);
    must_refuse("GET / HTTP/1.1\r\nA: b\x7f" END, 400);
    must_refuse("GET / HTTP/1.1\r\nHost: a\r\nHOST: a" END, 400);
    static const char nul[] = "GET / HTTP/1.1\r\nA: b\0c" END;
    memcpy(bytes, nul, sizeof nul - 1);
    assert_int_equal(jmh_head_parse(bytes, sizeof nul - 1, 0, &head, &fault), JMH_HEAD_FAULTY);
}

/* Whole only with its last byte, however it comes. */
static void test_piece_by_piece(void **state)
{
    (void)state;
    static const char text[] = "GET / HTTP/1.1\r\nHost: localhost\r\nA: b" END;
    for (size_t step = 1; step < sizeof text; step++) {
        size_t looked_at = 0;
        enum jmh_head_state got = JMH_HEAD_PARTIAL;
        memset(bytes, 0, sizeof text);
        for (size_t len = step; got == JMH_HEAD_PARTIAL; len += step) {
            len = len < sizeof text - 1 ? len : sizeof text - 1;
            memcpy(bytes + looked_at, text + looked_at, len - looked_at);
            got = jmh_head_parse(bytes, len, looked_at, &head, &fault);
            looked_at = len;
            assert_int_equal(got == JMH_HEAD_WHOLE, len == sizeof text - 1);
        }
        expect("a", "b");
    }
}

static void test_bounds(void **state)
{
    (void)state;
    memset(bytes, 'a', sizeof bytes);
    memcpy(bytes, "GET /", 5);
    assert_int_equal(jmh_head_parse(bytes, JMH_HEAD_BYTES_MAX - 1, 0, &head, &fault),
                     JMH_HEAD_PARTIAL);
    assert_int_equal(jmh_head_parse(bytes, JMH_HEAD_BYTES_MAX, 0, &head, &fault), JMH_HEAD_FAULTY);
    assert_int_equal(fault.status, 431);
    size_t len = (size_t)sprintf(bytes, "GET / HTTP/1.1\r\n");
    for (unsigned i = 0; i < JMH_HEAD_FIELDS_MAX; i++) {
        len += (size_t)sprintf(bytes + len, "A: b\r\n");
    }
    memcpy(bytes + len, "\r\n", 2);
    assert_int_equal(jmh_head_parse(bytes, len + 2, 0, &head, &fault), JMH_HEAD_WHOLE);
    memcpy(bytes + len, "A: b\r\n\r\n", 8);
    assert_int_equal(jmh_head_parse(bytes, len + 8, 0, &head, &fault), JMH_HEAD_FAULTY);
    assert_int_equal(fault.status, 431);
}

static void expect_body(const char *headers, bool is_good, bool is_chunked, uint64_t length)
{
    char text[512];
    struct jmh_head_body body;
    (void)snprintf(text, sizeof text, "POST / HTTP/1.1\r\nHost: x\r\n%s\r\n", headers);
    must_parse(text);
    assert_int_equal(jmh_head_body(&head, bytes, &body, &fault), is_good);
    if (is_good) {
        assert_int_equal(body.is_chunked, is_chunked);
        assert_int_equal(body.length, length);
    } else {
        assert_in_range(fault.status, 400, 501);
    }
}

static void test_body(void **state)
{
    (void)state;
    expect_body("", true, false, 0);
    expect_body("Content-Length: 0\r\n", true, false, 0);
    expect_body("Content-Length: 123456789012\r\n", true, false, 123456789012);
    expect_body("Transfer-Encoding: Chunked\r\n", true, true, 0);
    expect_body("Content-Length: -1\r\n", false, false, 0);
    expect_body("Content-Length: +1\r\n", false, false, 0);
    expect_body("Content-Length: 1 2\r\n", false, false, 0);
    expect_body("Content-Length: 1,1\r\n", false, false, 0);
    expect_body("Content-Length: 0x10\r\n", false, false, 0);
    expect_body("Content-Length:\r\n", false, false, 0);
    expect_body("Content-Length: 18446744073709551617\r\n", false, false, 0);
    expect_body("Content-Length: 5\r\nContent-Length: 5\r\n", false, false, 0);
    expect_body("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", false, false, 0);
    expect_body("Transfer-Encoding: gzip, chunked\r\n", false, false, 0);
    expect_body("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", false, false, 0);
    expect_body("Transfer-Encoding: identity\r\n", false, false, 0);
    must_parse("POST / HTTP/1.0\r\nTransfer-Encoding: chunked" END);
    struct jmh_head_body body;
    assert_false(jmh_head_body(&head, bytes, &body, &fault));
}

static void test_keep_alive(void **state)
{
    (void)state;
    must_parse("GET / HTTP/1.1" END);
    assert_true(jmh_head_keeps_alive(&head, bytes));
    must_parse("GET / HTTP/1.1\r\nConnection: foo, Close" END);
    assert_false(jmh_head_keeps_alive(&head, bytes));
    must_parse("GET / HTTP/1.0" END);
    assert_false(jmh_head_keeps_alive(&head, bytes));
    must_parse("GET / HTTP/1.0\r\nConnection: Keep-Alive" END);
    assert_true(jmh_head_keeps_alive(&head, bytes));
}

static void test_tokens(void **state)
{
    (void)state;
    assert_true(jmh_head_has_token(jmh_span("keep-alive,\tUpgrade ,x"), "upgrade"));
    assert_false(jmh_head_has_token(jmh_span("upgraded"), "upgrade"));
    assert_false(jmh_head_has_token(jmh_span(""), "upgrade"));
    assert_false(jmh_head_has_token(jmh_span(",, ,"), "upgrade"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),          cmocka_unit_test(test_forms_of_the_target),
        cmocka_unit_test(test_request_lines),  cmocka_unit_test(test_ambiguous_headers),
        cmocka_unit_test(test_piece_by_piece), cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_body),           cmocka_unit_test(test_keep_alive),
        cmocka_unit_test(test_tokens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
