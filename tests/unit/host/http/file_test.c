/* Conditional requests and ranges, by table. */
#include "host/http/file.h"

#include "host/util/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define DATE "Sun, 06 Nov 1994 08:49:37 GMT"
#define LATER "Sun, 06 Nov 1994 08:49:38 GMT"
#define EARLIER "Sun, 06 Nov 1994 08:49:36 GMT"

static const struct jmh_file_facts facts = {
    .size = 1000,
    .modified = {.tv_sec = 784111777},
    .etag = {"\"abc\"", 5},
};

struct file_case {
    const char *if_none_match, *if_modified_since, *if_range, *range;
    int status;
    uint64_t offset, length;
};

static const struct file_case cases[] = {
    {NULL, NULL, NULL, NULL, 200, 0, 1000},

    {"\"abc\"", NULL, NULL, NULL, 304, 0, 0},
    {"W/\"abc\"", NULL, NULL, NULL, 304, 0, 0},
    {"\"x\", \"abc\"", NULL, NULL, NULL, 304, 0, 0},
    {" \"x,\\\" ,\t\"abc\" ", NULL, NULL, NULL, 304, 0, 0},
    {"*", NULL, NULL, NULL, 304, 0, 0},
    {"\"abd\"", NULL, NULL, NULL, 200, 0, 1000},
    {"abc", NULL, NULL, NULL, 200, 0, 1000},
    {"\"abc", NULL, NULL, NULL, 200, 0, 1000},
    {"\"x\" \"abc\"", NULL, NULL, NULL, 200, 0, 1000},
    {"", NULL, NULL, NULL, 200, 0, 1000},
    {",", NULL, NULL, NULL, 200, 0, 1000},

    {NULL, DATE, NULL, NULL, 304, 0, 0},
    {NULL, LATER, NULL, NULL, 304, 0, 0},
    {NULL, EARLIER, NULL, NULL, 200, 0, 1000},
    {NULL, "Sunday, 06-Nov-94 08:49:37 GMT", NULL, NULL, 200, 0, 1000},
    {NULL, "Mon, 06 Nov 1995 08:49:37 GMT", NULL, NULL, 304, 0, 0},
    {NULL, "Tue, 06 Nov 1995 08:49:37 GMT", NULL, NULL, 200, 0, 1000},
    {NULL, "Sun, 31 Nov 1994 08:49:37 GMT", NULL, NULL, 200, 0, 1000},
    {NULL, "Sun, 06 Nov 1994 25:49:37 GMT", NULL, NULL, 200, 0, 1000},
    {NULL, "Sun, 06 Nov 1994 08:49:37 UTC", NULL, NULL, 200, 0, 1000},
    {NULL, "tomorrow", NULL, NULL, 200, 0, 1000},
    /* The tag decides where there is one. */
    {"\"abd\"", LATER, NULL, NULL, 200, 0, 1000},
    {"\"abc\"", EARLIER, NULL, NULL, 304, 0, 0},

    {NULL, NULL, NULL, "bytes=0-", 206, 0, 1000},
    {NULL, NULL, NULL, "bytes=0-0", 206, 0, 1},
    {NULL, NULL, NULL, "bytes=10-19", 206, 10, 10},
    {NULL, NULL, NULL, "BYTES=10-19 ", 206, 10, 10},
    {NULL, NULL, NULL, "bytes=999-", 206, 999, 1},
    {NULL, NULL, NULL, "bytes=990-2000", 206, 990, 10},
    {NULL, NULL, NULL, "bytes=0-99999999999999999999999", 206, 0, 1000},
    {NULL, NULL, NULL, "bytes=0-18446744073709551615", 206, 0, 1000},
    {NULL, NULL, NULL, "bytes=-1", 206, 999, 1},
    {NULL, NULL, NULL, "bytes=-1000", 206, 0, 1000},
    {NULL, NULL, NULL, "bytes=-5000", 206, 0, 1000},
    {NULL, NULL, NULL, "bytes=1000-", 416, 0, 0},
    {NULL, NULL, NULL, "bytes=5000-6000", 416, 0, 0},
    {NULL, NULL, NULL, "bytes=99999999999999999999999-", 416, 0, 0},
    {NULL, NULL, NULL, "bytes=-0", 416, 0, 0},

    /* What is no single range of bytes is not looked at. */
    {NULL, NULL, NULL, "bytes=0-1,5-9", 200, 0, 1000},
    {NULL, NULL, NULL, "bytes=5-1", 200, 0, 1000},
    {NULL, NULL, NULL, "bytes=-", 200, 0, 1000},
    {NULL, NULL, NULL, "bytes=", 200, 0, 1000},
    {NULL, NULL, NULL, "bytes", 200, 0, 1000},
    {NULL, NULL, NULL, "bytes=a-b", 200, 0, 1000},
    {NULL, NULL, NULL, "bytes=1-2x", 200, 0, 1000},
    {NULL, NULL, NULL, "bytes=1 -2", 200, 0, 1000},
    {NULL, NULL, NULL, "bytes=--2", 200, 0, 1000},
    {NULL, NULL, NULL, "bytes=+1-2", 200, 0, 1000},
    {NULL, NULL, NULL, "items=0-1", 200, 0, 1000},
    {NULL, NULL, NULL, "", 200, 0, 1000},

    {NULL, NULL, "\"abc\"", "bytes=10-19", 206, 10, 10},
    {NULL, NULL, "\"abd\"", "bytes=10-19", 200, 0, 1000},
    {NULL, NULL, "W/\"abc\"", "bytes=10-19", 200, 0, 1000},
    {NULL, NULL, DATE, "bytes=10-19", 206, 10, 10},
    {NULL, NULL, LATER, "bytes=10-19", 200, 0, 1000},
    {NULL, NULL, "\"abd\"", "bytes=5000-", 200, 0, 1000},
    {NULL, NULL, "\"abc\"", NULL, 200, 0, 1000},
    {"\"abc\"", NULL, NULL, "bytes=10-19", 304, 0, 0},
    {"\"abd\"", NULL, NULL, "bytes=10-19", 206, 10, 10},
};

