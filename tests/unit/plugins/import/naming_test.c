/* The moment of a photograph, and the templates of its folder and name. */
#include "moment.h"
#include "template.h"

#include <junmai/sdk/span.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define NOW_MS INT64_C(1762691696789)     /* 2025-11-09T12:34:56.789Z */
#define CHANGED_MS INT64_C(1577836800000) /* 2020-01-01T00:00:00Z */

static void test_moment(void **state)
{
    static const struct {
        const char *date;
        int64_t changed_ms;
        const char *day;
        bool plausible;
    } cases[] = {
        {"2024-07-19", CHANGED_MS, "2024-07-19", true},
        {"1970-01-01", CHANGED_MS, "1970-01-01", true},
        {"2025-11-10", CHANGED_MS, "2025-11-10", true},
        {"2025-11-11", CHANGED_MS, "2020-01-01", false},
        {"1969-12-31", CHANGED_MS, "2020-01-01", false},
        {"1919-05-04", CHANGED_MS, "2020-01-01", false},
        {"1919-05-04", NOW_MS + 2 * INT64_C(86400000), "2025-11-09", false},
        {"1919-05-04", -1, "2025-11-09", false},
        {"2024-02-30", CHANGED_MS, "2020-01-01", false},
        {"../../../x", CHANGED_MS, "2020-01-01", false},
        {NULL, CHANGED_MS, "2020-01-01", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct moment moment;
        jm_span date = {cases[i].date, cases[i].date == NULL ? 0 : strlen(cases[i].date)};
        bool plausible = moment_choose(date, jm_span_of(""), cases[i].changed_ms, NOW_MS, &moment);
        assert_string_equal(moment.date, cases[i].day);
        assert_int_equal(plausible, cases[i].plausible);
    }
}

static void test_clock(void **state)
{
    struct moment moment;
    (void)state;
    moment_choose(jm_span_of("2024-07-19"), jm_span_of("09:14:31.25-07:00"), 0, NOW_MS, &moment);
    assert_string_equal(moment.clock, "09:14:31");
    assert_string_equal(moment.subsec, "25");
    assert_string_equal(moment.offset, "-07:00");
    moment_choose(jm_span_of("2024-07-19"), jm_span_of("09:14:31Z"), 0, NOW_MS, &moment);
    assert_string_equal(moment.subsec, "");
    assert_string_equal(moment.offset, "Z");
    moment_choose(jm_span_of("2024-07-19"), jm_span_of("now"), 0, NOW_MS, &moment);
    assert_string_equal(moment.clock, "00:00:00");
}

static const struct template_values values = {
    .moment = {"2024-07-19", "09:14:31", "25", "-07:00"},
    .camera = "EOS R5 / \"two\"",
    .make = "Canon",
    .lens = NULL,
    .session = "..",
    .original = "IMG_0042.CR3",
    .text = " Anna & Ben ",
    .iso = 400,
    .sequence = 7,
};

static void test_folder(void **state)
{
    static const struct {
        const char *template, *folder;
    } cases[] = {
        {"{year}/{date}", "2024/2024-07-19"},
        {"{make}/{lens}/{month}-{day}", "Canon/07-19"},
        {"{session}/{iso}", "_/400"},
        {"{camera}", "EOS R5 _ _two_"},
        {"", ""},
        {"{text}/{ext}", "Anna & Ben/cr3"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char folder[FOLDER_BYTES];
        char reason[TEMPLATE_REASON_BYTES];
        assert_true(template_check(cases[i].template, TEMPLATE_FOLDER, reason));
        template_folder(cases[i].template, &values, folder);
        assert_string_equal(folder, cases[i].folder);
    }
}

static void test_name(void **state)
{
    static const struct {
        const char *template, *name;
    } cases[] = {
        {"{original}", "IMG_0042.CR3"},
        {"{date}_{time}_{sequence}", "2024-07-19_091431_0007.CR3"},
        {"{sequence:3}{subsec}{offset}", "00725-0700.CR3"},
        {"{hour}h{minute}m{second}", "09h14m31.CR3"},
        {"{lens}", "IMG_0042.CR3"},
        {"{session}", "IMG_0042.CR3"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char name[NAME_BYTES];
        char reason[TEMPLATE_REASON_BYTES];
        assert_true(template_check(cases[i].template, TEMPLATE_NAME, reason));
        template_name(cases[i].template, &values, name);
        assert_string_equal(name, cases[i].name);
    }
    assert_true(template_uses("{date}_{sequence:6}", "sequence"));
    assert_false(template_uses("sequence{date}", "sequence"));
}

static void test_long_values(void **state)
{
    char text[2000];
    char name[NAME_BYTES];
    char folder[FOLDER_BYTES];
    struct template_values long_values = values;
    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    long_values.text = text;
    template_name("{text}{text}", &long_values, name);
    assert_int_equal(strlen(name), 255);
    assert_string_equal(name + 251, ".CR3");
    template_folder("{text}/{text}/{text}/{text}/{text}", &long_values, folder);
    assert_true(strlen(folder) < FOLDER_BYTES);
    assert_int_equal(strcspn(folder, "/"), 255);
}

static void test_refused(void **state)
{
    static const struct {
        const char *template;
        enum template_kind kind;
        const char *words;
    } cases[] = {
        {"{yaer}", TEMPLATE_FOLDER, "{yaer}"},
        {"{year", TEMPLATE_FOLDER, "braces"},
        {"year}", TEMPLATE_FOLDER, "braces"},
        {"{}", TEMPLATE_FOLDER, "no variable"},
        {"/{year}", TEMPLATE_FOLDER, "empty"},
        {"{year}/", TEMPLATE_FOLDER, "empty"},
        {"{year}//{date}", TEMPLATE_FOLDER, "empty"},
        {"../{year}", TEMPLATE_FOLDER, "\"..\""},
        {"{year}:{date}", TEMPLATE_FOLDER, "0x3A"},
        {"{year}/{date}", TEMPLATE_NAME, "0x2F"},
        {"", TEMPLATE_NAME, "empty"},
        {"{sequence:0}", TEMPLATE_NAME, "braces"},
        {"{sequence:99}", TEMPLATE_NAME, "braces"},
        {"{date:4}", TEMPLATE_NAME, "{date}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char reason[TEMPLATE_REASON_BYTES];
        assert_false(template_check(cases[i].template, cases[i].kind, reason));
        if (strstr(reason, cases[i].words) == NULL) {
            fail_msg("%s: %s", cases[i].template, reason);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moment),      cmocka_unit_test(test_clock),
        cmocka_unit_test(test_folder),      cmocka_unit_test(test_name),
        cmocka_unit_test(test_long_values), cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
