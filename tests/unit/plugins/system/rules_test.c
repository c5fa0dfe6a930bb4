/* The rules of the studio's document: each kind of fault, and which of several is told. */
#include "check.h"

#include "pointer.h"
#include "rules.h"

/* The sentence for the default document with one value replaced (NULL: removed); NULL where the
 * document is valid then. */
static const char *fault_with(const char *pointer, const char *value_json)
{
    static char sentence[RULES_SENTENCE_BYTES];
    json_t *document = rules_default();
    const char *slash = strrchr(pointer, '/');
    if (value_json != NULL) {
        json_t *value = json_loads(value_json, JSON_DECODE_ANY, NULL);
        assert_non_null(value);
        assert_true(pointer_put(document, jm_span_of(pointer), value));
    } else {
        json_t *holder = pointer_find(document, (jm_span){pointer, (size_t)(slash - pointer)});
        assert_int_equal(json_object_del(holder, slash + 1), 0);
    }
    bool valid = rules_check(document, sentence);
    json_decref(document);
    return valid ? NULL : sentence;
}

static void expect_fault(const char *pointer, const char *value_json, const char *wanted)
{
    const char *fault = fault_with(pointer, value_json);
    assert_non_null(fault);
    assert_string_equal(fault, wanted);
}

static void test_default_is_valid(void **state)
{
    char sentence[RULES_SENTENCE_BYTES];
    json_t *document = rules_default();
    (void)state;
    assert_true(rules_check(document, sentence));
    json_decref(document);
}

/* Every key of the default document is required. */
static void test_required(void **state)
{
    json_t *document = rules_default();
    const char *section;
    const char *key;
    json_t *members;
    json_t *value;
    int count = 0;
    char pointer[128];
    char wanted[128];
    (void)state;
    json_object_foreach(document, section, members)
    {
        snprintf(pointer, sizeof pointer, "/%s", section);
        snprintf(wanted, sizeof wanted, "Validation failed at 'root': '%s' is a required property",
                 section);
        expect_fault(pointer, NULL, wanted);
        json_object_foreach(members, key, value)
        {
            snprintf(pointer, sizeof pointer, "/%s/%s", section, key);
            snprintf(wanted, sizeof wanted,
                     "Validation failed at '%s': '%s' is a required property", section, key);
            expect_fault(pointer, NULL, wanted);
            count++;
        }
    }
    assert_int_equal(count, 4 + 6 + 7 + 2 + 3 + 3);
    expect_fault("/notifications/email/smtp_port", NULL,
                 "Validation failed at 'notifications.email': 'smtp_port' is a required property");
    json_decref(document);
}

static void test_types(void **state)
{
    (void)state;
    expect_fault("/system/temp_folder", "5",
                 "Validation failed at 'system.temp_folder': 5 is not of type 'string'");
    expect_fault("/processing/auto_export", "\"yes\"",
                 "Validation failed at 'processing.auto_export': 'yes' is not of type 'boolean'");
    expect_fault("/ai/gpu_memory_limit_mb", "2048.5",
                 "Validation failed at 'ai.gpu_memory_limit_mb': 2048.5 is not of type 'integer'");
    assert_null(fault_with("/ai/gpu_memory_limit_mb", "2048.0"));
    expect_fault("/ai/selection_threshold", "true",
                 "Validation failed at 'ai.selection_threshold': True is not of type 'number'");
    expect_fault("/ui", "null", "Validation failed at 'ui': None is not of type 'object'");
    expect_fault("/export/presets", "{}",
                 "Validation failed at 'export.presets': {} is not of type 'array'");
}

static void test_ranges(void **state)
{
    (void)state;
    expect_fault("/processing/max_concurrent_jobs", "0",
                 "Validation failed at 'processing.max_concurrent_jobs': "
                 "0 is less than the minimum of 1");
    expect_fault("/processing/max_concurrent_jobs", "11",
                 "Validation failed at 'processing.max_concurrent_jobs': "
                 "11 is greater than the maximum of 10");
    assert_null(fault_with("/processing/max_concurrent_jobs", "10"));
    assert_non_null(fault_with("/processing/cpu_limit_percent", "9"));
    assert_non_null(fault_with("/processing/gpu_temp_limit_celsius", "91"));
    assert_non_null(fault_with("/notifications/email/smtp_port", "65536"));
    assert_non_null(fault_with("/ai/selection_threshold", "5.1"));
    assert_null(fault_with("/ai/selection_threshold", "5"));
}

static void test_choices(void **state)
{
    (void)state;
    expect_fault("/system/log_level", "\"TRACE\"",
                 "Validation failed at 'system.log_level': 'TRACE' is not one of "
                 "['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL']");
    expect_fault("/version", "\"3.0\"", "Validation failed at 'version': '2.0' was expected");
    assert_non_null(fault_with("/ui/theme", "\"blue\""));
    assert_non_null(fault_with("/ui/language", "\"de\""));
    assert_null(fault_with("/export/cloud_sync/provider", "\"onedrive\""));
}

static void test_lists(void **state)
{
    (void)state;
    expect_fault("/system/hot_folders", "[\"/a\", 3]",
                 "Validation failed at 'system.hot_folders.1': 3 is not of type 'string'");
    expect_fault("/export/presets", "[{\"name\": \"SNS\"}]",
                 "Validation failed at 'export.presets.0': 'enabled' is a required property");
    expect_fault("/export/presets",
                 "[{\"name\": \"SNS\", \"enabled\": true, \"format\": \"GIF\", \"quality\": 85,"
                 " \"max_dimension\": 2048, \"color_space\": \"sRGB\", \"destination\": \"\"}]",
                 "Validation failed at 'export.presets.0.format': 'GIF' is not one of "
                 "['JPEG', 'PNG', 'TIFF', 'DNG']");
    assert_null(fault_with(
        "/export/presets",
        "[{\"name\": \"SNS\", \"enabled\": true, \"format\": \"JPEG\", \"quality\": 85,"
        " \"max_dimension\": 2048, \"color_space\": \"sRGB\", \"destination\": \"\", \"x\": 1}]"));
}

/* Of several faults the one nearest to the root; what is not known is allowed. */
static void test_several(void **state)
{
    char sentence[RULES_SENTENCE_BYTES];
    json_t *document = rules_default();
    (void)state;
    json_object_set_new(json_object_get(document, "system"), "log_level", json_string("X"));
    json_object_set_new(document, "own", json_true());
    json_object_del(document, "ui");
    assert_false(rules_check(document, sentence));
    assert_string_equal(sentence, "Validation failed at 'root': 'ui' is a required property");
    json_decref(document);
    document = json_array();
    assert_false(rules_check(document, sentence));
    assert_string_equal(sentence, "Validation failed at 'root': [] is not of type 'object'");
    json_decref(document);
}

/* Values of any size and content fit into the sentence. */
static void test_long_values(void **state)
{
    char value[4096];
    (void)state;
    memset(value, 'x', sizeof value);
    value[0] = value[sizeof value - 2] = '"';
    value[sizeof value - 1] = '\0';
    assert_non_null(fault_with("/ui/theme", value));
    assert_non_null(fault_with("/processing/auto_import", value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_default_is_valid),
        cmocka_unit_test(test_required),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_several),
        cmocka_unit_test(test_long_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
