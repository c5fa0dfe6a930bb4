/* JSON: what RFC 8259 allows and forbids, and walking what was checked. */
#include "host/util/json.h"

#include "host/util/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A copy that ends where the text ends, so that a sanitizer sees a read behind it. */
static bool parses(const char *text, size_t len, struct jmh_json_value *value_out)
{
    static char *last;
    free(last);
    last = malloc(len + (len == 0));
    assert_non_null(last);
    memcpy(last, text, len);
    return jmh_json_parse((jm_span){last, len}, value_out);
}

static struct jmh_json_value parse(const char *text)
{
    struct jmh_json_value value = {0};
    if (!jmh_json_parse(jmh_span(text), &value)) {
        fail_msg("refused: %s", text);
    }
    return value;
}

static void accepts_what_the_rfc_allows(void **state)
{
    static const struct {
        const char *text;
        enum jmh_json_kind kind;
    } cases[] = {
        {"null", JMH_JSON_NULL},
        {"true", JMH_JSON_BOOL},
        {"false", JMH_JSON_BOOL},
        {"0", JMH_JSON_INT},
        {"-0", JMH_JSON_INT},
        {"-12", JMH_JSON_INT},
        {"123456789012345678901234567890", JMH_JSON_INT},
        {"0.5", JMH_JSON_REAL},
        {"-0.0", JMH_JSON_REAL},
        {"1e5", JMH_JSON_REAL},
        {"1E+5", JMH_JSON_REAL},
        {"1.25e-3", JMH_JSON_REAL},
        {"0e0", JMH_JSON_REAL},
        {"\"\"", JMH_JSON_TEXT},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", JMH_JSON_TEXT},
        {"\"\\u0041\\uD83D\\uDCF7\"", JMH_JSON_TEXT},
        {"\"\\u0000\"", JMH_JSON_TEXT},
        {"\"\x7f\"", JMH_JSON_TEXT},
        {"\"\xc3\xa9\xe5\x86\x99\xf0\x9f\x93\xb7\"", JMH_JSON_TEXT},
        {"[]", JMH_JSON_ARRAY},
        {"[1,[2],{}]", JMH_JSON_ARRAY},
        {"{}", JMH_JSON_OBJECT},
        {" \t\r\n{ \"a\" : [ 1 , 2 ] , \"\" : null } \n", JMH_JSON_OBJECT},
        {"{\"a\":1,\"a\":2}", JMH_JSON_OBJECT},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct jmh_json_value value = {0};
        if (!parses(cases[i].text, strlen(cases[i].text), &value)) {
            fail_msg("refused: %s", cases[i].text);
        }
        assert_int_equal(value.kind, cases[i].kind);
    }
}

static void assert_refuses(const char *const *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (parses(cases[i], strlen(cases[i]), NULL)) {
            fail_msg("accepted: %s", cases[i]);
        }
    }
}

static void refuses_what_the_rfc_forbids(void **state)
{
    static const char *const words[] = {"",     " ",        "nul",     "nulll", "True",
                                        "NaN",  "Infinity", "-",       "+1",    "01",
                                        "-01",  "1.",       ".5",      "1e",    "1e+",
                                        "0x10", "1 2",      "// x\n1", "/**/1", "\xef\xbb\xbf{}"};
    static const char *const texts[] = {"\"",        "\"a",         "'a'",    "\"\\",   "\"\\x\"",
                                        "\"\\u12\"", "\"\\u12g4\"", "\"\n\"", "\"\t\"", "\"\x01\""};
    static const char *const nested[] = {
        "[",          "[1",     "[1,",     "[1,]",     "[,1]",      "[1 2]",    "]",
        "{",          "{\"a\"", "{\"a\":", "{\"a\":1", "{a:1}",     "{1:2}",    "{\"a\":1,",
        "{\"a\":1,}", "[1}",    "{}{}",    "[]x",      "{\"a\" 1}", "{\"a\":1]"};
    (void)state;
    assert_refuses(words, sizeof words / sizeof words[0]);
    assert_refuses(texts, sizeof texts / sizeof texts[0]);
    assert_refuses(nested, sizeof nested / sizeof nested[0]);
    assert_false(parses("{}\0", 3, NULL));
    assert_false(parses("\"a\0b\"", 5, NULL));
    /* legal, but no library could tell the name */
    assert_false(parses("{\"a\\u0000b\":1}", 14, NULL));
    assert_false(jmh_json_parse((jm_span){NULL, 0}, NULL));
}

static void refuses_what_is_no_character(void **state)
{
    /* alone, in the wrong order, a high one before something else */
    static const char *const surrogates[] = {
        "\"\\ud800\"",  "\"\\udc00\"",        "\"\\udc00\\ud800\"", "\"\\ud800\\u0041\"",
        "\"\\ud800x\"", "\"\\ud800\\ud800\"", "\"\\ud800\\udc0\""};
    /* a stray tail, cut off, overlong, a surrogate, beyond U+10FFFF */
    static const char *const bytes[] = {
        "\"\x80\"",     "\"\xc3\"",         "\"\xe5\x86\"",     "\"\xf0\x9f\x93\"",
        "\"\xc0\xaf\"", "\"\xe0\x80\xaf\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"",
        "\"\xff\"",     "{\"\x80\":1}"};
    (void)state;
    assert_refuses(surrogates, sizeof surrogates / sizeof surrogates[0]);
    assert_refuses(bytes, sizeof bytes / sizeof bytes[0]);
}