static struct jmh_file_request request_of(const struct file_case *one)
{
    return (struct jmh_file_request){
        .if_none_match = jmh_span(one->if_none_match),
        .if_modified_since = jmh_span(one->if_modified_since),
        .if_range = jmh_span(one->if_range),
        .range = jmh_span(one->range),
    };
}

static void conditions_and_ranges_are_those_of_the_rfc(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct jmh_file_request request = request_of(&cases[i]);
        struct jmh_file_answer answer;
        jmh_file_answer(&facts, &request, &answer);
        if (answer.status != cases[i].status || answer.offset != cases[i].offset ||
            answer.length != cases[i].length) {
            fail_msg("case %zu: %d, %zu bytes from %zu", i, answer.status, (size_t)answer.length,
                     (size_t)answer.offset);
        }
    }
}

static void headers_follow_the_status(void **state)
{
    (void)state;
    static const char common[] =
        "ETag: \"abc\"\r\nLast-Modified: " DATE "\r\nAccept-Ranges: bytes\r\n";
    static const struct {
        struct file_case one;
        const char *more;
    } wanted[] = {
        {{NULL, NULL, NULL, NULL, 200, 0, 0}, ""},
        {{"*", NULL, NULL, NULL, 304, 0, 0}, ""},
        {{NULL, NULL, NULL, "bytes=10-19", 206, 0, 0}, "Content-Range: bytes 10-19/1000\r\n"},
        {{NULL, NULL, NULL, "bytes=1000-", 416, 0, 0}, "Content-Range: bytes */1000\r\n"},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        const struct jmh_file_request request = request_of(&wanted[i].one);
        struct jmh_file_answer answer;
        char expected[JMH_FILE_HEADERS_BYTES];
        (void)snprintf(expected, sizeof expected, "%s%s", common, wanted[i].more);
        jmh_file_answer(&facts, &request, &answer);
        assert_int_equal(answer.status, wanted[i].one.status);
        assert_string_equal(answer.headers, expected);
    }
}

