/* The SDK's headers that are plain functions: spans, times, paths, numbers, sentences. */
#include "fixture.h"

#include <junmai/sdk/json.h>
#include <junmai/sdk/path.h>
#include <junmai/sdk/query.h>
#include <junmai/sdk/utc.h>

static void spans_compare_and_cut(void **state)
{
    (void)state;
    jm_span word = JM_SPAN("caf\xc3\xa9");
    assert_true(jm_span_is(word, "caf\xc3\xa9"));
    assert_false(jm_span_is(word, "caf"));
    assert_true(jm_span_absent(jm_span_of(NULL)));
    assert_false(jm_span_absent(jm_span_of("")));
    assert_true(jm_span_equal(jm_span_of(NULL), jm_span_of("")));
    assert_int_equal(jm_span_cut(word, 4).len, 3);
    assert_int_equal(jm_span_cut(word, 5).len, 5);
    char *copy = jm_span_dup(jm_span_cut(word, 3));
    assert_string_equal(copy, "caf");
    free(copy);
}

static void times_are_written_with_milliseconds(void **state)
{
    static const struct {
        int64_t ms;
        const char *text;
    } cases[] = {
        {0, "1970-01-01T00:00:00.000Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {1762691696789, "2025-11-09T12:34:56.789Z"},
        {951782400000, "2000-02-29T00:00:00.000Z"},
        {4107542400000, "2100-03-01T00:00:00.000Z"},
        {JM_UTC_MIN_MS, "0000-01-01T00:00:00.000Z"},
        {JM_UTC_MAX_MS, "9999-12-31T23:59:59.999Z"},
        {INT64_MAX, "9999-12-31T23:59:59.999Z"},
        {INT64_MIN, "0000-01-01T00:00:00.000Z"},
    };
    (void)state;
    for (size_t i = 0; i < JM_COUNT(cases); i++) {
        char text[JM_UTC_BYTES];
        jm_utc_format(cases[i].ms, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void times_are_read_back(void **state)
{
    (void)state;
    for (int64_t ms = JM_UTC_MIN_MS; ms < JM_UTC_MAX_MS; ms += 86400000 * INT64_C(13) + 12345) {
        char text[JM_UTC_BYTES];
        int64_t back;
        jm_utc_format(ms, text);
        assert_true(jm_utc_parse(jm_span_of(text), &back));
        assert_int_equal(back, ms);
    }
}

static void times_are_read_in_their_forms(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } good[] = {
        {"2025-11-09T12:34:56Z", 1762691696000},
        {"2025-11-09 12:34:56", 1762691696000},
        {"2025-11-09T12:34:56.7", 1762691696700},
        {"2025-11-09T12:34:56.789123Z", 1762691696789},
        {"2025-11-09T21:34:56+09:00", 1762691696000},
        {"2025-11-09T09:04:56-03:30", 1762691696000},
    };
    static const char *const bad[] = {"",
                                      "2025-11-09",
                                      "2025-13-09T12:34:56Z",
                                      "2025-02-29T12:34:56Z",
                                      "1900-02-29T12:34:56Z",
                                      "2025-11-09T24:00:00Z",
                                      "2025-11-09T12:34:56.Z",
                                      "2025-11-09T12:34:56+9:00",
                                      "2025-11-09T12:34:56Zulu",
                                      "2025:11:09 12:34:56"};
    int64_t ms;
    (void)state;
    for (size_t i = 0; i < JM_COUNT(good); i++) {
        assert_true(jm_utc_parse(jm_span_of(good[i].text), &ms));
        assert_int_equal(ms, good[i].ms);
    }
    for (size_t i = 0; i < JM_COUNT(bad); i++)
        assert_false(jm_utc_parse(jm_span_of(bad[i]), &ms));
}

static void paths_become_text_and_bytes_again(void **state)
{
    static const struct {
        const char *bytes, *text;
    } cases[] = {
        {"/in/\xe6\x97\xa5\xe6\x9c\xac.jpg", "/in/\xe6\x97\xa5\xe6\x9c\xac.jpg"},
        {"/in/100%.jpg", "/in/100%.jpg"},
        {"caf\xe9.jpg", "caf%E9.jpg"},
        {"\xff\xfe", "%FF%FE"},
        {"cut\xe6\x97", "cut%E6%97"},
        {"overlong\xc0\xaf", "overlong%C0%AF"},
        {"surrogate\xed\xa0\x80", "surrogate%ED%A0%80"},
        {"high\xf5\x80\x80\x80", "high%F5%80%80%80"},
        {"%41 stays", "%41 stays"},
    };
    (void)state;
    for (size_t i = 0; i < JM_COUNT(cases); i++) {
        char *text = jm_path_text(jm_span_of(cases[i].bytes));
        assert_string_equal(text, cases[i].text);
        char *bytes = jm_path_bytes(jm_span_of(text));
        assert_string_equal(bytes, cases[i].bytes);
        free(bytes);
        free(text);
    }
}

static void numbers_are_read_whole_or_not(void **state)
{
    static const char *const not_integers[] = {"",   "-",   "1.0", " 1",
                                               "1 ", "0x1", "+1",  "9223372036854775808"};
    static const char *const not_numbers[] = {"", "nan", "inf", "0x1", "1e999", "1,5", " 1"};
    int64_t integer;
    double number;
    (void)state;
    assert_true(jm_span_to_int(jm_span_of("-9223372036854775808"), &integer));
    assert_true(integer == INT64_MIN);
    for (size_t i = 0; i < JM_COUNT(not_integers); i++)
        assert_false(jm_span_to_int(jm_span_of(not_integers[i]), &integer));
    assert_true(jm_span_to_number(jm_span_of("-2.5e1"), &number));
    assert_true(number == -25.0);
    for (size_t i = 0; i < JM_COUNT(not_numbers); i++)
        assert_false(jm_span_to_number(jm_span_of(not_numbers[i]), &number));
}

static void documents_name_the_field_that_is_wrong(void **state)
{
    struct fixture *f = *state;
    const jm_host *host = fakehost_of(f->host, "catalog");
    const jm_host_error *error = host->get_extension(host, JM_EXT_ERROR);
    jm_doc doc;
    jm_span text = JM_SPAN("{\"name\": \"x\", \"count\": 3, \"ratio\": 0.5, \"on\": true,"
                           " \"none\": null}");
    jm_span name = {NULL, 0};
    int64_t count = 0;
    double ratio = 0;
    bool on = false;
    assert_int_equal(jm_doc_init(&doc, error, host, text), JM_OK);
    assert_int_equal(jm_doc_text(&doc, "name", true, &name), JM_OK);
    assert_true(jm_span_is(name, "x"));
    assert_int_equal(jm_doc_int(&doc, "count", true, &count), JM_OK);
    assert_int_equal(count, 3);
    assert_int_equal(jm_doc_number(&doc, "ratio", true, &ratio), JM_OK);
    assert_true(ratio == 0.5);
    assert_int_equal(jm_doc_bool(&doc, "on", true, &on), JM_OK);
    assert_true(on);
    assert_int_equal(jm_doc_int(&doc, "absent", false, &count), JM_OK);
    assert_int_equal(count, 3);
    assert_int_equal(jm_doc_int(&doc, "none", true, &count), JM_EINVAL);
    assert_string_equal(fakehost_sentence(f->host, "catalog"), "none is required: an integer");
    assert_int_equal(jm_doc_int(&doc, "ratio", false, &count), JM_EINVAL);
    assert_string_equal(fakehost_sentence(f->host, "catalog"),
                        "ratio must be an integer, not a number");
    jm_doc_fini(&doc);
    jm_span list = JM_SPAN("[1]");
    assert_int_equal(jm_doc_init(&doc, error, host, list), JM_EINVAL);
    assert_string_equal(fakehost_sentence(f->host, "catalog"),
                        "a JSON object is needed here, not an array");
    jm_doc_fini(&doc);
}

static void sentences_are_cut_at_a_character(void **state)
{
    struct fixture *f = *state;
    const jm_host *host = fakehost_of(f->host, "catalog");
    const jm_host_error *error = host->get_extension(host, JM_EXT_ERROR);
    char text[601];
    for (size_t i = 0; i < 600; i += 2)
        memcpy(text + i, "\xc3\xa9", 2);
    text[600] = '\0';
    assert_int_equal(jm_fail(error, host, JM_EIO, "%s", text), JM_EIO);
    assert_int_equal(strlen(fakehost_sentence(f->host, "catalog")), 510);
    assert_int_equal(jm_fail(error, host, JM_EIO, "x%s", text), JM_EIO);
    assert_int_equal(strlen(fakehost_sentence(f->host, "catalog")), 511);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_compare_and_cut),
        cmocka_unit_test(times_are_written_with_milliseconds),
        cmocka_unit_test(times_are_read_back),
        cmocka_unit_test(times_are_read_in_their_forms),
        cmocka_unit_test(paths_become_text_and_bytes_again),
        cmocka_unit_test(numbers_are_read_whole_or_not),
        TEST(documents_name_the_field_that_is_wrong),
        TEST(sentences_are_cut_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
