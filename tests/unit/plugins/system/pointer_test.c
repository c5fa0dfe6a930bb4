/* JSON pointers: the examples of RFC 6901, puts, and differences. */
#include "check.h"

#include "pointer.h"

static json_t *load(const char *text)
{
    json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(json);
    return json;
}

static void test_find(void **state)
{
    static const struct {
        const char *pointer;
        json_int_t value;
    } cases[] = {{"/foo/1", 11}, {"/", 0},  {"/a~1b", 1}, {"/c%d", 2}, {"/e^f", 3},
                 {"/g|h", 4},    {"/ ", 7}, {"/m~0n", 8}, {"/~01", 9}};
    static const char *const missing[] = {"foo",  "/foo/2",  "/foo/01", "/foo/-", "/foo/1/x",
                                          "/m~n", "/m~2",    "/m~",     "/none",  "/foo/ 1",
                                          "//",   "/foo/-1", "/foo/"};
    json_t *root = load("{\"foo\": [10, 11], \"\": 0, \"a/b\": 1, \"c%d\": 2, \"e^f\": 3,"
                        " \"g|h\": 4, \" \": 7, \"m~n\": 8, \"~1\": 9}");
    (void)state;
    assert_ptr_equal(pointer_find(root, JM_SPAN("")), root);
    for (size_t i = 0; i < JM_COUNT(cases); i++) {
        const json_t *value = pointer_find(root, jm_span_of(cases[i].pointer));
        assert_non_null(value);
        assert_int_equal(json_integer_value(value), cases[i].value);
    }
    for (size_t i = 0; i < JM_COUNT(missing); i++)
        assert_null(pointer_find(root, jm_span_of(missing[i])));
    json_decref(root);
}

static void expect_put(const char *pointer, const char *wanted)
{
    json_t *root = load("{\"a\": {\"b\": 1}, \"list\": [1, 2]}");
    bool done = pointer_put(root, jm_span_of(pointer), json_integer(9));
    assert_int_equal(done, wanted != NULL);
    json_t *expected = load(wanted ? wanted : "{\"a\": {\"b\": 1}, \"list\": [1, 2]}");
    assert_true(json_equal(root, expected));
    json_decref(expected);
    json_decref(root);
}

static void test_put(void **state)
{
    (void)state;
    expect_put("/a/b", "{\"a\": {\"b\": 9}, \"list\": [1, 2]}");
    expect_put("/a/new~1one", "{\"a\": {\"b\": 1, \"new/one\": 9}, \"list\": [1, 2]}");
    expect_put("/a", "{\"a\": 9, \"list\": [1, 2]}");
    expect_put("/list/0", "{\"a\": {\"b\": 1}, \"list\": [9, 2]}");
    expect_put("/list/2", "{\"a\": {\"b\": 1}, \"list\": [1, 2, 9]}");
    expect_put("/list/-", "{\"a\": {\"b\": 1}, \"list\": [1, 2, 9]}");
    expect_put("/list/3", NULL);
    expect_put("/list/x", NULL);
    expect_put("/none/b", NULL);
    expect_put("/a/b/c", NULL);
    expect_put("", NULL);
    expect_put("a", NULL);
}

static void expect_differences(const char *before_json, const char *after_json, const char *wanted)
{
    json_t *before = load(before_json);
    json_t *after = load(after_json);
    json_t *changed = json_array();
    json_t *expected = load(wanted);
    assert_true(pointer_differences(before, after, changed));
    assert_true(json_equal(changed, expected));
    json_decref(expected);
    json_decref(changed);
    json_decref(after);
    json_decref(before);
}

static void test_differences(void **state)
{
    (void)state;
    expect_differences("{\"a\": 1}", "{\"a\": 1}", "[]");
    expect_differences("{\"a\": 1}", "{\"a\": 1.0}", "[\"/a\"]");
    expect_differences("{\"a\": {\"b\": 1, \"c\": 2}}", "{\"a\": {\"b\": 1, \"c\": 3}}",
                       "[\"/a/c\"]");
    expect_differences("{\"gone\": 1}", "{\"new/~\": 1}", "[\"/gone\", \"/new~1~0\"]");
    expect_differences("{\"a\": [1, 2]}", "{\"a\": [1, 3]}", "[\"/a\"]");
    expect_differences("{\"a\": {\"b\": 1}}", "{\"a\": 5}", "[\"/a\"]");
    expect_differences("1", "2", "[\"\"]");
}

/* What is too deep to be named is told by what holds it. */
static void test_deep(void **state)
{
    char key[600];
    (void)state;
    memset(key, '~', sizeof key);
    key[sizeof key - 1] = '\0';
    json_t *before = json_pack("{s:{s:i}}", "a", key, 1);
    json_t *after = json_pack("{s:{s:i}}", "a", key, 2);
    json_t *changed = json_array();
    assert_true(pointer_differences(before, after, changed));
    assert_int_equal(json_array_size(changed), 1);
    assert_string_equal(json_string_value(json_array_get(changed, 0)), "/a");
    json_decref(changed);
    json_decref(after);
    json_decref(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_put),
        cmocka_unit_test(test_differences),
        cmocka_unit_test(test_deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