static void head_has_no_ranges(void **state)
{
    (void)state;
    struct jmh_file_request request = request_of(&(struct file_case){.range = "bytes=10-19"});
    struct jmh_file_answer answer;
    request.head_only = true;
    jmh_file_answer(&facts, &request, &answer);
    assert_int_equal(answer.status, 200);
    assert_int_equal(answer.length, 1000);
    request.if_none_match = jmh_span("*");
    jmh_file_answer(&facts, &request, &answer);
    assert_int_equal(answer.status, 304);
}

static void an_empty_file_has_no_range(void **state)
{
    (void)state;
    static const struct {
        const char *range;
        int status;
    } wanted[] = {{"bytes=0-", 416}, {"bytes=-5", 200}, {"bytes=-0", 416}};
    const struct jmh_file_facts empty = {.size = 0};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        const struct jmh_file_request request =
            request_of(&(struct file_case){.range = wanted[i].range});
        struct jmh_file_answer answer;
        jmh_file_answer(&empty, &request, &answer);
        assert_int_equal(answer.status, wanted[i].status);
        assert_int_equal(answer.length, 0);
    }
}

static void the_largest_file_has_all_its_ranges(void **state)
{
    (void)state;
    const struct jmh_file_facts huge = {.size = UINT64_MAX};
    const struct jmh_file_request request =
        request_of(&(struct file_case){.range = "bytes=18446744073709551614-"});
    struct jmh_file_answer answer;
    jmh_file_answer(&huge, &request, &answer);
    assert_int_equal(answer.status, 206);
    assert_true(answer.offset == UINT64_MAX - 1 && answer.length == 1);
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static void a_tag_is_quoted_or_made(void **state)
{
    (void)state;
    static const struct {
        const char *etag, *headers;
    } wanted[] = {
        {"abc", "ETag: \"abc\"\r\n"},
        {"W/\"abc\"", "ETag: W/\"abc\"\r\n"},
        {"\xc3\xa9", "ETag: \"\xc3\xa9\"\r\n"},
        {NULL, "ETag: \"3e8-2ebc98a1.7\"\r\n"},
        {"", "ETag: \"3e8-2ebc98a1.7\"\r\n"},
        {"a b", "ETag: \"3e8-2ebc98a1.7\"\r\n"},
        {"a\"b", "ETag: \"3e8-2ebc98a1.7\"\r\n"},
        {"a\r\nSet-Cookie: x", "ETag: \"3e8-2ebc98a1.7\"\r\n"},
    };
    const struct jmh_file_request request = {0};
    struct jmh_file_answer answer;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        const struct jmh_file_facts one = {1000, {784111777, 7}, jmh_span(wanted[i].etag)};
        jmh_file_answer(&one, &request, &answer);
        if (!starts_with(answer.headers, wanted[i].headers)) {
            fail_msg("case %zu: %s", i, answer.headers);
        }
    }
    char tag[2 * JMH_FILE_ETAG_BYTES];
    for (size_t len = JMH_FILE_ETAG_BYTES - 8; len < sizeof tag; len++) {
        memset(tag, 't', len);
        const struct jmh_file_facts one = {UINT64_MAX, {-1, 999999999}, {tag, len}};
        jmh_file_answer(&one, &(struct jmh_file_request){.range = jmh_span("bytes=1-2")}, &answer);
        assert_int_equal(strcmp(answer.headers + strlen(answer.headers) - 2, "\r\n"), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_and_ranges_are_those_of_the_rfc),
        cmocka_unit_test(headers_follow_the_status),
        cmocka_unit_test(head_has_no_ranges),
        cmocka_unit_test(an_empty_file_has_no_range),
        cmocka_unit_test(the_largest_file_has_all_its_ranges),
        cmocka_unit_test(a_tag_is_quoted_or_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
