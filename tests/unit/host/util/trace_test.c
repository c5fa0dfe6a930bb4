/* The log on standard error: one JSON line each, whatever is in it. */
#include "host/util/trace.h"

#include "host/util/json.h"
#include "host/util/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* What one call writes, standard error being a pipe meanwhile. */
static jm_span traced(int32_t level, const char *who, const char *text)
{
    static char line[65536];
    int ends[2];
    int kept = dup(STDERR_FILENO);
    assert_true(kept >= 0);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
    jmh_trace(level, who, "%s", text);
    assert_int_equal(dup2(kept, STDERR_FILENO), STDERR_FILENO);
    (void)close(ends[1]);
    (void)close(kept);
    ssize_t len = read(ends[0], line, sizeof line);
    assert_true(len >= 0);
    (void)close(ends[0]);
    return (jm_span){line, (size_t)len};
}

static void assert_member(struct jmh_json_value object, const char *name, const char *expected)
{
    struct jmh_json_value value;
    char text[8192];
    assert_true(jmh_json_get(object, name, &value));
    assert_true(jmh_json_text(value, text, sizeof text) >= 0);
    assert_string_equal(text, expected);
}

static void writes_one_line_of_json(void **state)
{
    struct jmh_json_value line;
    (void)state;
    jm_span text = traced(JM_LOG_WARNING, "store \"x\"", "two\nlines, a \x1b[31mcolour and \xff");
    assert_int_equal(text.ptr[text.len - 1], '\n');
    assert_ptr_equal(memchr(text.ptr, '\n', text.len), text.ptr + text.len - 1);
    assert_true(jmh_json_parse(text, &line));
    assert_member(line, "level", "warning");
    assert_member(line, "source", "store \"x\"");
    assert_member(line, "message", "two\nlines, a \x1b[31mcolour and \xef\xbf\xbd");
}

static void keeps_to_the_level(void **state)
{
    (void)state;
    jmh_trace_level(JM_LOG_WARNING);
    assert_int_equal(traced(JM_LOG_INFO, "x", "y").len, 0);
    assert_true(traced(JM_LOG_ERROR, "x", "y").len > 0);
    assert_int_equal(traced(JM_LOG_ERROR + 1, "x", "y").len, 0);
    jmh_trace_level(JM_LOG_DEBUG);
    assert_true(traced(JM_LOG_DEBUG, "x", "y").len > 0);
    assert_int_equal(traced(JM_LOG_DEBUG - 1, "x", "y").len, 0);
}

static void cuts_a_long_line(void **state)
{
    static char text[10000];
    struct jmh_json_value line;
    (void)state;
    memset(text, 'a', sizeof text - 1);
    jm_span written = traced(JM_LOG_ERROR, "x", text);
    assert_true(written.len > 4000 && written.len < 4300);
    assert_true(jmh_json_parse(written, &line));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_one_line_of_json),
        cmocka_unit_test(keeps_to_the_level),
        cmocka_unit_test(cuts_a_long_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
