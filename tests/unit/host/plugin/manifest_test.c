/* manifest.json: what is taken, and the sentence for each mistake. */
#include "host/plugin/manifest.h"

#include "host/util/span.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define HEAD "\"name\": \"x\", \"version\": \"1.2.3\", \"description\": \"d\", \"object\": \"x.so\""
#define ABI ", \"abi\": {\"major\": 1, \"minor\": 0}"

static jm_status parse(struct jmh_manifest *manifest, const char *text, struct jmh_err *err)
{
    return jmh_manifest_parse(manifest, jmh_span(text), "x.json", err);
}

static void the_shortest(void **state)
{
    (void)state;
    struct jmh_manifest manifest;
    struct jmh_err err;
    assert_int_equal(parse(&manifest, "{" HEAD ABI "}", &err), JM_OK);
    assert_string_equal(manifest.name, "x");
    assert_string_equal(manifest.version, "1.2.3");
    assert_null(manifest.task_object);
    assert_null(manifest.provides[0]);
    assert_null(manifest.requires[0]);
    assert_null(manifest.optional[0]);
    assert_null(manifest.routes[0]);
    assert_int_equal(manifest.abi_major, 1);
    jmh_manifest_fini(&manifest);
}

static void everything(void **state)
{
    (void)state;
    struct jmh_manifest manifest;
    struct jmh_err err;
    assert_int_equal(parse(&manifest,
                           "{" HEAD ABI ", \"task_object\": \"x-task.so\", \"task_network\": true,"
                           " \"provides\": [\"a.b/1\", \"c/22\"], \"requires\": [\"d/1\"],"
                           " \"optional\": [\"e/1\"], \"routes\": [\"/x\", \"/api/x\"]}",
                           &err),
                     JM_OK);
    assert_string_equal(manifest.task_object, "x-task.so");
    assert_true(manifest.task_network);
    assert_string_equal(manifest.provides[1], "c/22");
    assert_null(manifest.provides[2]);
    assert_string_equal(manifest.requires[0], "d/1");
    assert_string_equal(manifest.optional[0], "e/1");
    assert_string_equal(manifest.routes[1], "/api/x");
    jmh_manifest_fini(&manifest);
    jmh_manifest_fini(&manifest); /* again does no harm */
}

static const struct {
    const char *text, *sentence;
} mistakes[] = {
    {"", "x.json: line 1, column 0: '[' or '{' expected near end of file"},
    {"[]", "x.json: must be an object, not an array"},
    {"{" HEAD "}", "x.json: abi: is missing"},
    {"{" HEAD ABI ", \"provide\": []}",
     "x.json: provide: there is no such key; did you mean 'provides'?"},
    {"{\"name\": \"X\"}", "x.json: name: must be [a-z][a-z0-9_]*"},
    {"{\"name\": \"a-b\"}", "x.json: name: must be [a-z][a-z0-9_]*"},
    {"{\"version\": \"1.2\"}", "x.json: version: must be a semantic version"},
    {"{\"version\": \"1.2.3x\"}", "x.json: version: must be a semantic version"},
    {"{\"description\": \"\"}", "x.json: description: must be a sentence"},
    {"{\"object\": \"../x.so\"}", "x.json: object: must be the name of a file beside"},
    {"{\"object\": \".so\"}", "x.json: object: must be the name of a file beside"},
    {"{\"task_object\": \"x.dll\"}", "x.json: task_object: must be the name of a file"},
    {"{\"task_network\": 1}", "x.json: task_network: must be true or false"},
    {"{\"abi\": {\"major\": 1}}", "x.json: abi: must be {\"major\": 1, \"minor\": 0}"},
    {"{\"abi\": {\"major\": 0, \"minor\": 0}}", "x.json: abi: must be"},
    {"{\"abi\": {\"major\": 1, \"minor\": 0, \"patch\": 0}}", "x.json: abi: must be"},
    {"{\"provides\": \"a/1\"}", "x.json: provides: must be an array of service ids"},
    {"{\"provides\": [\"a\"]}", "x.json: provides: must be an array of service ids"},
    {"{\"requires\": [\"a/x\"]}", "x.json: requires: must be an array of service ids"},
    {"{\"requires\": [\"a/\"]}", "x.json: requires: must be an array of service ids"},
    {"{\"routes\": [\"x\"]}", "x.json: routes: must be an array of path prefixes"},
    {"{\"routes\": [\"/x/\"]}", "x.json: routes: must be an array of path prefixes"},
    {"{\"name\": \"x\", \"name\": \"y\"}", "duplicate object key"},
};

static void mistakes_are_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct jmh_manifest manifest;
        struct jmh_err err;
        assert_int_equal(parse(&manifest, mistakes[i].text, &err), JM_EINVAL);
        if (strstr(err.text, mistakes[i].sentence) == NULL)
            fail_msg("'%s' is told as: %s", mistakes[i].text, err.text);
        assert_null(manifest.name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shortest),
        cmocka_unit_test(everything),
        cmocka_unit_test(mistakes_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