/* Each cut of a good document is a bad one, and is read no further than it goes. */
static void refuses_every_prefix(void **state)
{
    static const char text[] = "{\"a\":[1,-2.5e+3,true,false,null,"
                               "\"\\u00e9\\uD83D\\uDCF7\xe5\x86\x99\\n\"],\"b\":{\"c\":{}}}";
    (void)state;
    for (size_t len = 0; len < sizeof text - 1; len++) {
        assert_false(parses(text, len, NULL));
    }
    assert_true(parses(text, sizeof text - 1, NULL));
}

static void bounds_the_depth(void **state)
{
    char text[2 * JMH_JSON_DEPTH + 8];
    (void)state;
    for (size_t depth = JMH_JSON_DEPTH - 1; depth <= JMH_JSON_DEPTH + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        assert_int_equal(parses(text, 2 * depth, NULL), depth <= JMH_JSON_DEPTH);
    }
}

static void value_is_without_surrounding_space(void **state)
{
    (void)state;
    struct jmh_json_value value = parse(" \n [1, 2]\t");
    assert_true(jmh_span_is(value.text, "[1, 2]"));
}

static void walks_objects_and_arrays(void **state)
{
    struct jmh_json_walk walk;
    struct jmh_json_member member;
    (void)state;
    assert_true(jmh_json_begin(&walk, parse("{ \"a\" : 1 , \"b\":[1,{\"x\":2}],\"c\":\"}\" }")));
    assert_true(jmh_json_next(&walk, &member));
    assert_true(jmh_span_is(member.key, "a") && jmh_span_is(member.value.text, "1"));
    assert_true(jmh_json_next(&walk, &member));
    assert_true(jmh_span_is(member.key, "b") && jmh_span_is(member.value.text, "[1,{\"x\":2}]"));
    assert_true(jmh_json_next(&walk, &member));
    assert_true(jmh_span_is(member.key, "c") && member.value.kind == JMH_JSON_TEXT);
    assert_false(jmh_json_next(&walk, &member));
    assert_false(jmh_json_next(&walk, &member));

    assert_true(jmh_json_begin(&walk, parse("[\"a\",\"b:\" , [] ]")));
    assert_true(jmh_json_next(&walk, &member));
    assert_true(member.key.len == 0 && jmh_span_is(member.value.text, "\"a\""));
    assert_true(jmh_json_next(&walk, &member));
    assert_true(jmh_span_is(member.value.text, "\"b:\""));
    assert_true(jmh_json_next(&walk, &member));
    assert_int_equal(member.value.kind, JMH_JSON_ARRAY);
    assert_false(jmh_json_next(&walk, &member));

    assert_true(jmh_json_begin(&walk, parse("{}")));
    assert_false(jmh_json_next(&walk, &member));
    assert_true(jmh_json_begin(&walk, parse("[ ]")));
    assert_false(jmh_json_next(&walk, &member));
    assert_false(jmh_json_begin(&walk, parse("\"{}\"")));
}

static void finds_members(void **state)
{
    struct jmh_json_value object = parse("{\"type\":1,\"a\":{\"type\":9},\"\\u0074ype\":2,\"\":3}");
    struct jmh_json_value value;
    (void)state;
    /* the last of a name counts, however it is written */
    assert_true(jmh_json_get(object, "type", &value));
    assert_true(jmh_span_is(value.text, "2"));
    assert_true(jmh_json_get(object, "", &value));
    assert_true(jmh_span_is(value.text, "3"));
    assert_false(jmh_json_get(object, "typ", &value));
    assert_false(jmh_json_get(object, "types", &value));
    assert_false(jmh_json_get(parse("[\"type\"]"), "type", &value));
}

static void resolves_text(void **state)
{
    char out[32];
    (void)state;
    assert_int_equal(jmh_json_text(parse("\"a\\u00e9\\n\\/\\uD83D\\uDCF7\xe5\x86\x99\""), out, 32),
                     12);
    assert_string_equal(out, "a\xc3\xa9\n/\xf0\x9f\x93\xb7\xe5\x86\x99");
    assert_int_equal(jmh_json_text(parse("\"\""), out, 1), 0);
    assert_string_equal(out, "");
    /* the NUL needs room too */
    assert_int_equal(jmh_json_text(parse("\"abc\""), out, 4), 3);
    assert_int_equal(jmh_json_text(parse("\"abcd\""), out, 4), -1);
    assert_int_equal(jmh_json_text(parse("\"ab\xc3\xa9\""), out, 4), -1);
    assert_int_equal(jmh_json_text(parse("\"\""), out, 0), -1);
    assert_int_equal(jmh_json_text(parse("\"a\\u0000b\""), out, 32), -1);
    assert_int_equal(jmh_json_text(parse("12"), out, 32), -1);
}

static void reads_integers(void **state)
{
    int64_t value = 0;
    (void)state;
    assert_true(jmh_json_int(parse("-42"), &value));
    assert_int_equal(value, -42);
    assert_true(jmh_json_int(parse("9223372036854775807"), &value));
    assert_true(value == INT64_MAX);
    assert_true(jmh_json_int(parse("-9223372036854775808"), &value));
    assert_true(value == INT64_MIN);
    assert_false(jmh_json_int(parse("9223372036854775808"), &value));
    assert_false(jmh_json_int(parse("1.0"), &value));
    assert_false(jmh_json_int(parse("1e2"), &value));
    assert_false(jmh_json_int(parse("\"1\""), &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_what_the_rfc_allows),
        cmocka_unit_test(refuses_what_the_rfc_forbids),
        cmocka_unit_test(refuses_what_is_no_character),
        cmocka_unit_test(refuses_every_prefix),
        cmocka_unit_test(bounds_the_depth),
        cmocka_unit_test(value_is_without_surrounding_space),
        cmocka_unit_test(walks_objects_and_arrays),
        cmocka_unit_test(finds_members),
        cmocka_unit_test(resolves_text),
        cmocka_unit_test(reads_integers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
