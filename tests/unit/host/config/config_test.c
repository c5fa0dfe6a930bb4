/* junmai.json: defaults, values, and the sentence for each kind of mistake. */
#include "config_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void defaults_without_a_file(void **state)
{
    (void)state;
    struct jmh_config config;
    struct jmh_err err;
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
    assert_int_equal(jmh_config_load(&config, NULL, &err), JM_OK);
    assert_null(config.file);
    assert_int_equal(config.listen.port, 5100);
    assert_null(config.listen.bind[0]);
    assert_false(config.durability_full);
    assert_int_equal(config.limits.clients, 20000);
    assert_int_equal(config.limits.message_bytes, 65536);
    assert_int_equal(config.log.retention_days, 30);
    assert_true(jmh_config_plugin_enabled(&config, "anything"));
    assert_null(jmh_config_plugin_name(&config, 0));
    jmh_config_fini(&config);
}

static void values_are_taken(void **state)
{
    (void)state;
    struct jmh_config config;
    struct jmh_err err;
    static const char text[] =
        "{\"listen\": {\"bind\": [\"10.0.0.1\", \"::1\"], \"port\": 0},"
        " \"durability\": \"full\", \"limits\": {\"clients\": 7},"
        " \"auth\": {},"
        " \"plugins\": {\"one\": {\"enabled\": false}, \"two\": {\"x\": 1}}}";
    assert_int_equal(config_file_load(&config, text, &err), JM_OK);
    assert_string_equal(config.listen.bind[0], "10.0.0.1");
    assert_string_equal(config.listen.bind[1], "::1");
    assert_null(config.listen.bind[2]);
    assert_int_equal(config.listen.port, 0);
    assert_true(config.durability_full);
    assert_int_equal(config.limits.clients, 7);
    assert_int_equal(config.limits.subscriptions, 64);
    assert_false(jmh_config_plugin_enabled(&config, "one"));
    assert_true(jmh_config_plugin_enabled(&config, "two"));
    assert_string_equal(jmh_config_plugin_name(&config, 1), "two");
    assert_null(jmh_config_plugin_name(&config, 2));
    jmh_config_fini(&config);
}

static const struct {
    const char *text, *sentence;
} mistakes[] = {
    {"{\"limits\": {\"clients\": 0}}",
     "junmai.json: limits.clients: 0 is out of range, must be 1 to 1000000"},
    {"{\"limits\": {\"clients\": \"many\"}}",
     "junmai.json: limits.clients: must be an integer, not a string"},
    {"{\"limits\": {\"clients\": 1.5}}",
     "junmai.json: limits.clients: must be an integer, not a number with a fraction"},
    {"{\"limits\": {\"cleints\": 5}}",
     "junmai.json: limits.cleints: there is no such option; did you mean 'clients'?"},
    {"{\"limits\": {\"zzz\": 5}}", "junmai.json: limits.zzz: there is no such option"},
    {"{\"limit\": {}}", "junmai.json: limit: there is no such option; did you mean 'limits'?"},
    {"{\"limits.clients\": 5}", "junmai.json: limits.clients: there is no such option"},
    {"{\"limits\": []}", "junmai.json: limits: must be an object, not an array"},
    {"{\"durability\": \"ful\"}",
     "junmai.json: durability: \"ful\" is not one of normal, full; did you mean 'full'?"},
    {"{\"durability\": {\"x\": 1}}", "junmai.json: durability: must be a string, not an object"},
    {"{\"listen\": {\"bind\": [\"::1\", 4]}}",
     "junmai.json: listen.bind[1]: must be a string, not an integer"},
    {"{\"listen\": {\"port\": 65536}}",
     "junmai.json: listen.port: 65536 is out of range, must be 0 to 65535"},
    {"{\"auth\": {\"users\": []}}", "junmai.json: auth.users: there is no such option"},
    {"{\"auth\": true}", "junmai.json: auth: must be an object, not true or false"},
    {"{\"plugins\": {\"x\": true}}",
     "junmai.json: plugins.x: must be an object, not true or false"},
    {"{\"plugins\": {\"x\": {\"enabled\": 1}}}",
     "junmai.json: plugins.x.enabled: must be true or false, not an integer"},
    {"{\"log\": {},\n \"log\": {}}",
     "junmai.json: line 2, column 6: duplicate object key near '\"log\"'"},
    {"{\"log\": }", "junmai.json: line 1, column 9: unexpected token near '}'"},
    {"[]", "junmai.json: must be an object, not an array"},
};

static void mistakes_are_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct jmh_config config;
        struct jmh_err err;
        assert_int_equal(config_file_load(&config, mistakes[i].text, &err), JM_EINVAL);
        assert_string_equal(err.text, mistakes[i].sentence);
    }
}

static void a_named_file_must_be_there(void **state)
{
    (void)state;
    struct jmh_config config;
    struct jmh_err err;
    assert_int_equal(jmh_config_load(&config, "/nonexistent/junmai.json", &err), JM_ENOENT);
    assert_non_null(strstr(err.text, "/nonexistent/junmai.json"));
}

static void print_is_the_same_each_time(void **state)
{
    (void)state;
    char *texts[2] = {NULL, NULL};
    for (size_t i = 0; i < 2; i++) {
        size_t len;
        FILE *out = open_memstream(&texts[i], &len);
        assert_non_null(out);
        jmh_config_print(out);
        fclose(out);
    }
    assert_string_equal(texts[0], texts[1]);
    assert_non_null(strstr(texts[0], "limits.clients = 20000\n"));
    assert_non_null(strstr(texts[0], "a string: normal, full\n"));
    assert_non_null(strstr(texts[0], "an integer from 0 to 65535\n"));
    free(texts[0]);
    free(texts[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_without_a_file),     cmocka_unit_test(values_are_taken),
        cmocka_unit_test(mistakes_are_told),           cmocka_unit_test(a_named_file_must_be_there),
        cmocka_unit_test(print_is_the_same_each_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
