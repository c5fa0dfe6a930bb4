/* UTF-8: every character there and back, and everything that is none. */
#include "host/util/utf8.h"

#include "host/util/span.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void writes_and_steps_over_every_character(void **state)
{
    char bytes[4];
    (void)state;
    for (uint32_t character = 0; character <= 0x10ffff; character++) {
        if (character >= 0xd800 && character <= 0xdfff) {
            continue;
        }
        size_t len = jmh_utf8_put(character, bytes);
        assert_int_equal(jmh_utf8_step(bytes, len), len);
        assert_int_equal(jmh_utf8_step(bytes, len - 1), 0);
    }
}

/* Every sequence of two bytes, against the table of the standard. */
static void judges_pairs(void **state)
{
    (void)state;
    for (unsigned first = 0x80; first <= 0xff; first++) {
        for (unsigned second = 0; second <= 0xff; second++) {
            char bytes[2] = {(char)first, (char)second};
            bool good = first >= 0xc2 && first <= 0xdf && second >= 0x80 && second <= 0xbf;
            assert_int_equal(jmh_utf8_step(bytes, 2), good ? 2 : 0);
        }
    }
}

static void refuses_what_is_none(void **state)
{
    static const char *const bad[] = {"\x80",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xe0\x9f\xbf",
                                      "\xed\xa0\x80",
                                      "\xed\xbf\xbf",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xfe",
                                      "\xe5\x86",
                                      "a\xc3"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(jmh_utf8_is_valid(jmh_span(bad[i])));
    }
    assert_true(jmh_utf8_is_valid(jmh_span("a\xc3\xa9\xe5\x86\x99\xf0\x9f\x93\xb7")));
    assert_true(jmh_utf8_is_valid((jm_span){NULL, 0}));
    assert_true(jmh_utf8_is_valid((jm_span){"a\0b", 3}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_and_steps_over_every_character),
        cmocka_unit_test(judges_pairs),
        cmocka_unit_test(refuses_what_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
