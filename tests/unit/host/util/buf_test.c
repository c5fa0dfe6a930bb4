/* Growable bytes: growth, JSON texts, and what a failed allocation leaves. */
#include "host/util/buf.h"

#include "host/util/json.h"
#include "host/util/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void assert_json_text(jm_span text, const char *expected)
{
    struct jmh_buf buf = {0};
    jmh_buf_add_json_text(&buf, text);
    assert_true(jmh_span_is(jmh_buf_span(&buf), expected));
    assert_true(jmh_json_parse(jmh_buf_span(&buf), NULL));
    jmh_buf_fini(&buf);
}

static void grows_and_keeps_what_is_there(void **state)
{
    struct jmh_buf buf = {0};
    (void)state;
    jmh_buf_add(&buf, NULL, 0);
    assert_int_equal(buf.len, 0);
    for (int i = 0; i < 1000; i++) {
        jmh_buf_addf(&buf, "%03d;", i);
    }
    assert_int_equal(buf.len, 4000);
    assert_memory_equal(buf.data, "000;001;", 8);
    assert_memory_equal(buf.data + 3992, "998;999;", 8);
    jmh_buf_consume(&buf, 3996);
    assert_true(jmh_span_is(jmh_buf_span(&buf), "999;"));
    jmh_buf_add_text(&buf, "x");
    jmh_buf_add_span(&buf, jmh_span("yz"));
    assert_true(jmh_span_is(jmh_buf_span(&buf), "999;xyz"));
    jmh_buf_clear(&buf);
    assert_int_equal(jmh_buf_span(&buf).len, 0);
    jmh_buf_consume(&buf, 0);
    jmh_buf_fini(&buf);
    jmh_buf_consume(&buf, 0); /* of one that never had memory */
}

static void remembers_a_failure(void **state)
{
    struct jmh_buf buf = {0};
    (void)state;
    jmh_buf_add_text(&buf, "abc");
    assert_null(jmh_buf_reserve(&buf, SIZE_MAX - 1));
    jmh_buf_add_text(&buf, "def");
    assert_true(buf.failed);
    assert_true(jmh_span_is(jmh_buf_span(&buf), "abc"));
    jmh_buf_clear(&buf);
    assert_false(buf.failed);
    jmh_buf_fini(&buf);
}

static void writes_json_texts(void **state)
{
    (void)state;
    assert_json_text((jm_span){NULL, 0}, "\"\"");
    assert_json_text(jmh_span("a\"b\\c\n\r\t\x01\x7f/"), "\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u007f/\"");
    assert_json_text((jm_span){"a\0b", 3}, "\"a\\u0000b\"");
    assert_json_text(jmh_span("\xe5\x86\x99\xf0\x9f\x93\xb7"), "\"\xe5\x86\x99\xf0\x9f\x93\xb7\"");
    assert_json_text(jmh_span("a\xff"
                              "b"),
                     "\"a\xef\xbf\xbd"
                     "b\"");
    assert_json_text(jmh_span("\xe5\x86"), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
    assert_json_text(jmh_span("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_and_keeps_what_is_there),
        cmocka_unit_test(remembers_a_failure),
        cmocka_unit_test(writes_json_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
