/* Events as lines for people. */
#include "check.h"

#include "cli/event_line.h"

#include <time.h>

static void expect(const char *event_text, bool is_colourful, const char *expected)
{
    json_t *event = json_loads(event_text, 0, NULL);
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    assert_non_null(event);
    assert_non_null(out);
    jmc_event_line(out, event, is_colourful);
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
    json_decref(event);
}

static void test_plain(void **state)
{
    (void)state;
    expect("{\"type\":\"photo_imported\",\"timestamp\":\"2026-11-24T14:03:22.123Z\",\"channel\":"
           "\"photos\",\"seq\":7,\"photo_id\":12,\"file_name\":\"DSC 1.JPG\"}",
           false, "14:03:22.123 photos   photo_imported   photo_id=12 file_name=\"DSC 1.JPG\"\n");
    expect("{\"type\":\"approval_queue_updated\",\"timestamp\":\"2026-11-24T14:03:22.120Z\","
           "\"channel\":null,\"seq\":7,\"list\":[1,null,{\"a\":0.5}]}",
           false, "14:03:22.120 *        approval_queue_updated list=[1,null,{\"a\":0.5}]\n");
}

static void test_zone(void **state)
{
    (void)state;
    setenv("TZ", "JST-9", 1);
    tzset();
    expect("{\"type\":\"t\",\"timestamp\":\"2026-11-24T20:03:22.001Z\",\"channel\":\"c\"}", false,
           "05:03:22.001 c        t               \n");
    setenv("TZ", "UTC", 1);
    tzset();
}

static void test_odd(void **state)
{
    (void)state;
    expect("{}", false, "--:--:--.--- *                        \n");
    expect("{\"type\":3,\"timestamp\":\"yesterday\",\"channel\":[]}", false,
           "--:--:--.--- *                        \n");
}

/* What a client sends must not steer the terminal of who looks on. */
static void test_control_characters(void **state)
{
    (void)state;
    expect(
        "{\"type\":\"t\\u001b[2J\",\"channel\":\"c\",\"a\":\"\\u001b]0;x\\u0007\\u009b\\u007f\"}",
        false, "--:--:--.--- c        t\\x1B[2J         a=\"\\u001B]0;x\\u0007\\xC2\\x9B\\x7F\"\n");
}

static void test_colours(void **state)
{
    (void)state;
    expect("{\"type\":\"job_failed\",\"channel\":\"jobs\",\"n\":1}", true,
           "\033[2m--:--:--.---\033[0m \033[36mjobs\033[0m     \033[1;31mjob_failed\033[0m       "
           "\033[2mn=\033[0m1\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),   cmocka_unit_test(test_zone),
        cmocka_unit_test(test_odd),     cmocka_unit_test(test_control_characters),
        cmocka_unit_test(test_colours),
    };
    setenv("TZ", "UTC", 1);
    tzset();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
