/* The options that a plugin declares, against its section of junmai.json. */
#include "config_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const jm_option table[] = {
    {"watch", JM_OPTION_BOOL, 0, "true", 0, 0, NULL, "Whether."},
    {"depth", JM_OPTION_INT, 0, "3", 0, 10, NULL, "How deep."},
    {"settle_s", JM_OPTION_NUMBER, 0, "1.5", 0.1, 60, NULL, "How long."},
    {"mode", JM_OPTION_TEXT, 0, "\"copy\"", 0, 0, "copy|move", "What."},
    {"folders", JM_OPTION_LIST, 0, "[]", 0, 0, NULL, "Where."},
};
#define COUNT (sizeof table / sizeof *table)

static void values_and_defaults(void **state)
{
    (void)state;
    struct jmh_config config;
    struct jmh_err err;
    int32_t watch;
    int64_t depth;
    double number;
    jm_span text;
    assert_int_equal(config_file_load(&config,
                                      "{\"plugins\": {\"x\": {\"enabled\": true, \"depth\": 5,"
                                      " \"folders\": [\"a\", \"b\"]}}}",
                                      &err),
                     JM_OK);
    struct jmh_plugin_options *options = jmh_plugin_options_new(&config, "x", table, COUNT, &err);
    assert_non_null(options);
    assert_int_equal(jmh_plugin_options_bool(options, "watch", &watch), JM_OK);
    assert_int_equal(watch, 1);
    assert_int_equal(jmh_plugin_options_int(options, "depth", &depth), JM_OK);
    assert_int_equal(depth, 5);
    assert_int_equal(jmh_plugin_options_number(options, "depth", &number), JM_OK);
    assert_true(number == 5.0);
    assert_int_equal(jmh_plugin_options_number(options, "settle_s", &number), JM_OK);
    assert_true(number == 1.5);
    assert_int_equal(jmh_plugin_options_text(options, "mode", &text), JM_OK);
    assert_string_equal(text.ptr, "copy");
    assert_int_equal(jmh_plugin_options_item(options, "folders", 1, &text), JM_OK);
    assert_string_equal(text.ptr, "b");
    assert_int_equal(jmh_plugin_options_item(options, "folders", 2, &text), JM_ENOENT);
    assert_int_equal(jmh_plugin_options_int(options, "nothing", &depth), JM_ENOENT);
    assert_int_equal(jmh_plugin_options_int(options, "mode", &depth), JM_EINVAL);
    assert_int_equal(jmh_plugin_options_int(NULL, "depth", &depth), JM_ENOENT);
    jmh_plugin_options_free(options);
    jmh_config_fini(&config);
}

static const struct {
    const char *section, *sentence;
} mistakes[] = {
    {"{\"depht\": 1}",
     "junmai.json: plugins.x.depht: there is no such option; did you mean 'depth'?"},
    {"{\"enable\": true}",
     "junmai.json: plugins.x.enable: there is no such option; did you mean 'enabled'?"},
    {"{\"depth\": 11}", "junmai.json: plugins.x.depth: 11 is out of range, must be 0 to 10"},
    {"{\"settle_s\": 0}", "junmai.json: plugins.x.settle_s: 0 is out of range, must be 0.1 to 60"},
    {"{\"mode\": \"steal\"}", "junmai.json: plugins.x.mode: \"steal\" is not one of copy, move"},
    {"{\"folders\": \"a\"}",
     "junmai.json: plugins.x.folders: must be an array of strings, not a string"},
    {"{\"watch\": null}", "junmai.json: plugins.x.watch: must be true or false, not null"},
};

static void mistakes_are_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct jmh_config config;
        struct jmh_err err;
        char text[256];
        snprintf(text, sizeof text, "{\"plugins\": {\"x\": %s}}", mistakes[i].section);
        assert_int_equal(config_file_load(&config, text, &err), JM_OK);
        assert_null(jmh_plugin_options_new(&config, "x", table, COUNT, &err));
        assert_string_equal(err.text, mistakes[i].sentence);
        jmh_config_fini(&config);
    }
}

static const struct {
    jm_option option;
    const char *sentence;
} bad_options[] = {
    {{"Big", JM_OPTION_INT, 0, "1", 0, 0, NULL, "x"}, "option number 1 has the name 'Big'"},
    {{"enabled", JM_OPTION_BOOL, 0, "true", 0, 0, NULL, "x"}, "the name 'enabled'"},
    {{"a", 9, 0, "1", 0, 0, NULL, "x"}, "none of JM_OPTION_*"},
    {{"a", JM_OPTION_INT, 0, "1x", 0, 0, NULL, "x"}, "default of option 'a': is no JSON: 1x"},
    {{"a", JM_OPTION_INT, 0, NULL, 0, 0, NULL, "x"}, "is no JSON: (absent)"},
    {{"a", JM_OPTION_INT, 0, "11", 0, 10, NULL, "x"}, "default of option 'a': 11 is out of range"},
    {{"a", JM_OPTION_TEXT, 0, "\"c\"", 0, 0, "a|b", "x"}, "\"c\" is not one of a, b"},
};

static void tables_are_checked(void **state)
{
    (void)state;
    struct jmh_err err;
    assert_int_equal(jmh_option_table_check(table, COUNT, &err), JM_OK);
    for (size_t i = 0; i < sizeof bad_options / sizeof *bad_options; i++) {
        assert_int_equal(jmh_option_table_check(&bad_options[i].option, 1, &err), JM_EINVAL);
        assert_non_null(strstr(err.text, bad_options[i].sentence));
    }
    const jm_option twice[] = {table[0], table[0]};
    assert_int_equal(jmh_option_table_check(twice, 2, &err), JM_EINVAL);
    assert_string_equal(err.text, "option 'watch' is declared twice");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_defaults),
        cmocka_unit_test(mistakes_are_told),
        cmocka_unit_test(tables_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
