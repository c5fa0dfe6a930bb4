/* Every rule of LrDevConfig is broken once, and the sentence names the path. */
#include "plugins/lightroom/dev_config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SAFE "\"safety\":{\"snapshot\":true,\"dryRun\":false}"
#define HEAD "\"version\":\"1.0\","

static void expect_faults(const char *text, const char *const *wanted, size_t count)
{
    json_t *config = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(config);
    json_t *faults = lr_dev_config_faults(config);
    if (json_array_size(faults) != count)
        fail_msg("%s: %s", text, json_dumps(faults, 0));
    for (size_t i = 0; i < count; i++)
        assert_string_equal(json_string_value(json_array_get(faults, i)), wanted[i]);
    json_decref(faults);
    json_decref(config);
}

static void expect_fault(const char *text, const char *wanted)
{
    expect_faults(text, &wanted, 1);
}

static void expect_stage_fault(const char *members, const char *wanted)
{
    char text[512];
    snprintf(text, sizeof text, "{" HEAD SAFE ",\"pipeline\":[{\"stage\":\"base\"},{%s}]}",
             members);
    expect_fault(text, wanted);
}

static void test_valid(void **state)
{
    (void)state;
    expect_faults("{" HEAD SAFE ",\"pipeline\":[]}", NULL, 0);
    expect_faults("{" HEAD SAFE ",\"extra\":1,\"pipeline\":[{\"stage\":\"base\",\"settings\":{},"
                  "\"more\":null},{\"stage\":\"toneCurve\",\"rgb\":[[0,0],[255,255]]},"
                  "{\"stage\":\"HSL\",\"hue\":{},\"sat\":{},\"lum\":{}},"
                  "{\"stage\":\"detail\",\"sharpen\":{},\"nr\":{}},"
                  "{\"stage\":\"effects\",\"grain\":{},\"vignette\":{}},"
                  "{\"stage\":\"calibration\",\"redPrimary\":{},\"greenPrimary\":{},"
                  "\"bluePrimary\":{}},{\"stage\":\"local\",\"brushes\":[]},"
                  "{\"stage\":\"preset\",\"apply\":[],\"blend\":{}}],"
                  "\"target\":{\"scope\":\"smartCollection\",\"identifier\":\"x\","
                  "\"createVirtualCopy\":true},"
                  "\"export\":{\"enable\":false,\"preset\":\"SNS\",\"dest\":\"/tmp\"}}",
                  NULL, 0);
}

static void test_root(void **state)
{
    static const char *const all[] = {"version: is required", "pipeline: is required",
                                      "safety: is required"};
    (void)state;
    expect_faults("{}", all, 3);
    expect_fault("7", "config: must be an object");
    expect_fault("{\"version\":1.0,\"pipeline\":[]," SAFE "}", "version: must be a text");
    expect_fault("{\"version\":\"2.0\",\"pipeline\":[]," SAFE "}", "version: must be one of 1.0");
    expect_fault("{" HEAD SAFE ",\"pipeline\":{}}", "pipeline: must be a list");
    expect_fault("{" HEAD "\"pipeline\":[],\"safety\":[]}", "safety: must be an object");
    expect_fault("{" HEAD "\"pipeline\":[],\"safety\":{\"dryRun\":true}}",
                 "safety.snapshot: is required");
    expect_fault("{" HEAD "\"pipeline\":[],\"safety\":{\"snapshot\":true,\"dryRun\":1}}",
                 "safety.dryRun: must be true or false");
}

static void test_target_and_export(void **state)
{
    (void)state;
    expect_fault("{" HEAD SAFE ",\"pipeline\":[],\"target\":7}", "target: must be an object");
    expect_fault("{" HEAD SAFE ",\"pipeline\":[],\"target\":{}}", "target.scope: is required");
    expect_fault("{" HEAD SAFE ",\"pipeline\":[],\"target\":{\"scope\":\"some\"}}",
                 "target.scope: must be one of selected, collection, smartCollection, folder, all");
    expect_fault("{" HEAD SAFE ",\"pipeline\":[],\"target\":{\"scope\":\"all\",\"identifier\":1}}",
                 "target.identifier: must be a text");
    expect_fault("{" HEAD SAFE
                 ",\"pipeline\":[],\"target\":{\"scope\":\"all\",\"createVirtualCopy\":0}}",
                 "target.createVirtualCopy: must be true or false");
    expect_fault("{" HEAD SAFE ",\"pipeline\":[],\"export\":[]}", "export: must be an object");
    expect_fault("{" HEAD SAFE ",\"pipeline\":[],\"export\":{}}", "export.enable: is required");
    expect_fault("{" HEAD SAFE ",\"pipeline\":[],\"export\":{\"enable\":true,\"preset\":1}}",
                 "export.preset: must be a text");
    expect_fault("{" HEAD SAFE ",\"pipeline\":[],\"export\":{\"enable\":true,\"dest\":1}}",
                 "export.dest: must be a text");
}

static void test_stages(void **state)
{
    static const char *const objects[] = {"settings",   "hue",   "sat",          "lum",
                                          "sharpen",    "nr",    "grain",        "vignette",
                                          "redPrimary", "blend", "greenPrimary", "bluePrimary"};
    static const char *const lists[] = {"rgb", "brushes", "apply"};
    (void)state;
    expect_fault("{" HEAD SAFE ",\"pipeline\":[{\"stage\":\"base\"},7]}",
                 "pipeline[1]: must be an object");
    expect_stage_fault("", "pipeline[1].stage: is required");
    expect_stage_fault("\"stage\":\"crop\"",
                       "pipeline[1].stage: must be one of base, toneCurve, HSL, detail, effects, "
                       "calibration, local, preset");
    for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++) {
        char members[64], wanted[64];
        snprintf(members, sizeof members, "\"stage\":\"base\",\"%s\":[]", objects[i]);
        snprintf(wanted, sizeof wanted, "pipeline[1].%s: must be an object", objects[i]);
        expect_stage_fault(members, wanted);
    }
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        char members[64], wanted[64];
        snprintf(members, sizeof members, "\"stage\":\"base\",\"%s\":{}", lists[i]);
        snprintf(wanted, sizeof wanted, "pipeline[1].%s: must be a list", lists[i]);
        expect_stage_fault(members, wanted);
    }
}

static void test_bounds(void **state)
{
    (void)state;
    json_t *pipeline = json_array();
    for (int i = 0; i < 1000; i++)
        json_array_append_new(pipeline, json_integer(i));
    json_t *config = json_pack("{s:s, s:o, s:{s:b, s:b}}", "version", "1.0", "pipeline", pipeline,
                               "safety", "snapshot", 1, "dryRun", 0);
    json_t *faults = lr_dev_config_faults(config);
    assert_int_equal(json_array_size(faults), LR_FAULTS_MAX);
    json_decref(faults);
    json_array_append_new(pipeline, json_integer(0));
    faults = lr_dev_config_faults(config);
    assert_string_equal(json_string_value(json_array_get(faults, 0)),
                        "pipeline: has more than 1000 stages");
    json_decref(faults);
    json_decref(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_valid),
        cmocka_unit_test(test_root),
        cmocka_unit_test(test_target_and_export),
        cmocka_unit_test(test_stages),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
